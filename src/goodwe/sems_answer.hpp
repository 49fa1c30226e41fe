// SPDX-License-Identifier: MIT
// What the SEMS portal answers -> a token, or readings. Two interfaces: legacy (the old portal's mobile
// client) and semsplus (the web client of SEMS+). Any text gives a result; nothing throws.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "goodwe/readings.hpp"
#include "goodwe/sems_fault.hpp"

namespace jkp::goodwe {

enum class SemsApi : std::uint8_t { legacy, semsplus };
std::string_view name(SemsApi api);

// Secret: never to be logged or shown.
struct SemsToken {
    std::string base;    // where the data are, without a slash at its end: https://eu.semsportal.com/api
    std::string header;  // the header "Token" of later requests, one line of JSON
    std::string uid;
    std::string token;
};

// `base` is the one the login was sent to; the data are there when the answer names no other. One of another
// owner than the portal's (hosts of semsportal.com and goodwe.com) or than `base` itself is refused: the
// token would go there.
Result<SemsToken, SemsFault> parse_sems_login(SemsApi api, std::string_view body, std::string_view base);

// The fault that the body of any answer tells; nullopt = it tells success. No JSON: garbage.
std::optional<SemsFault> refusal_in(std::string_view body);

struct SemsReading {
    Readings readings;
    std::optional<std::int64_t> data_ms;  // when the portal got the data, milliseconds since 1970 UTC
    std::string data_mark;  // changes when the data change; empty = not said. May lack its time zone
    bool operator==(const SemsReading&) const = default;
};

// What an answer that tells success is about; `none`: it tells nothing that is known here.
enum class SemsContent : std::uint8_t { none, login, monitor, flow };
SemsContent content_of(std::string_view body);

// One for each inverter of a GetMonitorDetailByPowerstationId answer. An inverter that is offline has no
// battery values: those of before are old. A voltage of 0 stays 0 here: no battery.
Result<std::vector<SemsReading>, SemsFault> parse_sems_monitor_all(std::string_view body);
// The one with the serial number `serial`; with "" the only one. Says what its battery does, or fails.
Result<SemsReading, SemsFault> parse_sems_monitor(std::string_view body, std::string_view serial);

// A stations/flow answer: the whole station. The direction of a power comes from "flows"; without them from
// the balance of all powers; when neither decides it is absent.
Result<SemsReading, SemsFault> parse_sems_flow(std::string_view body);
// The same, and fails when it does not say what the battery does.
Result<SemsReading, SemsFault> parse_sems_flow_battery(std::string_view body);

}  // namespace jkp::goodwe
