// SPDX-License-Identifier: MIT
// Senders and a loop on the loopback interface: nothing leaves the machine.
#pragma once

#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>
#include <vector>

#include "core/ensure.hpp"
#include "io/clock.hpp"
#include "meter/encode_speedwire.hpp"

namespace jkp {

using boost::asio::ip::udp;
using Buffer = std::vector<std::uint8_t>;

inline const char* const meter_group = "239.12.255.254";

class Sender {
  public:
    Sender() : socket_(context_, {boost::asio::ip::address_v4::any(), 0}) {
        ip_mreqn loopback{};
        loopback.imr_ifindex = static_cast<int>(::if_nametoindex("lo"));
        const int failed =
            ::setsockopt(socket_.native_handle(), IPPROTO_IP, IP_MULTICAST_IF, &loopback, sizeof loopback);
        ensure(failed == 0, "multicast leaves by the loopback interface");
    }
    void to_group(std::uint16_t port, const Buffer& bytes, const char* group = meter_group) {
        send(group, port, bytes);
    }
    void to_us_alone(std::uint16_t port, const Buffer& bytes) { send("127.0.0.1", port, bytes); }

  private:
    void send(const char* address, std::uint16_t port, const Buffer& bytes) {
        socket_.send_to(boost::asio::buffer(bytes), {boost::asio::ip::make_address(address), port});
    }

    boost::asio::io_context context_;
    udp::socket socket_;
};

// Runs the loop until the condition holds; false when it still does not after `patience`.
template <class Condition>
bool run_until(boost::asio::io_context& loop, Condition holds, Duration patience = std::chrono::seconds(10)) {
    const TimePoint deadline = io::now() + patience;
    while (!holds() && io::now() < deadline) {
        loop.restart();
        loop.run_one_for(std::chrono::milliseconds(20));
    }
    return holds();
}

// Waits without running a loop, so that what arrives stays in the kernel.
inline void let_pass(Duration time) {
    const TimePoint end = io::now() + time;
    while (io::now() < end) {
    }
}

inline Buffer datagram(std::uint32_t serial, std::uint32_t ticker_ms, int grid_w) {
    return meter::encode_speedwire(meter::simulated_reading({.serial = serial,
                                                             .ticker_ms = ticker_ms,
                                                             .grid = Watts(grid_w),
                                                             .imported = WattHours(1000),
                                                             .exported = WattHours(2000)}));
}

}  // namespace jkp
