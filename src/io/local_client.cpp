// SPDX-License-Identifier: MIT
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>

#include "io/local_socket.hpp"
#include "io/unix_socket.hpp"

namespace jkp::io {
namespace {

using Clock = std::chrono::steady_clock;

std::string connect_fault(const std::string& path, int error) {
    if (error == ENOENT || error == ECONNREFUSED) {
        return "the daemon is not running: nothing listens on " + path +
               "; start it with systemctl start jk-pylon";
    }
    if (error == EACCES) {
        return "no permission for " + path + "; run this as root or as a member of the group jk-pylon";
    }
    if (error == EAGAIN) return "the daemon is busy: too many connections wait on " + path;
    return "cannot connect to " + path + ": " + errno_text(error);
}

// Whether the socket is ready before the deadline.
bool wait_for(int fd, short events, Clock::time_point deadline) {
    pollfd item{fd, events, 0};
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0) return false;
        const int ready = ::poll(&item, 1, static_cast<int>(left));
        if (ready > 0) return true;
        if (ready < 0 && errno != EINTR) return false;
    }
}

bool send_line(int fd, std::string_view line, Clock::time_point deadline) {
    while (!line.empty()) {
        if (!wait_for(fd, POLLOUT, deadline)) return false;
        const ssize_t sent = ::send(fd, line.data(), line.size(), MSG_NOSIGNAL);
        if (sent < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (sent < 0) return false;
        line.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

// Up to the end of the line; nothing when it did not come whole.
std::optional<std::string> receive_line(int fd, Clock::time_point deadline) {
    std::string answer;
    std::string part(4096, '\0');
    while (answer.size() <= max_local_answer && wait_for(fd, POLLIN, deadline)) {
        const ssize_t count = ::recv(fd, part.data(), part.size(), 0);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count <= 0) return std::nullopt;
        answer.append(part, 0, static_cast<std::size_t>(count));
        if (answer.back() == '\n') {
            answer.pop_back();
            return answer;
        }
    }
    return std::nullopt;
}

}  // namespace

Result<std::string, std::string> ask(const std::string& path, std::string_view request,
                                     std::chrono::milliseconds timeout) {
    if (request.size() >= max_local_request) return failure(std::string("the request is longer than 4 KiB"));
    const auto deadline = Clock::now() + timeout;
    const auto socket = connect_unix(path);
    if (!socket) return failure(connect_fault(path, socket.error()));
    // A refused request may be answered before it was read to its end: read in any case.
    const bool sent = send_line(socket->fd(), std::string(request) + '\n', deadline);
    if (auto answer = receive_line(socket->fd(), deadline)) return *std::move(answer);
    if (Clock::now() >= deadline) {
        return failure("the daemon did not answer on " + path + " within " + std::to_string(timeout.count()) +
                       " ms; see journalctl -u jk-pylon");
    }
    return failure("the daemon closed the connection on " + path +
                   (sent ? " without an answer" : " before the request was sent") +
                   "; it may be ending or have too many connections");
}

}  // namespace jkp::io
