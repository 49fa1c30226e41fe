// SPDX-License-Identifier: MIT
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/read_once.hpp"
#include "cli/commands.hpp"
#include "report/decode_json.hpp"
#include "report/decode_text.hpp"

namespace jkp::cli {
namespace {

int tell(const report::Json& object, bool json, int code) {
    if (json) {
        std::cout << object.dump() << '\n';
    } else {
        std::cout << report::reading_text(object);
    }
    return code;
}

}  // namespace

int bms(const std::string& port, bool json, double patience_s) {
    app::JkPollerSettings settings;
    settings.port = port;
    const auto patience = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(patience_s));
    const auto reading = app::read_once(settings, patience);
    if (reading) return tell(report::reading_json(reading->value, "4E57"), json, good);
    const app::ReadOnceFailure& failure = reading.error();
    const int code = failure.error == app::ReadOnceError::port ? unable : bad;
    if (json) return tell(report::error_json(failure.sentence), true, code);
    std::cerr << "jk-pylon: " << failure.sentence << '\n';
    return code;
}

}  // namespace jkp::cli
