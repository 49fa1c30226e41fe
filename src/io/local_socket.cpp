// SPDX-License-Identifier: MIT
#include "io/local_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>

#include "io/unix_socket.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using Stream = asio::local::stream_protocol;
using boost::system::error_code;

constexpr int socket_mode = 0660;

std::string one_line(std::string answer) {
    if (answer.size() > max_local_answer - 1) return "{\"ok\":false,\"error\":\"the answer is too long\"}\n";
    std::ranges::replace(answer, '\n', ' ');
    return answer + '\n';
}

PeerCredentials credentials_of(Stream::socket& socket) {
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {};
    return {peer.uid, peer.gid, peer.pid};
}

// One exchange. Keeps itself alive until it is over or its deadline closes the socket.
class Connection : public std::enable_shared_from_this<Connection> {
  public:
    Connection(Stream::socket socket, std::shared_ptr<const LocalHandler> handler,
               std::shared_ptr<std::size_t> open)
        : socket_(std::move(socket)),
          deadline_(socket_.get_executor()),
          handler_(std::move(handler)),
          open_(std::move(open)) {
        ++*open_;
    }
    ~Connection() { --*open_; }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void start() {
        deadline_.expires_after(local_deadline);
        deadline_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error) self->close();
        });
        asio::async_read_until(socket_, asio::dynamic_buffer(line_, max_local_request), '\n',
                               [self = shared_from_this()](const error_code& error, std::size_t size) {
                                   self->received(error, size);
                               });
    }

  private:
    void received(const error_code& error, std::size_t size) {
        if (error == asio::error::not_found)
            return answer("{\"ok\":false,\"error\":\"the request is longer than 4 KiB\"}");
        if (error) return close();
        answer((*handler_)(std::string_view(line_).substr(0, size - 1), credentials_of(socket_)));
    }

    void answer(std::string text) {
        answer_ = one_line(std::move(text));
        asio::async_write(socket_, asio::buffer(answer_),
                          [self = shared_from_this()](const error_code&, std::size_t) { self->close(); });
    }

    void close() {
        deadline_.cancel();
        error_code ignored;
        static_cast<void>(socket_.close(ignored));
    }

    Stream::socket socket_;
    asio::steady_timer deadline_;
    std::shared_ptr<const LocalHandler> handler_;
    std::shared_ptr<std::size_t> open_;
    std::string line_;
    std::string answer_;
};

// Makes room for our socket. The error is a sentence.
Result<void, std::string> remove_stale(const std::string& path) {
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) return {};  // nothing there, or bind() says why it cannot be
    if (!S_ISSOCK(info.st_mode))
        return failure(path + " exists and is no socket; remove it or configure another path");
    const auto other = connect_unix(path);
    if (other || other.error() == EAGAIN) {
        return failure("another instance already listens on " + path +
                       "; stop it first or configure another path");
    }
    if (other.error() != ECONNREFUSED) {
        return failure("cannot tell whether another instance listens on " + path + ": " +
                       errno_text(other.error()));
    }
    if (::unlink(path.c_str()) != 0)
        return failure("cannot remove the old socket " + path + ": " + errno_text(errno));
    return {};
}

}  // namespace

struct LocalSocket::Server : std::enable_shared_from_this<Server> {
    Server(asio::io_context& loop, std::string where, LocalHandler wanted)
        : acceptor(loop),
          pause(loop),
          path(std::move(where)),
          handler(std::make_shared<const LocalHandler>(std::move(wanted))) {}

    void accept() {
        acceptor.async_accept([self = shared_from_this()](const error_code& error, Stream::socket socket) {
            if (error == asio::error::operation_aborted || !self->acceptor.is_open()) return;
            if (error) return self->accept_later();
            if (*self->open < max_local_connections) {
                std::make_shared<Connection>(std::move(socket), self->handler, self->open)->start();
            }
            self->accept();
        });
    }

    // Out of descriptors: a new attempt at once would spin.
    void accept_later() {
        pause.expires_after(std::chrono::milliseconds(100));
        pause.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error && self->acceptor.is_open()) self->accept();
        });
    }

    void stop() {
        error_code ignored;
        pause.cancel();
        static_cast<void>(acceptor.close(ignored));
        ::unlink(path.c_str());
    }

    Stream::acceptor acceptor;
    asio::steady_timer pause;
    std::string path;
    std::shared_ptr<const LocalHandler> handler;
    std::shared_ptr<std::size_t> open = std::make_shared<std::size_t>(0);
};

Result<std::unique_ptr<LocalSocket>, std::string> LocalSocket::listen(asio::io_context& loop,
                                                                      const std::string& path,
                                                                      LocalHandler handler) {
    if (auto room = remove_stale(path); !room) return failure(room.error());
    auto socket = listen_unix(path, socket_mode);
    if (!socket) return failure("cannot listen on " + path + ": " + errno_text(socket.error()));
    auto server = std::make_shared<Server>(loop, path, std::move(handler));
    server->acceptor.assign(Stream(), socket->release());
    server->accept();
    return std::unique_ptr<LocalSocket>(new LocalSocket(std::move(server)));
}

LocalSocket::LocalSocket(std::shared_ptr<Server> server) : server_(std::move(server)) {}
// Cancelling a timer throws only when the loop itself is broken; ending is then right.
// NOLINTNEXTLINE(bugprone-exception-escape)
LocalSocket::~LocalSocket() {
    server_->stop();
}

}  // namespace jkp::io
