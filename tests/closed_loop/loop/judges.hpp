// SPDX-License-Identifier: MIT
// What is watched during a simulated day. They see what is true and what was on the bus, never what the
// controller believes. Times must not run backwards.
#pragma once

#include <deque>
#include <optional>

#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::closed_loop {

// The highest and lowest true cell voltage, and how long the highest was above the two voltages of the table.
class CellWatch {
  public:
    void see(TimePoint at, Millivolts highest, Millivolts lowest);

    [[nodiscard]] Millivolts peak() const { return peak_; }
    [[nodiscard]] TimePoint peak_at() const { return peak_at_; }
    [[nodiscard]] Millivolts lowest() const { return lowest_; }
    [[nodiscard]] TimePoint lowest_at() const { return lowest_at_; }
    [[nodiscard]] Duration above_3500() const { return above_3500_; }
    [[nodiscard]] Duration above_3550() const { return above_3550_; }

  private:
    std::optional<TimePoint> seen_at_;
    Millivolts last_;
    Millivolts peak_{0};
    Millivolts lowest_ = Millivolts::max();
    TimePoint peak_at_{};
    TimePoint lowest_at_{};
    Duration above_3500_{};
    Duration above_3550_{};
};

// Changes of the direction of one limit. A swing of not more than the threshold is none.
class Reversals {
  public:
    explicit Reversals(Milliamps threshold = Milliamps(2000)) : threshold_(threshold) {}
    void see(Milliamps limit);
    [[nodiscard]] int count() const { return count_; }

  private:
    enum class Way : std::uint8_t { unknown, up, down };
    void turn(Way way, Milliamps limit);

    Milliamps threshold_;
    std::optional<Milliamps> top_;     // since the last turn
    std::optional<Milliamps> bottom_;  // since the last turn
    Way way_ = Way::unknown;
    int count_ = 0;
};

// What the last burst said.
struct OnBus {
    Milliamps charge_limit;
    Millivolts charge_voltage;
    bool charge_enable = true;
    bool over_voltage_alarm = false;
    bool over_voltage = false;  // the protection
};

// What is true.
struct Charging {
    Millivolts highest;         // cell
    Millivolts highest_in_all;  // every pack has a cell at least this high
    Millivolts pack;            // voltage of the pack that holds it
    Milliamps current;          // of the bank
    bool charge_mos = true;
};

struct LeverRules {
    // 2 mV above 3.50 and 3.55 V: the sensor is wrong by 1 mV, and half of one is lost in rounding.
    Millivolts stop_from{3502};
    Millivolts protection_from{3552};
    Duration within = std::chrono::seconds(2);
    // An inverter may take its dead time (12 s) and its slew before anybody can say that it disobeys.
    Milliamps named_from{800};
    Duration named_within = std::chrono::seconds(120);
    // The BMS waits for 5 s, then its switch must be open.
    Millivolts opens_from{3650};
    Duration opens_within = std::chrono::seconds(7);
};

struct LeverFaults {
    bool current_limit = false;
    bool charge_voltage = false;
    bool enable = false;
    bool protection = false;
    bool not_named = false;
    bool not_opened = false;
    [[nodiscard]] bool any() const {
        return current_limit || charge_voltage || enable || protection || not_named || not_opened;
    }
    bool operator==(const LeverFaults&) const = default;
};

// The rule for inverters that charge although they must not: every lever is on the bus in time and stays
// there while the cell is too high, somebody names the inverter, and at last the BMS opens.
class LeverWatch {
  public:
    explicit LeverWatch(LeverRules rules = {}) : rules_(rules) {}

    void say(const OnBus& said) { said_ = said; }
    // Whether the inverter is known to disobey.
    void name(bool known) { named_ = known; }
    void see(TimePoint at, const Charging& truth);

    [[nodiscard]] const LeverFaults& faults() const { return faults_; }
    // The longest time from a cell at the stop to all levers on the bus.
    [[nodiscard]] Duration slowest() const { return slowest_; }
    // Whether there was anything to judge.
    [[nodiscard]] bool tested() const { return tested_; }

  private:
    // How long `holds` has been so without a break; absent: not now.
    static std::optional<Duration> lasting(std::optional<TimePoint>& since, bool holds, TimePoint at);
    void judge_stop(TimePoint at, const Charging& truth);
    // The highest pack voltage of the last `within`: a voltage that falls between two polls is no fault.
    Millivolts recent_pack(TimePoint at, Millivolts pack);
    // A bank protects only what all its packs protect; what concerns some of them is an alarm.
    void judge_protection(TimePoint at, const Charging& truth);
    void judge_name(TimePoint at, const Charging& truth);
    void judge_opening(TimePoint at, const Charging& truth);

    LeverRules rules_;
    OnBus said_;
    bool named_ = false;
    bool tested_ = false;
    bool stopped_ = false;
    std::deque<std::pair<TimePoint, Millivolts>> packs_;
    std::optional<TimePoint> high_since_;
    std::optional<TimePoint> alarmed_since_;
    std::optional<TimePoint> protected_since_;
    std::optional<TimePoint> charging_since_;
    std::optional<TimePoint> closed_since_;
    Duration slowest_{};
    LeverFaults faults_;
};

}  // namespace jkp::closed_loop
