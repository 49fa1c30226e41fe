// SPDX-License-Identifier: MIT
// Why a serial port cannot be used, in words that name the next step.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jkp::io {

enum class SerialError : std::uint8_t {
    missing,     // no such name
    permission,  // the user may not open it
    busy,        // another program holds it
    not_a_port,  // the name exists and is no terminal
    lost,        // was open and went away: unplugged, or an I/O error
    other,
};
std::string_view name(SerialError error);

struct SerialFault {
    SerialError error = SerialError::other;
    std::string sentence;
};

// The fault that the errno value of a failed open or ioctl means.
SerialFault serial_fault(const std::string& port, int errno_value);

}  // namespace jkp::io
