// SPDX-License-Identifier: MIT
// What can be wrong with an answer of the SEMS portal, and what follows from it. Source of the codes: public
// integrations and their issues (docs/protocols/sems.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace jkp::goodwe {

enum class SemsFault : std::uint8_t {
    unreachable,        // no answer at all: name, connection, certificate, time
    server_error,       // the portal is out of order (HTTP 5xx, or a status that means nothing here)
    garbage,            // no JSON, or not what was asked for
    session_expired,    // the token is not valid any more; another login replaced it
    rate_limited,       // asked too often (HTTP 429)
    rate_limited_hard,  // the portal's own code for it, GY0429
    wrong_password,     // user or password
    no_permission,      // the account may not see the station
    request_refused,    // parameter error: this way of asking is closed
    version_refused,    // the portal does not know the client's version
    no_token,           // the login succeeded and gave nothing to go on with
    second_factor,      // the account asks for a second factor
    no_station,         // no data for this station
    no_inverter,        // the station has no such inverter, or several and none was chosen
    offline,            // the inverter does not reach the portal
    no_battery,         // an answer without a battery's current or power, or without its direction
    unknown_code,       // a code nobody has described yet
};
inline constexpr std::size_t sems_fault_count = 17;
std::string_view name(SemsFault fault);
// What happened, the probable cause and the next step.
std::string_view describe(SemsFault fault);

enum class SemsReaction : std::uint8_t {
    log_in,        // once, at once; then as back_off
    back_off,      // 60 s, doubling up to 900 s
    retry_slowly,  // every hour: nothing changes by asking more often
    stop,          // until the configuration changes: the account could be locked
};
SemsReaction reaction_to(SemsFault fault);

// The field "code" as text; nullopt = success (0, 00000).
std::optional<SemsFault> fault_of_code(std::string_view code);

inline constexpr Duration sems_first_pause = std::chrono::seconds(60);
inline constexpr Duration sems_longest_pause = std::chrono::seconds(900);
inline constexpr Duration sems_hard_pause = std::chrono::seconds(300);  // at least, after GY0429
inline constexpr Duration sems_slow_pause = std::chrono::seconds(3600);
inline constexpr Duration sems_longest_retry_after = std::chrono::seconds(3600);

}  // namespace jkp::goodwe
