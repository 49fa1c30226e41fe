// SPDX-License-Identifier: MIT
// One UDP datagram of an SMA energy meter (Energy Meter 1.0 and 2.0, Sunny Home Manager 2) -> MeterReading.
// The tags of the datagram and the OBIS records inside are walked; no offset is taken for granted. Everything
// else that SMA devices send to the same port is refused with its reason. Source: captures;
// docs/protocols/sma-speedwire.md has the byte tables and how sure each statement is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/site.hpp"
#include "core/units.hpp"

namespace jkp::meter {

// 0.1 W, 0.1 var or 0.1 VA; the mean over the meter's send interval.
using Deciwatts = Quantity<struct DeciwattsTag, std::int64_t>;
using WattSeconds = Quantity<struct WattSecondsTag, std::uint64_t>;  // also var s and VA s
using Millihertz = Quantity<struct MillihertzTag, std::int32_t>;

// One direction. Both are magnitudes.
struct Flow {
    std::optional<Deciwatts> power;
    std::optional<WattSeconds> energy;  // since the meter was made
    bool operator==(const Flow&) const = default;
};

struct Flows {
    Flow imported;  // from the grid; reactive: the index with +
    Flow exported;  // into the grid; reactive: the index with -
    bool operator==(const Flows&) const = default;
};

// Exported - imported, + = export; nullopt when one of them is absent.
std::optional<Deciwatts> net(const Flows& flows);

// All phases together, or one of them. Total power is netted over the phases; it is not the sum of the
// phases' imports.
struct Line {
    Flows active;
    Flows reactive;
    Flows apparent;
    std::optional<Permille> power_factor;
    std::optional<Milliamps> current;   // phases only; a magnitude
    std::optional<Millivolts> voltage;  // phases only
    bool operator==(const Line&) const = default;
};

// 2.18.14.R; the last is a letter (R release, B beta, ...).
struct Version {
    std::uint8_t major = 0;
    std::uint8_t minor = 0;
    std::uint8_t build = 0;
    char revision = 'R';
    bool operator==(const Version&) const = default;
};
std::string text(const Version& version);

struct MeterReading {
    std::uint16_t susy =
        0;  // kind of device: 270, 349 and 502 Energy Meter, 372 and 501 Sunny Home Manager 2
    std::uint32_t serial = 0;     // as printed on the device
    std::uint32_t ticker_ms = 0;  // the low 32 bits of the meter's own clock; wraps after 49.7 days
    Line total{};                 // active power is there in both directions
    std::array<Line, 3> phases{};
    std::optional<Millihertz> frequency = {};
    std::optional<Version> firmware = {};
    bool operator==(const MeterReading&) const = default;
};

// The total, rounded to the nearest watt, + = export.
GridReading grid_reading(const MeterReading& reading);
// "Sunny Home Manager 2", "Energy Meter 1.0"; "meter of kind 4711" for an unknown one.
std::string device_name(std::uint16_t susy);

// Why a datagram is no reading. The first group is ordinary traffic of SMA devices, the second is not.
enum class Ignored : std::uint8_t {
    discovery,       // somebody looks for devices, or a device answers
    other_protocol,  // an inverter, a handshake, anything that is no meter
    beacon,          // a protocol of meters without values

    not_sma,            // does not begin with "SMA\0"
    cut_tag,            // a tag runs past the datagram, or the end tag is missing
    cut_record,         // an OBIS record runs past its tag
    unknown_record,     // an OBIS record of unknown length: what follows cannot be read
    duplicate_record,   // the same value twice
    no_total,           // active import or active export is missing
    implausible_value,  // more than 10 MW, or more than a quantity can hold
};
inline constexpr std::size_t ignored_count = 10;
std::string_view name(Ignored reason);
// Foreign or damaged bytes, as opposed to ordinary traffic.
bool is_fault(Ignored reason);

struct Refusal {
    Ignored reason = Ignored::discovery;
    std::uint16_t protocol = 0;  // other_protocol, beacon: which
};
// One line for people, for example "protocol 6065: an inverter is asked or answers".
std::string describe(const Refusal& refusal);

// No allocation. Any SUSy id is accepted: what counts is the content.
Result<MeterReading, Refusal> decode_speedwire(Bytes datagram);

}  // namespace jkp::meter
