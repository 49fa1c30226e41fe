// SPDX-License-Identifier: MIT
// A reading that was found believable, with what the limiters need to know of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "control/config.hpp"
#include "core/pack.hpp"
#include "core/stamped.hpp"

namespace jkp::control {

// Why a reading is not believed.
enum class Rejection : std::uint8_t {
    cell_voltage,   // a cell outside of what a cell can have
    cell_sum,       // the cells do not add up to the pack voltage
    cell_count,     // other than configured or than before
    soc,            // outside 0..100 %: a doubt
    current,        // more than the shunt can mean: a doubt
    start_frame,    // SOC 0 and cycles 0 with healthy cells: the BMS is still starting
    probe_missing,  // a named probe has never given a valid value
};
std::string_view name(Rejection rejection);

struct CellExtreme {
    Millivolts voltage;
    std::uint8_t number = 0;  // from 1
    bool operator==(const CellExtreme&) const = default;
};

struct ProbeValue {
    Decicelsius value;
    TimePoint at;  // when this probe was last valid
    bool operator==(const ProbeValue&) const = default;
};

struct Sample {
    PackReading reading;
    TimePoint at;
    CellExtreme highest;
    CellExtreme lowest;
    std::array<std::optional<ProbeValue>, probe_count> probes{};  // last valid value of each
    // The cells are believable and the reading is not: it may only tighten. Rejection::soc or current.
    std::optional<Rejection> doubt{};
    bool operator==(const Sample&) const = default;

    [[nodiscard]] const std::optional<ProbeValue>& probe(Probe p) const {
        return probes[static_cast<std::size_t>(p)];
    }
};

CellExtreme highest_cell(const Cells& cells);
CellExtreme lowest_cell(const Cells& cells);

}  // namespace jkp::control
