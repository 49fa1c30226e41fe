// SPDX-License-Identifier: MIT
// Keeps the descriptions at the broker in step with the configuration: what is new or changed is told, what
// is stale is taken out. What was told in former lives is seen in the messages that the broker kept. Thread:
// that of the io_context.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "report/home_assistant.hpp"

namespace jkp::app {

class MqttDiscovery {
  public:
    // To be kept by the broker; an empty payload takes a message out.
    using Publish = std::function<void(std::string topic, std::string payload)>;

    // Not wanted: everything that is found is taken out.
    MqttDiscovery(report::HaSettings settings, bool wanted, Publish publish)
        : settings_(std::move(settings)), wanted_(wanted), publish_(std::move(publish)) {}

    [[nodiscard]] std::string filter() const { return report::ha_filter(settings_); }
    // All of it is told again.
    void restart() { told_.clear(); }
    // What has changed.
    void tell(const report::Snapshot& snapshot, const control::Config& config);
    // The broker had kept this.
    void found(const std::string& topic, const std::string& payload, std::size_t packs);
    // Those that were described.
    [[nodiscard]] const std::set<std::string>& topics() const { return described_; }
    // Whether a device of this configuration may be described there.
    [[nodiscard]] bool tells(const std::string& topic, std::size_t packs) const {
        return wanted_ && report::ha_current(settings_, packs, topic);
    }

  private:
    void take_out_stale(const std::string& topic);

    report::HaSettings settings_;
    bool wanted_;
    Publish publish_;
    std::map<std::string, std::string> told_;    // payload by topic
    std::set<std::string> described_;            // topics, in any connection
    std::map<std::string, std::string> former_;  // found, and not yet compared
};

}  // namespace jkp::app
