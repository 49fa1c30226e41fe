// SPDX-License-Identifier: MIT
// Puts the value of one key where its field says, or reports what is allowed instead.
#pragma once

#include <string>

#include "config/document.hpp"
#include "config/findings.hpp"
#include "config/keys.hpp"

namespace jkp::config {

// `table` may be missing. `path` is the table's full name, for example "pack[0]"; `at` its place.
void read_key(const Key<Settings>& key, const Table* table, const std::string& path, Place at,
              Settings& owner, Findings& findings);
void read_key(const Key<PackEntry>& key, const Table* table, const std::string& path, Place at,
              PackEntry& owner, Findings& findings);

}  // namespace jkp::config
