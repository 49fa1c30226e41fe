// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

namespace jkp::testing {

// Takes every connection and gives each the same answer to its first word.
class Refuser {
  public:
    Refuser(boost::asio::io_context& loop, std::string answer)
        : listener_(loop, {boost::asio::ip::address_v4::loopback(), 0}), answer_(std::move(answer)) {
        accept();
    }
    [[nodiscard]] std::uint16_t port() const { return listener_.local_endpoint().port(); }

  private:
    using Tcp = boost::asio::ip::tcp;
    struct Guest {
        explicit Guest(Tcp::socket of) : socket(std::move(of)) {}
        Tcp::socket socket;
        std::array<char, 256> heard{};
    };
    void accept() {
        listener_.async_accept([this](const auto& error, Tcp::socket socket) {
            if (error) return;
            const auto guest = std::make_shared<Guest>(std::move(socket));
            guest->socket.async_read_some(boost::asio::buffer(guest->heard),
                                          [guest, text = answer_](const auto& failed, std::size_t) {
                                              boost::system::error_code ignored;
                                              if (!failed)
                                                  guest->socket.send(boost::asio::buffer(text), 0, ignored);
                                          });
            accept();
        });
    }
    Tcp::acceptor listener_;
    std::string answer_;
};

}  // namespace jkp::testing
