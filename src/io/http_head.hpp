// SPDX-License-Identifier: MIT
// The head of a reply: status line and fields, with those that keep a browser from doing anything a page of
// ours does not need. Thread: any.
#pragma once

#include <string>

#include "io/web_message.hpp"

namespace jkp::io {

std::string head_text(const WebReply& reply, bool keep_alive);
std::string stream_head_text(const WebReply& reply);

}  // namespace jkp::io
