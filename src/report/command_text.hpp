// SPDX-License-Identifier: MIT
// Text of a command -> control::Command. Two forms: a JSON object {"command", "value", "expires_s"}, and the
// payload of a topic that names the command already: "20", "ON", "OFF", "PRESS" or an object.
// Anything else is an error that says what is allowed; it is printable ASCII and safe to show.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "control/command.hpp"
#include "core/result.hpp"

namespace jkp::report {

inline constexpr std::size_t longest_command = 1024;  // bytes

// nullopt: there is no such command.
std::optional<control::CommandKind> command_named(std::string_view name);

// The object names its command; `who` stays empty. `value`: ampere (cut to mA downwards), true or false, or
// null to end what is ordered; `expires_s`: 1 s to a year, or null. No other key, none twice.
Result<control::Command, std::string> read_command(std::string_view json);

// For the topic of one command. A current: a number, "OFF", or an object; the others: "ON", "OFF", "PRESS" (a
// button: on), or an object. Letters may be small; blanks around are skipped. An object may do without
// `command`.
Result<control::Command, std::string> read_payload(control::CommandKind kind, std::string_view payload);

}  // namespace jkp::report
