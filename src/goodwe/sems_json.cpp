// SPDX-License-Identifier: MIT
#include "goodwe/sems_json.hpp"

#include "goodwe/sems_text.hpp"

namespace jkp::goodwe::sems {
namespace {

// The portal says 0, "0" or "00000".
std::optional<std::string> code_of(const Json& answer) {
    const Json& code = member(answer, "code");
    if (code.is_string()) return code.get<std::string>();
    if (code.is_number_integer()) return code.dump();
    return std::nullopt;
}

// Copying and writing go as deep as the text nests; real answers nest less than ten times.
bool nests_too_deep(std::string_view body) {
    constexpr int deepest = 32;
    int depth = 0;
    bool in_text = false;
    for (std::size_t at = 0; at < body.size(); ++at) {
        const char c = body[at];
        if (c == '"') in_text = !in_text;
        if (in_text && c == '\\') ++at;
        if (in_text) continue;
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (depth > deepest) return true;
    }
    return false;
}

}  // namespace

std::optional<Json> parsed(std::string_view body) {
    if (nests_too_deep(body)) return std::nullopt;
    Json json = Json::parse(body, nullptr, false);
    if (json.is_discarded()) return std::nullopt;
    return json;
}

const Json& member(const Json& object, const char* key) {
    static const Json nothing;
    if (!object.is_object()) return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

std::string text_of(const Json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::optional<double> number_of(const Json& value) {
    if (value.is_number()) return value.get<double>();
    return value.is_string() ? parse_sems_number(value.get_ref<const std::string&>()) : std::nullopt;
}

std::optional<Permille> percent_of(const Json& value) {
    if (value.is_string()) return parse_sems_percent(value.get_ref<const std::string&>());
    return value.is_number() ? sems_percent(value.get<double>()) : std::nullopt;
}

Result<Json, SemsFault> successful(std::string_view body) {
    auto answer = parsed(body);
    if (!answer || !answer->is_object()) return failure(SemsFault::garbage);
    const auto code = code_of(*answer);
    if (!code) return failure(SemsFault::garbage);
    if (const auto fault = fault_of_code(*code)) return failure(*fault);
    return *std::move(answer);
}

}  // namespace jkp::goodwe::sems
