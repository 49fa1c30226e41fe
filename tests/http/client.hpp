// SPDX-License-Identifier: MIT
// A client that sends exactly what a test tells it and never waits longer than a deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "io/file_descriptor.hpp"

namespace jkp::testing {

struct Reply {
    int status = 0;
    std::string head;
    std::string body;
    [[nodiscard]] std::string field(std::string_view name) const;  // empty: none
};

inline constexpr std::chrono::seconds client_patience{20};

class Client {
  public:
    // `receive_buffer`: a small one makes a slow reader.
    explicit Client(std::uint16_t port, int receive_buffer = 0);

    // False: the other side has closed.
    bool send(std::string_view bytes);
    // The next reply; absent: the connection ended instead.
    std::optional<Reply> reply(bool has_body = true);
    // Until `end` has arrived, with it; what was read by then when the connection ended or the time was over.
    std::string read_until(std::string_view end);
    // Whether the other side ends the connection; throws when it does not in time.
    bool ends();

    static std::string get(std::string_view target, std::string_view more = "");
    static Reply once(std::uint16_t port, const std::string& request);

  private:
    bool read_more();
    io::FileDescriptor socket_;
    std::string buffer_;
};

}  // namespace jkp::testing
