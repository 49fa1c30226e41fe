// SPDX-License-Identifier: MIT
#include "io/udp_broadcast.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

constexpr std::size_t most_replies = 100;

class Collector {
  public:
    Result<std::vector<UdpReply>, std::string> run(const udp::endpoint& to, std::string_view question,
                                                   Duration wait) {
        error_code failed;
        socket_.open(to.protocol(), failed);
        if (!failed) socket_.set_option(asio::socket_base::broadcast(true), failed);
        if (!failed) socket_.send_to(asio::buffer(question), to, 0, failed);
        if (failed) return failure("cannot ask " + to.address().to_string() + ": " + failed.message());
        receive();
        loop_.run_for(wait);
        return std::move(replies_);
    }

  private:
    void receive() {
        socket_.async_receive_from(
            asio::buffer(buffer_), sender_, [this](const error_code& failed, std::size_t size) {
                if (!failed) {
                    replies_.push_back({sender_.address().to_string(), std::string(buffer_.data(), size)});
                }
                if (replies_.size() < most_replies) receive();
            });
    }

    asio::io_context loop_{1};
    udp::socket socket_{loop_};
    udp::endpoint sender_;
    std::array<char, 1024> buffer_{};
    std::vector<UdpReply> replies_;
};

}  // namespace

Result<std::vector<UdpReply>, std::string> ask_all(const std::string& address, std::uint16_t port,
                                                   std::string_view question, Duration wait) {
    error_code failed;
    const auto to = asio::ip::make_address(address, failed);
    if (failed) return failure('"' + address + "\" is no address: " + failed.message());
    return Collector().run({to, port}, question, wait);
}

}  // namespace jkp::io
