// SPDX-License-Identifier: MIT
// The socket calls of GroupReceiver. Each returns 0 or the number of the error.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/time.hpp"

namespace jkp::io {

struct NetworkInterface {
    std::string name;
    unsigned index = 0;
    bool operator==(const NetworkInterface&) const = default;
};

// Interfaces that are up, have an IPv4 address, can do multicast and are not the loopback.
std::vector<NetworkInterface> multicast_interfaces();
// nullopt: there is none of that name.
std::optional<NetworkInterface> interface_named(const std::string& name);

// Everything that must be set before the socket is bound: other programs may listen too, only groups that
// were joined through this socket arrive, and the kernel notes when a datagram came.
int prepare_group_socket(int fd);
int join_group(int fd, const std::string& group, unsigned interface);
int leave_group(int fd, const std::string& group, unsigned interface);

struct Received {
    std::size_t size = 0;  // bytes in the buffer
    TimePoint at;          // when it reached this machine
};
// nullopt: nothing more is there (error 0), or it failed.
std::optional<Received> receive_stamped(int fd, std::span<std::uint8_t> buffer, int& error);

}  // namespace jkp::io
