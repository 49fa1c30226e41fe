// SPDX-License-Identifier: MIT
#include "report/command_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "control/judge.hpp"

namespace jkp::report {
namespace {

using control::Command;
using control::CommandKind;
using nlohmann::json;

constexpr std::size_t longest_shown = 24;
constexpr double year_s = 365.0 * 86'400;

bool is_printable(char c) {
    return c >= 0x20 && c < 0x7F;
}

// What stands there, as an error may show it.
std::string shown(std::string_view text) {
    std::string result;
    for (const char c : text.substr(0, longest_shown)) result += is_printable(c) && c != '"' ? c : '?';
    return '"' + result + (text.size() > longest_shown ? "...\"" : "\"");
}

std::string all_names() {
    std::string text;
    for (std::size_t i = 0; i < control::command_count; ++i) {
        text += (text.empty() ? "" : ", ") + std::string(name(static_cast<CommandKind>(i)));
    }
    return text;
}

std::string value_rule(CommandKind kind) {
    const std::string word(name(kind));
    if (is_current(kind))
        return "value of " + word + " must be a number of ampere between 0 and 3276.7, or null";
    return "value of " + word + " must be true or false, or null";
}

std::string payload_rule(CommandKind kind) {
    const std::string word(name(kind));
    if (is_current(kind)) {
        return word + " takes a number of ampere between 0 and 3276.7, OFF, or a JSON object with value";
    }
    return word + " takes ON, OFF, PRESS, or a JSON object with value";
}

// In mA, never more than was written.
std::optional<std::int32_t> milliamps(double amps) {
    if (!(amps >= 0 && amps * 1000 <= control::wire_maximum.count())) return std::nullopt;
    // 0.3 A is 299.99999999999994 mA.
    return static_cast<std::int32_t>(std::floor(amps * 1000 + 1e-6));
}

// A member of the object; the last of equal keys would win otherwise.
struct Watch {
    std::vector<std::string> keys;
    std::string fault;

    bool operator()(int depth, json::parse_event_t event, json& parsed) {
        const bool opens =
            event == json::parse_event_t::object_start || event == json::parse_event_t::array_start;
        if (opens && depth > 0) fault = "a command is one flat object";
        if (event != json::parse_event_t::key || depth != 1) return fault.empty();
        const auto& key = parsed.get_ref<const std::string&>();
        if (std::find(keys.begin(), keys.end(), key) != keys.end())
            fault = "key " + shown(key) + " stands twice";
        keys.push_back(key);
        return fault.empty();
    }
};

Result<json, std::string> parsed(std::string_view text) {
    if (text.size() > longest_command) {
        return failure("a command has at most " + std::to_string(longest_command) + " bytes");
    }
    Watch watch;
    const json object = json::parse(text, std::ref(watch), false);
    if (!watch.fault.empty()) return failure(watch.fault);
    if (!object.is_object()) {
        return failure(std::string(R"(not a JSON object such as {"command":"max_charge_a","value":20})"));
    }
    for (const std::string& key : watch.keys) {
        if (key == "command" || key == "value" || key == "expires_s") continue;
        return failure("key " + shown(key) + " is not known; there are command, value and expires_s");
    }
    return object;
}

Result<std::optional<std::int32_t>, std::string> value_of(const json& object, CommandKind kind) {
    const auto it = object.find("value");
    if (it == object.end()) return failure("value is missing; " + value_rule(kind));
    if (it->is_null()) return std::optional<std::int32_t>();
    if (is_current(kind) && it->is_number()) {
        if (const auto value = milliamps(it->get<double>())) return value;
    }
    if (!is_current(kind) && it->is_boolean()) return std::optional<std::int32_t>(it->get<bool>() ? 1 : 0);
    return failure(value_rule(kind));
}

Result<std::optional<Duration>, std::string> expiry_of(const json& object) {
    const auto it = object.find("expires_s");
    if (it == object.end() || it->is_null()) return std::optional<Duration>();
    const double s = it->is_number() ? it->get<double>() : 0;
    if (!(s >= 1 && s <= year_s)) {
        return failure(std::string("expires_s must be a number of seconds between 1 and 31536000, or null"));
    }
    return std::optional<Duration>(std::chrono::milliseconds(std::llround(s * 1000)));
}

// `expected`: the command of the topic; absent: the object must name it.
Result<CommandKind, std::string> kind_of(const json& object, std::optional<CommandKind> expected) {
    const auto it = object.find("command");
    if (it == object.end()) {
        if (expected) return *expected;
        return failure("command is missing; there are " + all_names());
    }
    const auto word = it->is_string() ? it->get<std::string>() : std::string();
    const auto kind = command_named(word);
    if (!kind) return failure("command must be one of " + all_names());
    if (expected && *expected != *kind) {
        return failure("command " + word + " does not belong here; this is for " +
                       std::string(name(*expected)));
    }
    return *kind;
}

Result<Command, std::string> read_object(std::string_view text, std::optional<CommandKind> expected) {
    const auto object = parsed(text);
    if (!object) return failure(object.error());
    const auto kind = kind_of(*object, expected);
    if (!kind) return failure(kind.error());
    const auto value = value_of(*object, *kind);
    if (!value) return failure(value.error());
    const auto expires = expiry_of(*object);
    if (!expires) return failure(expires.error());
    return Command{.kind = *kind, .value = *value, .expires = *expires, .who = {}};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_word(std::string_view text, std::string_view capitals) {
    const auto same = [](char c, char capital) { return c == capital || c - 'a' + 'A' == capital; };
    return std::equal(text.begin(), text.end(), capitals.begin(), capitals.end(), same);
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<CommandKind> command_named(std::string_view word) {
    for (std::size_t i = 0; i < control::command_count; ++i) {
        const auto kind = static_cast<CommandKind>(i);
        if (name(kind) == word) return kind;
    }
    return std::nullopt;
}

Result<Command, std::string> read_command(std::string_view text) {
    return read_object(text, std::nullopt);
}

Result<Command, std::string> read_payload(CommandKind kind, std::string_view payload) {
    const std::string_view text = trimmed(payload);
    if (text.starts_with('{')) return read_object(text, kind);
    Command command{.kind = kind, .value = {}, .expires = {}, .who = {}};
    if (is_word(text, "OFF")) return command;
    if (!is_current(kind) && (is_word(text, "ON") || is_word(text, "PRESS"))) {
        command.value = 1;
        return command;
    }
    const auto amps = is_current(kind) ? number(text) : std::nullopt;
    if (amps) command.value = milliamps(*amps);
    if (!command.value) return failure(shown(text) + " is no value; " + payload_rule(kind));
    return command;
}

}  // namespace jkp::report
