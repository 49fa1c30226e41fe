// SPDX-License-Identifier: MIT
// Opening the database file for writing: looked over first, and moved aside when it is damaged. Thread: the
// store's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "io/sqlite.hpp"

namespace jkp::io {

// Creates the file when there is none. Of a damaged one, the energy is kept as far as it can be read: it goes
// into "PATH.new", which takes the place when the damaged one has been moved aside; `moved` is told its name
// then, whatever comes after. Throws SqliteError (no folder, no permission, no room) or StoreTooNew.
std::unique_ptr<Sqlite> open_store(const std::string& path,
                                   const std::function<void(const std::string& where)>& moved = {});

// The database and what belongs to it, renamed to "PATH.damaged-20261125-123456"; no more than three of these
// are kept. The new name.
std::string move_aside(const std::string& path);

// Bytes of the database and of its log.
std::uint64_t store_bytes(const std::string& path);

}  // namespace jkp::io
