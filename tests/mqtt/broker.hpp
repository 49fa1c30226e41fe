// SPDX-License-Identifier: MIT
// Debian's mosquitto as a child of the test, on a free loopback port and with a folder of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace jkp::testing {

struct BrokerOptions {
    bool started = true;
    bool tls = false;  // own CA, certificate for localhost
    bool client_certificate = false;
    std::string user{};  // empty: anybody
    std::string password{};
    std::string more{};  // further lines of the configuration
};

class Broker {
  public:
    explicit Broker(BrokerOptions options = {});
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    void start();  // and waits until it listens
    void kill();   // SIGKILL
    void pause();  // SIGSTOP
    void resume();
    void set_password(const std::string& password);  // after the next start

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_ + '/' + name; }
    // Writes a file of mode 0600 and gives its path.
    [[nodiscard]] std::string secret(const std::string& name, const std::string& text) const;

  private:
    void certificates() const;
    void configure() const;

    BrokerOptions options_;
    std::string folder_;
    std::uint16_t port_ = 0;
    pid_t pid_ = -1;
};

// A port on which nobody listens.
std::uint16_t free_port();

}  // namespace jkp::testing
