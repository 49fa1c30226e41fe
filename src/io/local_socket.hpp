// SPDX-License-Identifier: MIT
// The local door of the running program: a unix stream socket (mode 0660) on which one line asks and one
// line answers, then the connection ends. Used by jk-pylon status, why, recover and ack.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

inline constexpr std::size_t max_local_connections = 8;  // further ones are closed at once
inline constexpr std::size_t max_local_request = 4096;   // bytes with the line's end
inline constexpr std::size_t max_local_answer = 262144;
inline constexpr std::chrono::seconds local_deadline{2};  // for one whole exchange

// Who asks, as the kernel says.
struct PeerCredentials {
    uid_t user = 0;
    gid_t group = 0;
    pid_t process = 0;
};

// Called on the loop's thread with the line without its end. The answer is one line; line breaks inside
// become spaces, and more than max_local_answer becomes {"ok":false,"error":"..."}.
using LocalHandler = std::function<std::string(std::string_view request, const PeerCredentials& peer)>;

// Listens until destroyed, then removes its socket. Thread: the one that runs the loop.
class LocalSocket {
  public:
    // A socket left by a dead instance is replaced; that of a living one is an error, as is anything at
    // `path` that is no socket. The error names path and cause.
    static Result<std::unique_ptr<LocalSocket>, std::string> listen(boost::asio::io_context& loop,
                                                                    const std::string& path,
                                                                    LocalHandler handler);
    ~LocalSocket();
    LocalSocket(const LocalSocket&) = delete;
    LocalSocket& operator=(const LocalSocket&) = delete;

  private:
    struct Server;
    explicit LocalSocket(std::shared_ptr<Server> server);
    std::shared_ptr<Server> server_;
};

// For the command line: sends one line and waits for the answer (without the line's end). Blocks at most
// `timeout`. The error is a sentence with the cause and the next step.
Result<std::string, std::string> ask(const std::string& path, std::string_view request,
                                     std::chrono::milliseconds timeout);

}  // namespace jkp::io
