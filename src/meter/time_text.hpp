// SPDX-License-Identifier: MIT
// Instants as devices write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace jkp::meter {

// Seconds or milliseconds since 1970 (told apart by their size) -> milliseconds. nullopt: before 2000 or
// after 2100.
std::optional<std::int64_t> epoch_ms(double number);

// ISO 8601 with a zone: 2026-11-25T20:00:00Z, 2026-11-25T21:00:00.250+01:00 -> milliseconds since 1970. A
// time without a zone is nullopt: nobody knows which hour it is.
std::optional<std::int64_t> epoch_ms(std::string_view text);

}  // namespace jkp::meter
