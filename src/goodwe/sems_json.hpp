// SPDX-License-Identifier: MIT
// How the answers of the SEMS portal are looked into; for the codecs of this folder only.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/units.hpp"
#include "goodwe/sems_fault.hpp"

namespace jkp::goodwe::sems {

using Json = nlohmann::json;

// The member, or null when there is none or `object` is no object.
const Json& member(const Json& object, const char* key);
// Text as it is, "" otherwise.
std::string text_of(const Json& value);
// A number, or text that is one.
std::optional<double> number_of(const Json& value);

// "45%" or a number, within 0 to 100.
std::optional<Permille> percent_of(const Json& value);

// nullopt: no JSON, or nested deeper than any answer.
std::optional<Json> parsed(std::string_view body);
// The whole answer, when it is an object whose code means success.
Result<Json, SemsFault> successful(std::string_view body);

}  // namespace jkp::goodwe::sems
