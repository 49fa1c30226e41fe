// SPDX-License-Identifier: MIT
#include "app/jk_poll_outcome.hpp"

#include "core/ensure.hpp"

namespace jkp::app {

std::string_view name(PollFailure failure) {
    switch (failure) {
        case PollFailure::silent: return "silent";
        case PollFailure::garbage: return "garbage";
        case PollFailure::truncated: return "truncated";
        case PollFailure::checksum: return "checksum";
        case PollFailure::malformed: return "malformed";
        case PollFailure::undecodable: return "undecodable";
        case PollFailure::babble: return "babble";
    }
    broken("a PollFailure of the list", std::source_location::current());
}

PollFailure failure_of(jk::FrameError error) {
    switch (error) {
        case jk::FrameError::truncated: return PollFailure::truncated;
        case jk::FrameError::bad_checksum: return PollFailure::checksum;
        case jk::FrameError::bad_length:
        case jk::FrameError::bad_end:
        case jk::FrameError::bad_transport: return PollFailure::malformed;
    }
    broken("a FrameError of the list", std::source_location::current());
}

bool corrupt(PollFailure failure) {
    return failure != PollFailure::silent;
}

std::string describe(PollFailure failure, Duration waited) {
    const std::string within = " within " + std::to_string(milliseconds(waited)) + " ms";
    switch (failure) {
        case PollFailure::silent: return "the BMS sent nothing" + within;
        case PollFailure::garbage: return "bytes came, but no frame begins in them";
        case PollFailure::truncated: return "the answer broke off in the middle";
        case PollFailure::checksum: return "the answer has a wrong checksum";
        case PollFailure::malformed: return "the answer has a wrong length, end marker or transport byte";
        case PollFailure::undecodable: return "the answer is whole, but is no reading";
        case PollFailure::babble: return "the line does not fall silent, so that no request can be sent";
    }
    broken("a PollFailure of the list", std::source_location::current());
}

}  // namespace jkp::app
