// SPDX-License-Identifier: MIT
// As much of JSON Schema as tests/report/home_assistant.schema.json is written in, and `byPlatform`: the
// schema of an object by its member `platform`.
#pragma once

#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

namespace jkp::testing {

class JsonSchema {
  public:
    explicit JsonSchema(nlohmann::json schema) : schema_(std::move(schema)) {}
    // Everything that is wrong, one line each.
    [[nodiscard]] std::vector<std::string> faults(const nlohmann::json& value) const {
        std::vector<std::string> found;
        check(value, schema_, "", found);
        return found;
    }

  private:
    using Json = nlohmann::json;
    using Faults = std::vector<std::string>;

    static bool has_type(const Json& value, const std::string& type) {
        if (type == "object") return value.is_object();
        if (type == "array") return value.is_array();
        if (type == "string") return value.is_string();
        if (type == "integer") return value.is_number_integer();
        if (type == "number") return value.is_number();
        return type == "boolean" && value.is_boolean();
    }

    static void check(const Json& value, const Json& schema, const std::string& where, Faults& out) {
        if (schema.contains("type") && !has_type(value, schema["type"])) {
            out.push_back(where + " is no " + schema["type"].get<std::string>());
            return;
        }
        if (schema.contains("enum") && std::ranges::find(schema["enum"], value) == schema["enum"].end()) {
            out.push_back(where + " must not be " + value.dump());
        }
        if (schema.contains("pattern") &&
            !std::regex_match(value.get<std::string>(), std::regex(schema["pattern"].get<std::string>()))) {
            out.push_back(where + " has another form: " + value.dump());
        }
        if (schema.contains("minimum") && value < schema["minimum"]) out.push_back(where + " is too small");
        if (schema.contains("minItems") && value.size() < schema["minItems"]) {
            out.push_back(where + " has too few items");
        }
        if (schema.contains("items")) {
            for (const Json& item : value) check(item, schema["items"], where + "[]", out);
        }
        if (value.is_object()) check_object(value, schema, where, out);
        if (schema.contains("byPlatform")) check_platform(value, schema["byPlatform"], where, out);
    }

    static void check_object(const Json& value, const Json& schema, const std::string& where, Faults& out) {
        for (const Json& key : schema.value("required", Json::array())) {
            if (!value.contains(key)) out.push_back(where + " lacks " + key.get<std::string>());
        }
        const Json properties = schema.value("properties", Json::object());
        for (const auto& [key, member] : value.items()) {
            const std::string place = where + '/' + key;
            if (properties.contains(key)) {
                check(member, properties[key], place, out);
            } else if (schema.contains("additionalProperties")) {
                const Json& others = schema["additionalProperties"];
                if (others == false) {
                    out.push_back(place + " is not known");
                } else {
                    check(member, others, place, out);
                }
            }
        }
    }

    // Only its platform: a component that is taken out.
    static void check_platform(const Json& value, const Json& platforms, const std::string& where,
                               Faults& out) {
        const std::string platform = value.value("platform", "");
        if (!platforms.contains(platform)) return out.push_back(where + ": no such platform: " + platform);
        if (value.size() > 1) check(value, platforms[platform], where, out);
    }

    Json schema_;
};

}  // namespace jkp::testing
