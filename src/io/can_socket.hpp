// SPDX-License-Identifier: MIT
// The system calls of a CAN_RAW socket, non-blocking, and the reading of the kernel's error frames.
#pragma once

#include <array>
#include <cstdint>

#include "core/can_frame.hpp"
#include "core/result.hpp"

namespace jkp::io {

// What an error frame of the kernel (linux/can/error.h) says that matters here.
struct CanErrorReport {
    bool bus_off = false;
    bool error_passive = false;
    bool restarted = false;
    bool operator==(const CanErrorReport&) const = default;
};
// `id` with its flags as the kernel writes it.
CanErrorReport read_error_frame(std::uint32_t id, const std::array<std::uint8_t, 8>& data);

// A socket bound to the interface: error frames without bus errors (which may flood), own frames echoed, a
// queue of about ten frames, and only the frames of can_filter.hpp unless receive_all. Its descriptor, to be
// closed by the caller, or errno.
Result<int, int> open_can_socket(int interface_index, bool receive_all);

enum class CanInput : std::uint8_t {
    nothing,  // for now
    frame,    // from another node, or from another program on this machine
    echo,     // an own frame that the driver reports as sent
    error,
    other,  // a remote frame
    lost,   // the interface went down or away: see code
};
struct CanReceived {
    CanInput kind = CanInput::nothing;
    CanFrame frame;        // with CanInput::frame
    CanErrorReport error;  // with CanInput::error
    int code = 0;          // errno with CanInput::lost
};
CanReceived receive_can(int socket);

enum class CanWrite : std::uint8_t { taken, full, lost };
CanWrite send_can(int socket, const CanFrame& frame);

}  // namespace jkp::io
