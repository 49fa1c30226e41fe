// SPDX-License-Identifier: MIT
// Stage C: the packs seen as one battery. Sums, means and extremes over the packs that are part of it; the
// limits are made in judge.hpp.
#pragma once

#include <span>

#include "control/bound.hpp"
#include "control/config.hpp"
#include "control/sample.hpp"

namespace jkp::control {

// What one pack contributes. `sample` is never null for a pack that counts.
struct PackView {
    std::size_t index = 0;
    const Sample* sample = nullptr;
    MilliampHours capacity{0};  // configured, else what the BMS says; 0 = unknown
};

struct BankView {
    Millivolts voltage;  // mean of the packs
    Milliamps current;   // sum, + charge
    Permille soc;        // weighted by capacity
    MilliampHours capacity{0};
    CellExtreme highest;
    std::size_t highest_pack = 0;
    CellExtreme lowest;
    std::size_t lowest_pack = 0;
    Millivolts difference;    // the largest between two cells of the same pack
    TimePoint at{};           // of the newest sample
    Decicelsius temperature;  // mean of the battery probes, for 0x356
    std::uint8_t packs = 0;
    std::uint64_t members = 0;  // bit i: pack i is part of it
    ChargeBound charge;         // the tightest of all that holds for the bank
    DischargeBound discharge;
};

// The configured maximum of all packs together, and of the bank.
template <Direction D>
Milliamps bank_maximum(const Config& config);

// Precondition: at least one pack.
BankView combine(const Config& config, std::span<const PackView> packs);

}  // namespace jkp::control
