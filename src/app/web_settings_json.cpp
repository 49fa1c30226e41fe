// SPDX-License-Identifier: MIT
#include "app/web_settings_json.hpp"

#include <nlohmann/json.hpp>

#include "config/shown.hpp"

namespace jkp::app {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const config::ShownValue& value) {
    return std::visit(
        [](const auto& held) -> ordered_json {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(held)>, std::monostate>) {
                return nullptr;
            } else {
                return held;
            }
        },
        value);
}

}  // namespace

std::string settings_json(const config::Settings& settings, const std::string& file) {
    ordered_json keys = ordered_json::array();
    for (const config::ShownKey& key : config::shown_keys(settings)) {
        keys.push_back({{"key", key.key},
                        {"value", json_of(key.value)},
                        {"default", json_of(key.standard)},
                        {"unit", key.unit},
                        {"help", key.meaning}});
    }
    const ordered_json result = {{"keys", std::move(keys)}, {"file", file}};
    return result.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace jkp::app
