// SPDX-License-Identifier: MIT
// The grid meter, and sources that tell JSON over HTTP or MQTT.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/time.hpp"

namespace jkp::config {

enum class MeterKind : std::uint8_t { none, sma, json };

struct MeterSettings {
    MeterKind kind = MeterKind::none;
    std::uint32_t serial = 0;  // sma; 0 = the first meter that is heard
    std::string interface;     // sma; empty = every one with multicast
    int port = 9522;
    std::string group = "239.12.255.254";
    bool operator==(const MeterSettings&) const = default;
};

enum class JsonAuth : std::uint8_t { none, bearer, basic };
enum class PowerUnit : std::uint8_t { watts, kilowatts };
// What a positive number of the source means: in = import or charge, out = export or discharge. There is no
// default: the wrong one turns every rule round.
enum class JsonSign : std::uint8_t { unset, in, out };

// One source; `power` or the pair `power_out`, `power_in` says where the power stands, each a text of
// core/json_path.hpp; empty = not used.
struct JsonSourceSettings {
    std::string url;    // asked over HTTP, or
    std::string topic;  // heard at the broker of [mqtt]; both empty: there is no such source
    Duration poll_period = std::chrono::seconds(2);
    Duration timeout = std::chrono::seconds(3);
    JsonAuth auth = JsonAuth::none;
    std::string secret_file;  // bearer: one line, the token; basic: two, user and password
    std::string ca_file;      // empty: the system's certificates
    std::string power;
    std::string power_out;  // meter: export; peer: discharge
    std::string power_in;   // meter: import; peer: charge
    PowerUnit power_unit = PowerUnit::watts;
    JsonSign positive = JsonSign::unset;
    std::string current;  // peer only, A
    std::string voltage;  // peer only, V
    std::string soc;      // peer only, %
    std::string direction;
    std::string direction_out;           // words for export or discharge, separated by commas
    std::string direction_in;            // words for import or charge
    std::int64_t offset_mw = 0;          // added first
    std::int64_t scale_ppm = 1'000'000;  // may be negative
    int largest_w = 50'000;              // a power beyond, in either direction, is refused
    std::string time;
    std::string ignore;  // further texts that mean "no value", separated by commas
    [[nodiscard]] bool enabled() const { return !url.empty() || !topic.empty(); }
    [[nodiscard]] bool heard() const { return !topic.empty(); }
    bool operator==(const JsonSourceSettings&) const = default;
};

}  // namespace jkp::config
