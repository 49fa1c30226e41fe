// SPDX-License-Identifier: MIT
// The way to the inverter, files that are used twice, and keys without an effect.
#include <algorithm>
#include <array>

#include "config/check.hpp"

namespace jkp::config {
namespace {

struct CanNeed {
    CanKind kind;
    std::string_view word;
    std::string_view key;
    std::string CanSettings::* value;
};
const std::array<CanNeed, 4> can_needs{{
    {CanKind::socketcan, "socketcan", "interface", &CanSettings::interface},
    {CanKind::slcan, "slcan", "port", &CanSettings::port},
    {CanKind::cannelloni, "cannelloni", "remote", &CanSettings::remote},
    {CanKind::candump, "candump", "file", &CanSettings::file},
}};

struct PathOf {
    std::string key;
    std::string path;
};

// What this configuration opens.
std::vector<PathOf> paths(const Settings& settings) {
    std::vector<PathOf> list;
    const CanSettings& can = settings.can;
    for (std::size_t i = 0; i < settings.links.size(); ++i) {
        list.push_back({pack_key(i, "port"), settings.links[i].port});
    }
    if (can.kind == CanKind::slcan) list.push_back({"can.port", can.port});
    if (can.kind == CanKind::candump) list.push_back({"can.file", can.file});
    if (settings.log.target == LogTarget::file) list.push_back({"log.file", settings.log.file});
    list.push_back({"state.file", settings.state.file});
    list.push_back({"socket.path", settings.socket.path});
    if (settings.history.enabled) list.push_back({"history.file", settings.history.file});
    return list;
}

void warn_if_seen(std::initializer_list<std::string> keys, const std::string& why, Findings& findings) {
    for (const std::string& key : keys) {
        if (findings.has_seen(key)) findings.warning(key, "is not used: " + why);
    }
}

}  // namespace

void check_can(const Settings& settings, Findings& findings) {
    constexpr std::array slcan_rates{10000, 20000, 50000, 100000, 125000, 250000, 500000, 800000, 1000000};
    const CanSettings& can = settings.can;
    for (const CanNeed& need : can_needs) {
        const std::string key = "can." + std::string(need.key);
        if (need.kind == can.kind && (can.*need.value).empty()) {
            findings.contradiction({"can.kind", key},
                                   "can.kind \"" + std::string(need.word) + "\" needs " + key);
        }
        if (need.kind != can.kind) {
            warn_if_seen({key}, "it belongs to kind \"" + std::string(need.word) + "\"", findings);
        }
    }
    if (can.kind != CanKind::cannelloni) {
        warn_if_seen({"can.local_port", "can.local_address"}, "it belongs to kind \"cannelloni\"", findings);
    }
    if (can.manage_interface && can.kind != CanKind::socketcan) {
        findings.contradiction({"can.manage_interface", "can.kind"},
                               "can.manage_interface works with can.kind \"socketcan\" only");
    }
    if (can.kind == CanKind::slcan && std::ranges::find(slcan_rates, can.bitrate) == slcan_rates.end()) {
        findings.contradiction({"can.bitrate", "can.kind"},
                               "can.kind \"slcan\" knows can.bitrate 10000, 20000, 50000, 100000, 125000, "
                               "250000, 500000, 800000 "
                               "and 1000000 bit/s only");
    }
}

// Two packs with one port are told by check_bank.
void check_files(const Settings& settings, Findings& findings) {
    const auto list = paths(settings);
    for (std::size_t second = settings.links.size(); second < list.size(); ++second) {
        for (std::size_t first = 0; first < second; ++first) {
            const auto& [key, path] = list[second];
            if (path.empty() || path != list[first].path) continue;
            findings.contradiction({key, list[first].key}, key + " and " + list[first].key + " are both " +
                                                               path + ": each needs its own");
        }
    }
}

void check_unused(const Settings& settings, Findings& findings) {
    for (std::size_t i = 0; i < settings.links.size(); ++i) {
        if (settings.links[i].fast_poll) continue;
        warn_if_seen({pack_key(i, "fast_poll_s")}, pack_key(i, "fast_poll") + " is false", findings);
    }
    if (settings.log.target != LogTarget::file) {
        warn_if_seen({"log.file", "log.max_size_kb", "log.files"}, "log.target is not \"file\"", findings);
    }
    if (!settings.control.soc_window.seasonal()) {
        warn_if_seen({"control.soc_window.winter_from_month", "control.soc_window.winter_to_month"},
                     "neither winter_minimum_pct nor winter_maximum_pct is set", findings);
    }
    if (!settings.can.transmit && settings.can.send_alive) {
        findings.warning("can.send_alive", "is not used: can.transmit is false");
    }
}

}  // namespace jkp::config
