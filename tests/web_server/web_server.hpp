// SPDX-License-Identifier: MIT
// A web server on 127.0.0.1 and a port of the kernel's choice, on a thread of its own, which says what the
// test tells it. One connection after the other, one answer each.
#pragma once

#include <openssl/ssl.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "io/file_descriptor.hpp"
#include "io_files/temporary_folder.hpp"
#include "web_server/certificate.hpp"

namespace jkp::testing {

struct WebRequest {
    std::string method;
    std::string target;  // path and query
    std::string head;    // all header lines
    std::string body;
    [[nodiscard]] std::string header(const std::string& name) const;  // empty: none
};

struct WebAnswer {
    int status = 200;
    std::string body;
    std::string headers;  // lines with their "\r\n"
    bool hang = false;    // says nothing until the other side gives up
    bool whole = true;    // false: breaks off in the middle of the body
};

enum class WebSecurity : std::uint8_t { plain, tls, tls_for_another_host };

class WebServer {
  public:
    using Responder = std::function<WebAnswer(const WebRequest&)>;  // called on the server's thread
    explicit WebServer(Responder responder, WebSecurity security = WebSecurity::tls);
    ~WebServer();
    WebServer(const WebServer&) = delete;
    WebServer& operator=(const WebServer&) = delete;

    [[nodiscard]] std::string url(const std::string& target = "/") const;
    [[nodiscard]] std::string ca_file() const { return folder_.file("ca.pem"); }
    [[nodiscard]] std::vector<WebRequest> requests() const;

  private:
    struct SslContextDeleter {
        void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    };

    void set_up_tls(WebSecurity security);
    void serve();
    void talk(int fd);
    template <class Stream>
    void answer(Stream& stream, int fd);
    void wait_for_the_end(int fd) const;

    Responder responder_;
    io::testing::TemporaryFolder folder_;
    std::unique_ptr<SSL_CTX, SslContextDeleter> tls_;
    io::FileDescriptor listener_;
    io::FileDescriptor end_;  // an eventfd
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<WebRequest> requests_;
    std::thread thread_;
};

}  // namespace jkp::testing
