// SPDX-License-Identifier: MIT
#include "web_server/web_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <utility>

namespace jkp::testing {
namespace {

constexpr int patience_ms = 5000;  // no test waits longer for the other side

struct PlainStream {
    int fd;
    [[nodiscard]] int read(char* data, int size) const {
        return static_cast<int>(::recv(fd, data, static_cast<std::size_t>(size), 0));
    }
    void write(const std::string& text) const { (void)::send(fd, text.data(), text.size(), MSG_NOSIGNAL); }
};

struct TlsStream {
    SSL* ssl;
    [[nodiscard]] int read(char* data, int size) const { return SSL_read(ssl, data, size); }
    void write(const std::string& text) const {
        if (!text.empty()) (void)SSL_write(ssl, text.data(), static_cast<int>(text.size()));
    }
};

template <class Stream>
std::optional<WebRequest> read_request(Stream& stream) {
    std::string text;
    std::size_t end = std::string::npos;
    std::size_t length = 0;
    char part[4096];
    while (end == std::string::npos || text.size() < end + 4 + length) {
        const int got = stream.read(part, sizeof part);
        if (got <= 0) return std::nullopt;
        text.append(part, static_cast<std::size_t>(got));
        if (end == std::string::npos && (end = text.find("\r\n\r\n")) != std::string::npos) {
            const WebRequest head{"", "", text.substr(0, end), ""};
            length = std::strtoul(head.header("Content-Length").c_str(), nullptr, 10);
        }
    }
    const std::size_t first = text.find(' ');
    const std::size_t second = text.find(' ', first + 1);
    return WebRequest{text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(0, end),
                      text.substr(end + 4)};
}

}  // namespace

std::string WebRequest::header(const std::string& name) const {
    for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at)) {
        at += 2;
        if (::strncasecmp(head.c_str() + at, (name + ": ").c_str(), name.size() + 2) != 0) continue;
        const std::size_t begin = at + name.size() + 2;
        return head.substr(begin, head.find("\r\n", begin) - begin);
    }
    return {};
}

WebServer::WebServer(Responder responder, WebSecurity security)
    : responder_(std::move(responder)),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      end_(::eventfd(0, EFD_CLOEXEC)) {
    std::signal(SIGPIPE, SIG_IGN);  // a client that refuses the certificate hangs up at once
    if (security != WebSecurity::plain) set_up_tls(security);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.fd(), generic, size) != 0 || ::listen(listener_.fd(), 16) != 0 ||
        ::getsockname(listener_.fd(), generic, &size) != 0) {
        throw std::runtime_error("web server: no port");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

WebServer::~WebServer() {
    const std::uint64_t one = 1;
    (void)!::write(end_.fd(), &one, sizeof one);
    thread_.join();
}

std::string WebServer::url(const std::string& target) const {
    return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) + target;
}

std::vector<WebRequest> WebServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void WebServer::set_up_tls(WebSecurity security) {
    const Certificate certificate =
        make_certificate(security == WebSecurity::tls ? "IP:127.0.0.1" : "DNS:other.example");
    write_pem(certificate, ca_file());
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_use_certificate(tls_.get(), certificate.certificate.get());
    SSL_CTX_use_PrivateKey(tls_.get(), certificate.key.get());
}

void WebServer::serve() {
    while (true) {
        pollfd items[2]{{listener_.fd(), POLLIN, 0}, {end_.fd(), POLLIN, 0}};
        ::poll(items, 2, -1);
        if (items[1].revents != 0) return;
        const io::FileDescriptor connection(::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC));
        if (connection.fd() >= 0) talk(connection.fd());
    }
}

void WebServer::talk(int fd) {
    const timeval limit{patience_ms / 1000, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (!tls_) {
        PlainStream stream{fd};
        return answer(stream, fd);
    }
    const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(tls_.get()), &SSL_free);
    SSL_set_fd(ssl.get(), fd);
    if (SSL_accept(ssl.get()) != 1) return;
    TlsStream stream{ssl.get()};
    answer(stream, fd);
    SSL_shutdown(ssl.get());
}

template <class Stream>
void WebServer::answer(Stream& stream, int fd) {
    const auto request = read_request(stream);
    if (!request) return;
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(*request);
    }
    const WebAnswer said = responder_(*request);
    if (said.hang) return wait_for_the_end(fd);
    stream.write("HTTP/1.1 " + std::to_string(said.status) + " Said\r\nConnection: close\r\n" + said.headers +
                 "Content-Length: " + std::to_string(said.body.size()) + "\r\n\r\n");
    stream.write(said.whole ? said.body : said.body.substr(0, said.body.size() / 2));
}

void WebServer::wait_for_the_end(int fd) const {
    pollfd items[2]{{fd, POLLIN, 0}, {end_.fd(), POLLIN, 0}};
    ::poll(items, 2, patience_ms);
}

}  // namespace jkp::testing
