// SPDX-License-Identifier: MIT
// One complete reading of one pack, as a BMS codec delivers it: complete, but not yet judged.
// Plausibility is the business of control/validate.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/fixed_text.hpp"
#include "core/fixed_vector.hpp"
#include "core/pack_alarm.hpp"
#include "core/units.hpp"

namespace jkp {

inline constexpr std::size_t max_cells = 32;  // 4E57: length byte 60h; the PB series has 32 slots too

using Cells = FixedVector<Millivolts, max_cells>;

// Temperature probes of a pack. JK 4E57: mosfet = register 80, t1 = 81, t2 = 82. PB boards have t1..t5.
enum class Probe : std::uint8_t { mosfet, t1, t2, t3, t4, t5 };
inline constexpr std::size_t probe_count = 6;
constexpr std::string_view name(Probe probe) {
    constexpr std::array<std::string_view, probe_count> names{"mosfet", "t1", "t2", "t3", "t4", "t5"};
    return names[static_cast<std::size_t>(probe)];
}

// Absent = the probe is not fitted, or its value is outside what the protocol can mean.
class Temperatures {
  public:
    constexpr std::optional<Decicelsius>& operator[](Probe p) { return values_[static_cast<std::size_t>(p)]; }
    constexpr const std::optional<Decicelsius>& operator[](Probe p) const {
        return values_[static_cast<std::size_t>(p)];
    }
    constexpr bool operator==(const Temperatures&) const = default;

  private:
    std::array<std::optional<Decicelsius>, probe_count> values_{};
};

// Protection settings the BMS reports. Absent = not reported.
struct PackSettings {
    std::optional<Millivolts> cell_over_voltage;   // OVP: the BMS opens its charge MOS
    std::optional<Millivolts> cell_under_voltage;  // UVP: the BMS opens its discharge MOS
    std::optional<Milliamps> charge_over_current;
    std::optional<Milliamps> discharge_over_current;
    std::optional<MilliampHours> capacity;  // the capacity setting
    bool operator==(const PackSettings&) const = default;
};

struct PackReading {
    Cells cells;
    Millivolts voltage;
    Milliamps current;  // + charge
    Permille soc;
    Temperatures temperatures;
    PackAlarms alarms;
    bool charge_mos = false;     // actual state, not the user's switch
    bool discharge_mos = false;  // actual state
    bool balancing = false;
    std::optional<std::uint32_t> cycles;
    std::optional<MilliampHours> capacity;  // measured by the BMS, else its setting
    PackSettings settings;
    FixedText<24> firmware;
    bool operator==(const PackReading&) const = default;
};

}  // namespace jkp
