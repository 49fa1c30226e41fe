// SPDX-License-Identifier: MIT
// A small text that survives a restart and a power cut: written beside, synced, then renamed over the
// old one, so that a reader sees the old or the new text and nothing between. The content is opaque here.
// Thread: any, one writer per path. Both functions block for as long as the file system does.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace jkp::io {

inline constexpr std::size_t max_state_bytes = 65536;

// Creates or replaces `path` (mode 0640). Symbolic links are not followed: a link at `path` is replaced
// by the file, one in place of the temporary file is an error. The error names path and cause; the old
// file is then untouched.
Result<void, std::string> write_state(const std::string& path, std::string_view text);

// For a file that cannot be used: as write_state(), and what was there is kept beside as PATH.unusable-1, an
// earlier one as -2 and -3. There is no moment without a file at `path`, where the file system has hard
// links. Returns where the old one is; when `text` cannot be written, the old one stays where it was.
Result<std::string, std::string> replace_unusable(const std::string& path, std::string_view text);

// Absent when there is no such file. An error when it cannot be read, is no regular file or is larger
// than max_state_bytes.
Result<std::optional<std::string>, std::string> read_state(const std::string& path);

}  // namespace jkp::io
