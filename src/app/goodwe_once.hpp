// SPDX-License-Identifier: MIT
// One reading of a GoodWe, for a person at a terminal. Blocks the calling thread.
#pragma once

#include <string>

#include "app/goodwe_peer.hpp"
#include "core/result.hpp"

namespace jkp::app {

// Asks until one reading or until `patience` is over; the error says what happened and what to look at.
Result<Stamped<goodwe::Readings>, std::string> read_goodwe_once(const GoodwePeerSettings& settings,
                                                                Duration patience);

}  // namespace jkp::app
