// SPDX-License-Identifier: MIT
// One reading of a BMS, for a person who checks the wiring. Blocks the calling thread.
#pragma once

#include <string>

#include "app/jk_poll_outcome.hpp"
#include "app/jk_poller.hpp"
#include "core/pack.hpp"
#include "core/result.hpp"
#include "core/stamped.hpp"

namespace jkp::app {

enum class ReadOnceError : std::uint8_t {
    port,     // the port cannot be opened or went away
    silent,   // not one byte came back
    corrupt,  // bytes came, but no reading
};
std::string_view name(ReadOnceError error);

struct ReadOnceFailure {
    ReadOnceError error = ReadOnceError::silent;
    std::string sentence;  // what happened and what to look at next
};

// Polls until one good reading or until `patience` is over. A port that cannot be opened ends it at once.
Result<Stamped<PackReading>, ReadOnceFailure> read_once(const JkPollerSettings& settings,
                                                        Duration patience = std::chrono::seconds(5));

}  // namespace jkp::app
