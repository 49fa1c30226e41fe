// SPDX-License-Identifier: MIT
// One writer at a time: a lock on "PATH-lock" beside the database, which ends with the program that holds it.
// The file stays; it names the process that held it last. Thread: the store's.
#pragma once

#include <string>

#include "io/file_descriptor.hpp"

namespace jkp::io {

// Open while the lock is held; not open where the file system knows no locks. Throws std::runtime_error with
// a sentence when somebody else holds it, SqliteError when there can be no such file.
class StoreLock {
  public:
    explicit StoreLock(const std::string& path);

  private:
    FileDescriptor file_;
};

}  // namespace jkp::io
