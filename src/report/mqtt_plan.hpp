// SPDX-License-Identifier: MIT
// Which messages are due: a change beyond the dead band at once, everything once per interval of its group,
// and all of it after a new connection. One JSON state per group goes with its values. What is not told any
// more, because the configuration has changed, is taken out of the broker by an empty message.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "report/mqtt_values.hpp"

namespace jkp::report {

struct MqttGroupRule {
    int qos = 0;
    Duration interval = std::chrono::seconds(20);  // everything at least so often
    bool operator==(const MqttGroupRule&) const = default;
};
using MqttGroupRules = std::array<MqttGroupRule, mqtt_group_count>;

struct MqttPlanRules {
    std::string base;  // PREFIX/SITE
    MqttGroupRules groups;
    bool compat = false;
};

struct MqttPublication {
    std::string topic;
    std::string payload;
    int qos = 0;
    bool retain = true;
};

class MqttPlan {
  public:
    explicit MqttPlan(MqttPlanRules rules) : rules_(std::move(rules)) {}

    std::vector<MqttPublication> due(const Snapshot& snapshot, const control::Config& config,
                                     const MqttExtras& extras, TimePoint now);
    // The next call gives everything.
    void restart();
    // Told, and not taken out since.
    [[nodiscard]] std::vector<std::string> topics() const;
    [[nodiscard]] bool tells(const std::string& topic) const { return sent_.contains(topic); }

  private:
    struct Sent {
        std::string payload;
        std::optional<double> number;
        TimePoint at;
        bool behind = false;  // of a state: a value of it was told since
    };
    [[nodiscard]] bool is_due(const MqttValue& value, TimePoint now) const;
    void states(const Snapshot& snapshot, const control::Config& config, TimePoint now,
                std::vector<std::string>& topics, std::vector<MqttPublication>& out);

    void take_out(const std::vector<std::string>& topics, std::vector<MqttPublication>& out);

    MqttPlanRules rules_;
    std::map<std::string, Sent> sent_;  // by topic
    std::set<std::string> former_;      // topics told in former connections and not compared yet
};

}  // namespace jkp::report
