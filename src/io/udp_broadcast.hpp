// SPDX-License-Identifier: MIT
// Asks everybody on the network once and collects who answers, for a person at a terminal. Blocks the calling
// thread for `wait`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace jkp::io {

struct UdpReply {
    std::string address;  // of the sender
    std::string text;     // as it came; may hold any byte
};

// The address may be a broadcast one; at most 100 replies. The error names what could not be done.
Result<std::vector<UdpReply>, std::string> ask_all(const std::string& address, std::uint16_t port,
                                                   std::string_view question, Duration wait);

}  // namespace jkp::io
