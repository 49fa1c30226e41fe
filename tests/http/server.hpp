// SPDX-License-Identifier: MIT
// A web server on a loop and thread of its own, for clients that block.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "http/client.hpp"
#include "io/http_server.hpp"

namespace jkp::testing {

class LoopThread {
  public:
    LoopThread() : work_(loop.get_executor()), thread_([this] { loop.run(); }) {}
    ~LoopThread() {
        work_.reset();
        loop.stop();
        thread_.join();
    }
    LoopThread(const LoopThread&) = delete;
    LoopThread& operator=(const LoopThread&) = delete;

    // Runs it on the loop's thread and waits for its result.
    template <class Function>
    auto run(Function function) {
        std::packaged_task<decltype(function())()> task(std::move(function));
        auto result = task.get_future();
        boost::asio::post(loop, [&] { task(); });
        return result.get();
    }

    boost::asio::io_context loop;

  private:
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    std::thread thread_;
};

// Says the method, path, query and body it got.
inline void echo(const io::WebRequest& request, io::WebResponder respond) {
    io::WebReply reply;
    reply.content_type = "text/plain; charset=utf-8";
    reply.text = (request.method == io::WebMethod::post ? "POST " : "GET ") + request.path;
    for (const auto& [name, value] : request.query) reply.text += ' ' + name + '=' + value;
    if (!request.body.empty()) reply.text += " body " + std::to_string(request.body.size());
    respond(std::move(reply));
}

class Server {
  public:
    explicit Server(io::WebHandler handler = echo, io::HttpServerSettings settings = {}) {
        server_ = thread_.run([&] {
            auto server = io::HttpServer::listen(thread_.loop, settings, std::move(handler));
            if (!server) throw std::runtime_error(server.error());
            return std::move(*server);
        });
    }
    ~Server() { end(); }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    Reply once(const std::string& request) const { return Client::once(port(), request); }
    io::HttpServerCounters counters() {
        return thread_.run([this] { return server_->counters(); });
    }
    std::size_t open_connections() {
        return thread_.run([this] { return server_->open_connections(); });
    }
    std::size_t open_streams() {
        return thread_.run([this] { return server_->open_streams(); });
    }
    LoopThread& thread() { return thread_; }
    void end() {
        thread_.run([this] { server_.reset(); });
    }

  private:
    LoopThread thread_;
    std::unique_ptr<io::HttpServer> server_;
};

}  // namespace jkp::testing
