// SPDX-License-Identifier: MIT
// One login and one reading through the SEMS portal, to see whether the configuration is right.
#include <algorithm>
#include <array>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/run.hpp"
#include "app/sems_once.hpp"
#include "app/sems_settings.hpp"
#include "cli/commands.hpp"
#include "report/sems_json.hpp"

namespace jkp::cli {
namespace {

int fail(const app::SemsStatus& status, bool json, int code) {
    if (json) {
        report::Json object = report::error_json(status.sentence);
        object["cause"] = status.cause;
        std::cout << object.dump(-1, ' ', false, report::Json::error_handler_t::replace) << '\n';
    } else {
        std::cerr << "jk-pylon: " << status.sentence << '\n';
    }
    return code;
}

// The portal answered and refuses, or it could not be asked at all.
int code_of(const std::string& cause) {
    constexpr std::array asked_nobody{"credentials", "bad_request", "busy",      "dns",      "connect",
                                      "tls",         "timeout",     "too_large", "redirect", "protocol"};
    return std::ranges::find(asked_nobody, cause) == asked_nobody.end() ? bad : unable;
}

long seconds_of(Duration duration) {
    return static_cast<long>(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

// One answer of SEMS+ does not tell it; the gateway waits for the next data.
std::string age_words(const std::optional<Duration>& age) {
    return age ? "the data are " + std::to_string(seconds_of(*age)) + " s old" : "age not known";
}

int succeed(const app::SemsOnce& once, bool json) {
    report::Json object = report::sems_json(once.readings);
    object["age_s"] = once.age ? report::Json(seconds_of(*once.age)) : report::Json();
    if (json) {
        std::cout << object.dump() << '\n';
    } else {
        std::cout << "Success: the SEMS portal accepts the login and shows the station; "
                  << age_words(once.age) << ".\n"
                  << report::sems_text(object);
    }
    return good;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
}

}  // namespace

int sems(const std::string& path, bool json) {
    const auto settings = app::load_settings(path);
    if (!settings) return fail({{}, "configuration", joined(settings.error().lines)}, json, unable);
    if (!settings->portal.enabled()) {
        return fail({{},
                     "configuration",
                     path + ": [peer.sems] has no station, so the SEMS portal is not used. Write station = "
                            "\"...\": the last part of the address of the station's web page."},
                    json, unable);
    }
    const auto once = app::read_sems_once(app::sems_peer_settings(settings->portal));
    if (!once) return fail(once.error(), json, code_of(once.error().cause));
    return succeed(*once, json);
}

}  // namespace jkp::cli
