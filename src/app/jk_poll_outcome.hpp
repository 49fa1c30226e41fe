// SPDX-License-Identifier: MIT
// What can become of a poll, and how often it did.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "jk/decode_4e57.hpp"
#include "jk/frame_4e57.hpp"

namespace jkp::app {

// Every failed poll has exactly one kind: that of the first thing that went wrong.
enum class PollFailure : std::uint8_t {
    silent,       // not one byte came back, apart from an echo of the request
    garbage,      // bytes without the start of a frame
    truncated,    // the line fell silent inside a frame
    checksum,     // a whole frame with a wrong sum
    malformed,    // bad length, end marker or transport byte
    undecodable,  // a good frame with content that is no reading
    babble,       // the line did not fall silent, so that no request could be sent
};
inline constexpr std::size_t poll_failure_count = 7;
std::string_view name(PollFailure failure);
PollFailure failure_of(jk::FrameError error);
// Silence and corruption have different cures; these say which and what to look at.
bool corrupt(PollFailure failure);
std::string describe(PollFailure failure, Duration waited);

struct JkPollerCounters {
    std::uint64_t polls =
        0;  // read requests sent; = answers + doubtful + first_lost + all failures but babble
    std::uint64_t answers = 0;
    std::array<std::uint64_t, poll_failure_count> failures{};  // by PollFailure
    std::array<std::uint64_t, 7> undecodable{};                // by jk::DecodeError
    std::uint64_t first_lost = 0;  // the first poll after opening failed: usual, no failure
    std::uint64_t doubtful = 0;    // answers that may belong to an earlier request; discarded, asked again
    std::uint64_t late = 0;        // frames that came when none was waited for; discarded
    std::uint64_t echoes = 0;
    std::uint64_t unknown_registers = 0;
    std::uint64_t activates = 0;
    std::uint64_t reopened = 0;

    [[nodiscard]] std::uint64_t of(PollFailure f) const { return failures[static_cast<std::size_t>(f)]; }
    [[nodiscard]] std::uint64_t of(jk::DecodeError e) const {
        return undecodable[static_cast<std::size_t>(e)];
    }
};

}  // namespace jkp::app
