// SPDX-License-Identifier: MIT
// A scenario: a site, what happens to it, and what is expected of the gateway. Read from a TOML file by
// scenario/load, played by scenario/play. docs/simulate.md is its reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/settings.hpp"
#include "sim/inverter.hpp"
#include "sim/pack.hpp"

namespace jkp::scenario {

struct Head {
    std::string title;
    std::string config;  // file with the gateway's configuration; empty: it is in the scenario itself
    std::optional<Duration> duration;
    Duration sample = std::chrono::seconds(10);  // between two rows of the record
    std::uint64_t seed = 1;
};

// What sun and house would have the battery do, + charge, from `at` on.
struct WishPoint {
    Duration at{};
    Milliamps current;
    bool ramp = false;  // moves evenly to the next point instead of keeping its value
};

// Instead of points: sun and house of a day drawn from a seed, scaled to the bank's maximum.
struct DrawnDay {
    std::uint64_t seed = 0;
    Duration from{};  // time of the day at which the scenario begins
};

enum class What : std::uint8_t {
    cell_forced,
    cell_misread,
    temperature_forced,
    soc_forced,
    current_forced,
    bms_alarm,
    bms_silent,
    bms_frozen,
    start_up_frames,
    damaged_answers,
    cells_lost,
    sum_mismatch,
    charge_switch_open,
    discharge_switch_open,
    gateway_crash,
    gateway_stop,
    wall_clock_step,
    can_cut,
    foreign_battery,
    inverter_ignores_limits,
    inverter_leaks,
    acknowledge,
    recover,
    order,
};
inline constexpr std::size_t what_count = static_cast<std::size_t>(What::order) + 1;

struct Event {
    int line = 0;
    std::optional<Duration> at;
    std::optional<Duration> lasts;  // absent: to the end, or no duration
    What what = What::cell_forced;
    std::string pack_name;  // as written; empty = the first
    std::size_t pack = 0;
    unsigned cell = 0;  // from 1
    unsigned cells = 0;
    Millivolts voltage;
    Milliamps current;
    Decicelsius temperature;
    Permille soc;
    PackAlarm alarm = PackAlarm::low_soc;
    Duration step{};  // of the wall clock
    control::CommandKind command = control::CommandKind::max_charge;
    std::int32_t value = 0;  // of the command: mA, or thousandths of on and off
};

enum class How : std::uint8_t { always, once, never };

struct Expectation {
    int line = 0;
    std::optional<Duration> from;
    std::optional<Duration> to;
    std::size_t quantity = 0;  // index into quantities()
    std::string pack_name;
    std::optional<std::size_t> pack;  // where the quantity is one of a pack; absent: of the worst or of all
    How how = How::always;
    std::optional<std::int64_t> minimum;  // thousandths of the quantity's unit
    std::optional<std::int64_t> maximum;
    std::string word;  // what a quantity of words must be
};

struct Scenario {
    Head head;
    config::Settings gateway;
    std::vector<sim::PackSpec> packs;  // as many as gateway.control.packs
    sim::InverterSpec inverter;
    std::vector<WishPoint> wish;
    std::optional<DrawnDay> day;
    std::vector<Event> events;
    std::vector<Expectation> expectations;

    [[nodiscard]] Duration duration() const { return *head.duration; }
};

}  // namespace jkp::scenario
