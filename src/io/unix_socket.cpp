// SPDX-License-Identifier: MIT
#include "io/unix_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

namespace jkp::io {
namespace {

std::optional<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
    std::ranges::copy(path, address.sun_path);
    return address;
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

FileDescriptor stream_socket() {
    return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

}  // namespace

Result<FileDescriptor, int> connect_unix(const std::string& path) {
    const auto address = address_of(path);
    if (!address) return failure(ENAMETOOLONG);
    FileDescriptor socket = stream_socket();
    if (!socket.is_open() || ::connect(socket.fd(), generic(*address), sizeof *address) != 0)
        return failure(int{errno});
    return socket;
}

Result<FileDescriptor, int> listen_unix(const std::string& path, int mode) {
    constexpr int backlog = 16;
    const auto address = address_of(path);
    if (!address) return failure(ENAMETOOLONG);
    FileDescriptor socket = stream_socket();
    // Nobody can connect before listen(), so the mode is right from the first connection on.
    if (!socket.is_open() || ::bind(socket.fd(), generic(*address), sizeof *address) != 0 ||
        ::chmod(path.c_str(), static_cast<mode_t>(mode)) != 0 || ::listen(socket.fd(), backlog) != 0) {
        return failure(int{errno});
    }
    return socket;
}

std::string errno_text(int error) {
    return std::generic_category().message(error);
}

}  // namespace jkp::io
