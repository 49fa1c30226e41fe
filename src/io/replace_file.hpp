// SPDX-License-Identifier: MIT
// Replaces a text file that a person owns, such as the configuration: written beside, synced, then renamed
// over it, so that a power cut leaves the old or the new text. Thread: any; blocks as long as the file system
// does.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace jkp::io {

// The file must exist and be a regular one, or a symbolic link to one (then its target is replaced). Mode,
// owner and group stay. The error names path and cause; the file is then untouched.
Result<void, std::string> replace_file(const std::string& path, std::string_view text);

}  // namespace jkp::io
