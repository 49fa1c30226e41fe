// SPDX-License-Identifier: MIT
// The text that any meter or inverter answers (HTTP body, later MQTT message) -> GridReading or PeerReading,
// by a description of where the numbers stand and what they mean. Nothing is guessed: what is missing, not a
// number, out of range or marked as unknown is a fault with its reason, and never 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json_path.hpp"
#include "core/result.hpp"
#include "core/site.hpp"

namespace jkp::meter {

inline constexpr std::size_t longest_payload = 262'144;

// value = (sum of plus - sum of minus + offset) * scale, refused outside minimum..maximum.
struct JsonQuantity {
    JsonSum plus{};
    JsonSum minus{};
    double offset = 0;  // in the unit of the source
    double scale = 1;   // to W, A, V or %; negative when the source counts the other way round
    double minimum = 0;
    double maximum = 0;
    bool operator==(const JsonQuantity&) const = default;
};

// The source gives a magnitude and says the direction in a word of its own. A value is used only when the
// word is one of these. A negative one is out of range: with a sign of its own it would turn the word round.
struct JsonDirection {
    JsonPath path{};
    std::vector<std::string> positive{};
    std::vector<std::string> negative{};
    bool operator==(const JsonDirection&) const = default;
};

struct JsonCommon {
    std::optional<JsonDirection> direction{};  // of power and current
    std::optional<JsonPath> time{};            // when the source measured
    std::vector<std::string> ignored{};        // further texts that mean "no value"; in any case of letters
    bool operator==(const JsonCommon&) const = default;
};

struct GridRule {
    JsonQuantity power{};  // W, + = export
    JsonCommon common{};
    bool operator==(const GridRule&) const = default;
};

struct PeerRule {
    std::optional<JsonQuantity> power{};    // W, + = charge
    std::optional<JsonQuantity> current{};  // A, + = charge
    std::optional<JsonQuantity> voltage{};  // V
    std::optional<JsonQuantity> soc{};      // %
    JsonCommon common{};
    bool operator==(const PeerRule&) const = default;
};

enum class JsonError : std::uint8_t {
    not_json,      // neither JSON nor, with the path "plain", a number
    missing,       // nothing stands at a path
    not_a_number,  // something else does
    no_value,      // the source itself says that it does not know: null, "", unknown, unavailable, nan, ...
    out_of_range,
    bad_direction,  // the word for the direction is none of the known ones
    bad_time,       // not a time, or one without a time zone
};
inline constexpr std::size_t json_error_count = 7;
std::string_view name(JsonError error);

struct JsonFault {
    JsonError error = JsonError::not_json;
    std::string where;  // the path concerned; empty = the whole text
    std::string found;  // what stands there, shortened
};
// One line for people, for example: at /emeters/0/power stands "unavailable": the source has no value now.
std::string describe(const JsonFault& fault);

template <class T>
struct Dated {
    T value{};
    std::optional<std::int64_t>
        measured_ms{};  // since 1970 by the clock of the source; absent = not asked for
    bool operator==(const Dated&) const = default;
};

Result<Dated<GridReading>, JsonFault> read_grid(std::string_view payload, const GridRule& rule);
// A battery that gives some of its values only is no fault of the others, but one of power and current must
// be there when either is described.
Result<Dated<PeerReading>, JsonFault> read_peer(std::string_view payload, const PeerRule& rule);

}  // namespace jkp::meter
