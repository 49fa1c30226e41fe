// SPDX-License-Identifier: MIT
// Digests of texts as lower-case hexadecimal digits. MD5 protects nothing; a portal asks for it.
#pragma once

#include <string>
#include <string_view>

namespace jkp::io {

std::string md5_hex(std::string_view text);
std::string sha256_hex(std::string_view text);

}  // namespace jkp::io
