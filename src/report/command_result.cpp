// SPDX-License-Identifier: MIT
#include "report/command_result.hpp"

#include <nlohmann/json.hpp>

namespace jkp::report {

std::string refused_command(const std::string& name, const std::string& why) {
    using nlohmann::ordered_json;
    const ordered_json json = {{"ok", false}, {"command", name}, {"error", why}};
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace jkp::report
