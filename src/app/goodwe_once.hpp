// SPDX-License-Identifier: MIT
// One reading of a GoodWe, for a person at a terminal. Blocks the calling thread.
#pragma once

#include <string>

#include "app/goodwe_peer.hpp"
#include "core/result.hpp"

namespace jkp::app {

// Asks until one reading or until `patience` is over; the error says what happened and what to look at.
// Nothing else runs on `loop`. It is the caller's, because its end waits for a name that is still being
// looked up, and that may outlast any patience.
Result<Stamped<goodwe::Readings>, std::string> read_goodwe_once(boost::asio::io_context& loop,
                                                                const GoodwePeerSettings& settings,
                                                                Duration patience);

}  // namespace jkp::app
