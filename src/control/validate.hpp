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

enum class Rejection : std::uint8_t {
    cell_voltage,   // a cell outside of what a cell can have
    cell_sum,       // the cells do not add up to the pack voltage
    cell_count,     // other than configured or than before
    soc,            // outside 0..100 %
    current,        // more than the shunt can mean
    start_frame,    // SOC 0 and cycles 0 with healthy cells: the BMS is still starting
    probe_missing,  // a named probe has never given a valid value
};
std::string_view name(Rejection rejection);

// What validation remembers of a pack.
struct Validator {
    std::optional<std::uint8_t> cell_count;
    std::optional<TimePoint> first_answer;
    std::array<std::optional<ProbeValue>, probe_count> probes{};
    PackSettings settings;  // what is believed of each
    PackSettings told;      // what was told last
    bool start_frame_told = false;
    bool start_frame_accepted = false;
    bool operator==(const Validator&) const = default;
};

// Judges the reading, learns from it, and completes it: settings and probe values that are absent this
// time keep their last known value (probes with their age). Limits are never loosened by what is missing;
// a protection setting that loosens one is believed when it was told twice in a row, and an over-voltage
// setting no cell can have is not one.
Result<Sample, Rejection> validate(const Config& config, const PackConfig& pack, Validator& memory,
                                   const Stamped<PackReading>& reading);

}  // namespace jkp::control
