// SPDX-License-Identifier: MIT
// A reading that was found believable, with what the limiters need to know of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "control/config.hpp"
#include "core/pack.hpp"
#include "core/stamped.hpp"

namespace jkp::control {

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
    bool operator==(const Sample&) const = default;

    [[nodiscard]] const std::optional<ProbeValue>& probe(Probe p) const {
        return probes[static_cast<std::size_t>(p)];
    }
};

CellExtreme highest_cell(const Cells& cells);
CellExtreme lowest_cell(const Cells& cells);

}  // namespace jkp::control
