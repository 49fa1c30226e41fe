// SPDX-License-Identifier: MIT
#include "report/mqtt_plan.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "report/status_json.hpp"

namespace jkp::report {
namespace {

using nlohmann::ordered_json;

constexpr Duration number_pause = std::chrono::milliseconds(500);  // a number that swings floods nobody
constexpr Duration state_pause = std::chrono::seconds(1);
constexpr Duration longest_cycle = std::chrono::milliseconds(2500);

const MqttGroupRule& rule_of(const MqttGroupRules& rules, MqttGroup group) {
    return rules[static_cast<std::size_t>(group)];
}

// The next chance is a control cycle away.
bool is_over(Duration interval, Duration since) {
    return since >= interval - std::min(longest_cycle, interval / 4);
}

std::string state_topic(const std::string& base, MqttGroup group) {
    return base + '/' + std::string(name(group)) + "/state";
}

// The state that a value belongs to; those of packs are told apart by their folder.
std::string state_of(const std::string& base, const MqttValue& value) {
    if (value.group == MqttGroup::pack) return value.topic.substr(0, value.topic.rfind('/')) + "/state";
    return state_topic(base, value.group);
}

ordered_json limits_json(const ordered_json& battery) {
    if (battery.is_null()) return nullptr;
    return {{"charge", battery["charge"]},
            {"discharge", battery["discharge"]},
            {"charge_voltage_v", battery["charge_voltage_v"]},
            {"discharge_voltage_v", battery["discharge_voltage_v"]}};
}

ordered_json alarms_json(const ordered_json& status) {
    ordered_json packs = ordered_json::object();
    for (const auto& pack : status["packs"]) {
        const auto& reading = pack["reading"];
        packs[pack["name"].get<std::string>()] = {
            {"alarms", reading.is_null() ? ordered_json::array() : reading["alarms"]},
            {"hard_stop_latched", pack["hard_stop_latched"]},
            {"fault", pack["fault"]},
            {"lockout", pack["lockout"]}};
    }
    const auto& battery = status["battery"];
    const bool known = !battery.is_null();
    return {{"protections", known ? battery["protections"] : ordered_json::array()},
            {"alarms", known ? battery["alarms"] : ordered_json::array()},
            {"packs", packs}};
}

struct State {
    MqttGroup group;
    std::string topic;
    std::function<ordered_json(const ordered_json& status)> content;
};

std::vector<State> states_of(const Snapshot& s, const std::string& base) {
    std::vector<State> states{{MqttGroup::battery, state_topic(base, MqttGroup::battery),
                               [](const ordered_json& status) {
                                   ordered_json battery = status["battery"];
                                   if (battery.is_object()) {
                                       battery.erase("charge");
                                       battery.erase("discharge");
                                   }
                                   return battery;
                               }},
                              {MqttGroup::limits, state_topic(base, MqttGroup::limits),
                               [](const ordered_json& status) { return limits_json(status["battery"]); }},
                              {MqttGroup::site, state_topic(base, MqttGroup::site),
                               [](const ordered_json& status) { return status["site"]; }},
                              {MqttGroup::can, state_topic(base, MqttGroup::can),
                               [](const ordered_json& status) { return status["can"]; }},
                              {MqttGroup::alarms, state_topic(base, MqttGroup::alarms), alarms_json}};
    for (std::size_t i = 0; i < s.packs.size(); ++i) {
        states.push_back({MqttGroup::pack, base + "/pack/" + s.packs[i].name + "/state",
                          [i](const ordered_json& status) { return status["packs"][i]; }});
    }
    return states;
}

}  // namespace

bool MqttPlan::is_due(const MqttValue& value, TimePoint now) const {
    const auto found = sent_.find(value.topic);
    if (found == sent_.end()) return true;
    const Sent& sent = found->second;
    const Duration since = now - sent.at;
    if (is_over(rule_of(rules_.groups, value.group).interval, since)) return true;
    if (!value.number || !sent.number || value.dead_band == 0) return value.payload != sent.payload;
    return std::abs(*value.number - *sent.number) >= value.dead_band && since >= number_pause;
}

std::vector<MqttPublication> MqttPlan::due(const Snapshot& snapshot, const control::Config& config,
                                           const MqttExtras& extras, TimePoint now) {
    std::vector<MqttValue> values = mqtt_values(snapshot, config, extras, rules_.base);
    const std::size_t own = values.size();
    if (rules_.compat) std::ranges::move(mqtt_compat_values(snapshot, extras), std::back_inserter(values));
    std::vector<MqttPublication> out;
    std::vector<std::string> topics;
    topics.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        MqttValue& value = values[i];
        topics.push_back(value.topic);
        if (!is_due(value, now)) continue;
        if (i < own) {
            const auto state = sent_.find(state_of(rules_.base, value));
            if (state != sent_.end()) state->second.behind = true;
        }
        sent_.insert_or_assign(value.topic, Sent{value.payload, value.number, now});
        out.push_back({value.topic, std::move(value.payload), rule_of(rules_.groups, value.group).qos});
    }
    states(snapshot, config, now, topics, out);
    take_out(topics, out);
    return out;
}

void MqttPlan::restart() {
    for (const auto& [topic, sent] : sent_) former_.insert(topic);
    sent_.clear();
}

std::vector<std::string> MqttPlan::topics() const {
    std::vector<std::string> all(former_.begin(), former_.end());
    for (const auto& [topic, sent] : sent_) {
        if (!former_.contains(topic)) all.push_back(topic);
    }
    return all;
}

// `topics`: those of now, each of which has been told.
void MqttPlan::take_out(const std::vector<std::string>& topics, std::vector<MqttPublication>& out) {
    if (former_.empty() && sent_.size() == topics.size()) return;
    const std::set<std::string_view> stay(topics.begin(), topics.end());
    for (const auto& [topic, sent] : sent_) former_.insert(topic);
    for (const std::string& topic : former_) {
        if (stay.contains(topic)) continue;
        sent_.erase(topic);
        out.push_back({topic, "", 1});
    }
    former_.clear();
}

void MqttPlan::states(const Snapshot& snapshot, const control::Config& config, TimePoint now,
                      std::vector<std::string>& topics, std::vector<MqttPublication>& out) {
    ordered_json status;
    for (const State& state : states_of(snapshot, rules_.base)) {
        topics.push_back(state.topic);
        const MqttGroupRule& rule = rule_of(rules_.groups, state.group);
        const auto found = sent_.find(state.topic);
        if (found != sent_.end()) {
            const Duration since = now - found->second.at;
            const bool changed = found->second.behind && since >= state_pause;
            if (!changed && !is_over(rule.interval, since)) continue;
        }
        if (status.is_null()) status = status_object(snapshot, config);
        sent_.insert_or_assign(state.topic, Sent{{}, {}, now});
        out.push_back({state.topic,
                       state.content(status).dump(-1, ' ', false, ordered_json::error_handler_t::replace),
                       rule.qos});
    }
}

}  // namespace jkp::report
