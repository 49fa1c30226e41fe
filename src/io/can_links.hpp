// SPDX-License-Identifier: MIT
// Every way to a CAN bus, made from one set of settings.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "io/can_link.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

enum class CanLinkKind : std::uint8_t { socketcan, slcan, cannelloni, candump };

struct CanLinkSettings {
    CanLinkKind kind = CanLinkKind::socketcan;

    std::string interface = "can0";   // socketcan; the name written into a candump file
    std::uint32_t bitrate = 500'000;  // bit/s; socketcan sets it only with manage_interface
    std::uint32_t restart_ms = 100;   // socketcan with manage_interface; 0 = no automatic restart
    bool manage_interface = false;    // configure and bring up the interface; needs CAP_NET_ADMIN

    std::string path;              // slcan: the tty; candump: the file
    std::uint32_t baud = 115'200;  // slcan on a serial port; USB adapters ignore it

    std::string host;                         // cannelloni: the peer, name or address
    std::uint16_t port = 20'000;              // cannelloni: the peer's port
    std::string local_address = "127.0.0.1";  // cannelloni: where packets are received
    std::uint16_t local_port = 20'000;

    std::uint64_t file_limit_bytes = 16 << 20;  // candump: no line is written beyond it

    bool receive_all = false;  // deliver every data frame, not only those of can_filter.hpp

    bool operator==(const CanLinkSettings&) const = default;
};

// Throws std::invalid_argument when the settings cannot work whatever is plugged in.
// The link is used by the thread that runs `io`, and is destroyed before `io`.
std::unique_ptr<CanLink> make_can_link(boost::asio::io_context& io, const CanLinkSettings& settings);

// The four kinds behind make_can_link.
std::unique_ptr<CanLink> make_socketcan_link(boost::asio::io_context& io, const CanLinkSettings& settings);
std::unique_ptr<CanLink> make_slcan_link(boost::asio::io_context& io, const CanLinkSettings& settings);
std::unique_ptr<CanLink> make_cannelloni_link(boost::asio::io_context& io, const CanLinkSettings& settings);
std::unique_ptr<CanLink> make_candump_link(boost::asio::io_context& io, const CanLinkSettings& settings);

}  // namespace jkp::io
