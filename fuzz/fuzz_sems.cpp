// SPDX-License-Identifier: MIT
// Any text as an answer of the SEMS portal, to every codec and to a session: nothing throws, a reading has a
// battery that can be, and the session plans no request before now.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/ensure.hpp"
#include "goodwe/sems_session.hpp"
#include "goodwe/sems_text.hpp"

namespace {

using namespace jkp;
using namespace jkp::goodwe;

void check(const Readings& r) {
    if (r.soc) ensure(*r.soc >= Permille(0) && *r.soc <= Permille(1000), "SOC is a percentage");
    if (r.battery_voltage) ensure(*r.battery_voltage >= Millivolts(0), "no battery has a negative voltage");
    if (r.battery_current) ensure(magnitude(*r.battery_current) <= Milliamps(500'000), "a possible current");
    if (r.battery_power) {
        ensure(*r.battery_power <= Watts(200'000) && *r.battery_power >= Watts(-200'000), "a possible power");
    }
}

void check_codecs(std::string_view body) {
    for (const SemsApi api : {SemsApi::legacy, SemsApi::semsplus}) {
        const auto token = parse_sems_login(api, body, "https://www.semsportal.com");
        if (token)
            ensure(!token->token.empty() && token->base.starts_with("https://"), "a token that can be used");
    }
    if (const auto all = parse_sems_monitor_all(body)) {
        for (const SemsReading& reading : *all) check(reading.readings);
    }
    if (const auto one = parse_sems_monitor(body, "")) check(one->readings);
    if (const auto flow = parse_sems_flow_battery(body)) check(flow->readings);
    (void)parse_sems_battery(body);
    (void)parse_sems_power(body);
    (void)parse_sems_percent(body);
    (void)content_of(body);
}

void check_session(std::string_view body, SemsApi api) {
    SemsSession session({api, "https://www.semsportal.com", "station", ""}, sems_first_pause);
    TimePoint now{sems_first_pause};
    for (int i = 0; i < 4 && session.due(); ++i) {
        now = std::max(now, *session.due());
        (void)session.answered({i == 2 ? 500 : 200, body, {}}, now);
        if (session.due()) ensure(*session.due() >= now, "no request before now");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string body(data, data + size);
    check_codecs(body);
    check_session(body, SemsApi::legacy);
    check_session(body, SemsApi::semsplus);
    return 0;
}
