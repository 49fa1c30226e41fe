// SPDX-License-Identifier: MIT
// The OpenAPI document of the HTTP API, src/app/openapi.json, inside the program.
#pragma once

#include <string_view>

namespace jkp::app {

std::string_view openapi_json();

}  // namespace jkp::app
