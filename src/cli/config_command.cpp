// SPDX-License-Identifier: MIT
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/run.hpp"
#include "cli/commands.hpp"
#include "config/error.hpp"

namespace jkp::cli {
namespace {

int exit_code(const Result<config::Settings, app::LoadFailure>& settings) {
    if (settings) return good;
    return settings.error().unreadable ? unable : bad;
}

}  // namespace

int check_config(const std::string& path, bool json) {
    const auto settings = app::load_settings(path);
    nlohmann::ordered_json object = {{"ok", settings.has_value()}, {"file", path}};
    object["errors"] = nlohmann::ordered_json::array();
    object["warnings"] = nlohmann::ordered_json::array();
    if (!settings) {
        for (const std::string& line : settings.error().lines) object["errors"].push_back(line);
    } else {
        for (const config::ConfigError& w : settings->warnings)
            object["warnings"].push_back(config::format(w));
    }
    if (json) {
        std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
        return exit_code(settings);
    }
    for (const auto& line : object["errors"]) std::cout << line.get<std::string>() << '\n';
    for (const auto& line : object["warnings"]) std::cout << "warning: " << line.get<std::string>() << '\n';
    if (settings) {
        std::cout << path << ": good" << (object["warnings"].empty() ? "" : ", with warnings") << '\n';
    } else {
        std::cout << object["errors"].size() << " error(s)\n";
    }
    return exit_code(settings);
}

}  // namespace jkp::cli
