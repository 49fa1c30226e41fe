// SPDX-License-Identifier: MIT
// What a GoodWe hybrid tells about itself, in this project's units and signs: battery + = charge, grid + =
// export. On the wire a battery current is + = discharge; the codecs turn it round. Absent = the answer did
// not hold it, or held the inverter's own "no value" (FFFF).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/fixed_text.hpp"
#include "core/site.hpp"
#include "core/units.hpp"

namespace jkp::goodwe {

// How an inverter is spoken to. es: ES, EM, BP, ESA with AA55 frames; et: ET, EH, BT, BH with Modbus.
enum class Family : std::uint8_t { es, et };
std::string_view name(Family family);

// By the three letters at characters 5 to 7 of the serial number (93648EMU19CX0004). nullopt: a tag that is
// not known, for example of an inverter without a battery.
std::optional<Family> family_of(std::string_view serial);

// What the inverter does with its battery; the numbers are those of the wire, the same in both families.
enum class BatteryMode : std::uint8_t {
    no_battery,
    standby,
    discharge,
    charge,
    to_be_charged,
    to_be_discharged,
};
inline constexpr std::uint8_t battery_mode_count = 6;
std::string_view name(BatteryMode mode);

struct Readings {
    FixedText<10> model;   // empty = not held
    FixedText<16> serial;  // empty = not held
    std::optional<Millivolts> battery_voltage;
    std::optional<Milliamps> battery_current;  // + charge
    std::optional<Watts> battery_power;        // + charge; the et family only
    std::optional<Permille> soc;
    std::optional<BatteryMode> mode;
    std::optional<Watts> pv;        // all strings that produce
    std::optional<Watts> grid;      // + export, at the inverter's own meter
    std::optional<Watts> load;      // of the house, without the backup output
    std::optional<Watts> backup;    // of the backup output
    std::optional<Watts> inverter;  // AC output; - = it draws
    std::optional<bool> meter_ok;   // whether the inverter hears its meter; absent = it does not say
    bool operator==(const Readings&) const = default;
};

// Takes over what `part` holds; the rest of `whole` stays.
void merge(Readings& whole, const Readings& part);

// What coordination needs. The power is current times voltage where the inverter does not send one.
PeerReading peer_reading(const Readings& readings);

}  // namespace jkp::goodwe
