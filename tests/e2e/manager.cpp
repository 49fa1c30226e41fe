// SPDX-License-Identifier: MIT
#include "e2e/manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace jkp::e2e {

Manager::Manager(const std::string& path)
    : fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        throw std::system_error(errno, std::generic_category(), path);
    }
}

Manager::~Manager() {
    ::close(fd_);
}

std::size_t Manager::count(std::string_view text) {
    std::array<char, 4096> bytes{};
    while (true) {
        const ssize_t size = ::recv(fd_, bytes.data(), bytes.size(), 0);
        if (size <= 0) break;
        messages_.emplace_back(bytes.data(), static_cast<std::size_t>(size));
    }
    return static_cast<std::size_t>(
        std::count_if(messages_.begin(), messages_.end(),
                      [&](const std::string& m) { return m.find(text) != std::string::npos; }));
}

}  // namespace jkp::e2e
