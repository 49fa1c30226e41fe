// SPDX-License-Identifier: MIT
// The few system calls of unix stream sockets that server and client share.
#pragma once

#include <string>

#include "core/result.hpp"
#include "io/file_descriptor.hpp"

namespace jkp::io {

// The error is the value of errno (ENAMETOOLONG for a path that does not fit).
Result<FileDescriptor, int> connect_unix(const std::string& path);
Result<FileDescriptor, int> listen_unix(const std::string& path, int mode);

std::string errno_text(int error);

}  // namespace jkp::io
