// SPDX-License-Identifier: MIT
// A file of the dashboard as the reply to a request. Thread: that of the loop.
#pragma once

#include <optional>
#include <span>

#include "io/web_message.hpp"
#include "web/assets.hpp"

namespace jkp::app {

// Absent: there is no such file. "" is index.html. Compressed for whoever accepts gzip; a client that has the
// file is told so (304).
std::optional<io::WebReply> file_reply(const io::WebRequest& request, std::span<const web::Asset> files);

}  // namespace jkp::app
