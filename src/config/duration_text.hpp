// SPDX-License-Identifier: MIT
// Durations as a person writes them: "90s", "10min", "1h30min", "2d".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace jkp::config {

// Parts of whole numbers with d, h, min or s, largest unit first, each at most once; "0s" is the shortest.
// Nothing when the text is not one or means more than ten years.
std::optional<Duration> read_duration(std::string_view text);

// The text that reads back as the same, to the second: "1h30min".
std::string duration_text(Duration value);

}  // namespace jkp::config
