// SPDX-License-Identifier: MIT
// Stage A: is a reading believable? What is not is dropped, and the previous sample keeps ageing.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "control/event.hpp"
#include "control/sample.hpp"
#include "core/result.hpp"

namespace jkp::control {

// A BMS that has just started says SOC 0 and cycles 0 for a while, whenever it does so.
struct StartWait {
    std::optional<TimePoint> since;  // first of the present row of start frames
    TimePoint last{};
    bool told = false;
    bool accepted = false;  // the row was too long: it means what it says
    bool operator==(const StartWait&) const = default;
};

// What validation remembers of a pack.
struct Validator {
    std::optional<std::uint8_t> cell_count;
    StartWait start;
    bool nearly_empty = false;  // the last believed reading was so close to SOC 0 that 0 is no surprise
    std::array<std::optional<ProbeValue>, probe_count> probes{};
    PackSettings settings;  // what is believed of each
    PackSettings told;      // what was told last
    bool operator==(const Validator&) const = default;
};

// The first named probe that has never given a valid value.
std::optional<Probe> missing_probe(const PackConfig& pack, const Validator& memory);

// Judges the reading, learns from it, and completes it: settings and probe values that are absent this
// time keep their last known value (probes with their age). Limits are never loosened by what is missing;
// a protection setting that loosens one is believed when it was told twice in a row, and an over-voltage
// setting no cell can have is not one. A sample with a doubt teaches nothing.
Result<Sample, Rejection> validate(const Config& config, const PackConfig& pack, Validator& memory,
                                   const Stamped<PackReading>& reading);

}  // namespace jkp::control
