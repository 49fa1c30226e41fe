// SPDX-License-Identifier: MIT
// A tty opened raw and non-blocking for an slcan adapter; the system calls only, no protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace jkp::io {

// The descriptor, to be closed by the caller, or errno.
Result<int, int> open_slcan_port(const std::string& path, std::uint32_t baud);

// What to tell when opening `path` failed with `code`: cause, what is there instead, next step.
std::string slcan_port_sentence(const std::string& path, int code);

// Bytes handed to the driver that have not left it yet; 0 when it does not tell.
std::size_t slcan_port_backlog(int descriptor);

// Never blocks. The number of bytes read or written, or errno; end of file reads as EIO.
Result<std::size_t, int> read_slcan_port(int descriptor, std::span<char> into);
Result<std::size_t, int> write_slcan_port(int descriptor, std::string_view bytes);

}  // namespace jkp::io
