// SPDX-License-Identifier: MIT
// The LAWICEL ASCII protocol ("slcan") of serial CAN adapters, without any I/O. Lines end with CR; a BELL
// alone, without CR, is an adapter's error answer.
// Source: LAWICEL CANUSB manual; state and error lines: drivers/net/can/slcan of Linux 6.1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/can_frame.hpp"

namespace jkp::io {

enum class SlcanInput : std::uint8_t {
    frame,          // t, T
    remote_frame,   // r, R: carries no data, of no use here
    accepted,       // an empty line: a command or frame was accepted
    queued,         // z, Z: a frame to be sent was accepted
    refused,        // BELL
    error_passive,  // s: the controller's state
    bus_off,
    other_state,
    bus_error,  // e
    answer,     // V, v, N, F: version, serial number, status
    malformed,
};

struct SlcanMessage {
    SlcanInput kind = SlcanInput::malformed;
    CanFrame frame;  // only with SlcanInput::frame
};

// One line without its CR. A time stamp of four digits behind a frame is accepted and dropped.
SlcanMessage decode_slcan(std::string_view line);

// "t30580000000000000000\r". Precondition: the identifier fits its kind.
std::string encode_slcan(const CanFrame& frame);

// '6' for 500000 bit/s; nullopt for a rate the protocol has no digit for.
std::optional<char> slcan_bitrate_digit(std::uint32_t bitrate);

// Cuts a byte stream into messages; a line that is too long is one malformed message.
class SlcanDeframer {
  public:
    // The message that ends with this byte, if one does.
    std::optional<SlcanMessage> push(char byte);

  private:
    static constexpr std::size_t longest = 1 + 8 + 1 + 16 + 4;  // T, identifier, length, data, time stamp

    std::array<char, longest> line_{};
    std::size_t size_ = 0;
    bool too_long_ = false;
};

}  // namespace jkp::io
