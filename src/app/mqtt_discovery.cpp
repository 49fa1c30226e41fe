// SPDX-License-Identifier: MIT
#include "app/mqtt_discovery.hpp"

namespace jkp::app {

void MqttDiscovery::tell(const report::Snapshot& snapshot, const control::Config& config) {
    if (!wanted_) return;
    for (report::HaDevice& device : report::ha_devices(settings_, snapshot, config)) {
        std::string& told = told_[device.topic];
        if (told == device.payload) continue;
        if (!told.empty()) former_.try_emplace(device.topic, told);
        told = device.payload;
        described_.insert(device.topic);
        publish_(device.topic, told);
        take_out_stale(device.topic);
    }
}

void MqttDiscovery::found(const std::string& topic, const std::string& payload, std::size_t packs) {
    if (payload.empty()) return;
    if (!tells(topic, packs)) return publish_(topic, "");
    former_[topic] = payload;
    take_out_stale(topic);
}

void MqttDiscovery::take_out_stale(const std::string& topic) {
    const auto former = former_.find(topic);
    const auto now = told_.find(topic);
    if (former == former_.end() || now == told_.end()) return;
    const auto removal = report::ha_removal(former->second, {topic, now->second});
    former_.erase(former);
    if (!removal) return;
    publish_(topic, *removal);
    publish_(topic, now->second);
}

}  // namespace jkp::app
