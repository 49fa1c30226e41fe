// SPDX-License-Identifier: MIT
// The files of the dashboard, inside the program. They hold no data of the site. Thread: any.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace jkp::web {

struct Asset {
    std::string_view path;          // "index.html", "assets/app.js": without a / in front
    std::string_view content_type;  // with its charset
    std::string_view etag;          // with its quotes
    std::span<const std::byte> gzip;
};

// Never changes while the program runs; sorted by path.
std::span<const Asset> assets();

}  // namespace jkp::web
