// SPDX-License-Identifier: MIT
#include "app/wiring.hpp"

#include <tuple>

#include "core/ensure.hpp"

namespace jkp::app {
namespace {

io::CanLinkKind kind(config::CanKind kind) {
    switch (kind) {
        case config::CanKind::socketcan: return io::CanLinkKind::socketcan;
        case config::CanKind::slcan: return io::CanLinkKind::slcan;
        case config::CanKind::cannelloni: return io::CanLinkKind::cannelloni;
        case config::CanKind::candump: return io::CanLinkKind::candump;
    }
    broken("a CanKind of the list", std::source_location::current());
}

io::LogTarget target(config::LogTarget target) {
    switch (target) {
        case config::LogTarget::console: return io::LogTarget::console;
        case config::LogTarget::journald: return io::LogTarget::journald;
        case config::LogTarget::file: return io::LogTarget::file;
    }
    broken("a LogTarget of the list", std::source_location::current());
}

GoodweFamily family(config::GoodweFamily family) {
    switch (family) {
        case config::GoodweFamily::automatic: return GoodweFamily::automatic;
        case config::GoodweFamily::es: return GoodweFamily::es;
        case config::GoodweFamily::et: return GoodweFamily::et;
    }
    broken("a GoodweFamily of the list", std::source_location::current());
}

GoodweTransport transport(config::GoodweTransport transport) {
    switch (transport) {
        case config::GoodweTransport::udp: return GoodweTransport::udp;
        case config::GoodweTransport::tcp: return GoodweTransport::tcp;
    }
    broken("a GoodweTransport of the list", std::source_location::current());
}

io::LogLevel level(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::debug: return io::LogLevel::debug;
        case config::LogLevel::info: return io::LogLevel::info;
        case config::LogLevel::warning: return io::LogLevel::warning;
        case config::LogLevel::error: return io::LogLevel::error;
    }
    broken("a LogLevel of the list", std::source_location::current());
}

}  // namespace

ControllerSettings controller_settings(const config::Settings& s, bool link_proves_acknowledge) {
    ControllerSettings result;
    result.control = s.control;
    result.transport.transmit = s.can.transmit;
    result.transport.supervise_echo = link_proves_acknowledge;
    result.transport.period = s.can.period;
    result.profile.name = s.profile.name;
    result.profile.pad_to_8 = s.profile.pad_to_8;
    result.send_alive = s.can.send_alive;
    return result;
}

JkPollerSettings poller_settings(const config::Settings& s, std::size_t pack) {
    JkPollerSettings result;
    result.port = s.links[pack].port;
    result.poll_period = s.control.packs[pack].poll_period;
    result.response_timeout = s.links[pack].response_timeout;
    return result;
}

GoodwePeerSettings goodwe_settings(const config::GoodweSettings& s) {
    GoodwePeerSettings result;
    result.address.host = s.host;
    if (s.port) result.address.port = static_cast<std::uint16_t>(*s.port);
    result.address.transport = transport(s.transport);
    result.family = family(s.family);
    result.poll_period = s.poll_period;
    return result;
}

io::CanLinkSettings can_link_settings(const config::CanSettings& s) {
    io::CanLinkSettings result;
    result.kind = kind(s.kind);
    result.interface = s.interface;
    result.bitrate = static_cast<std::uint32_t>(s.bitrate);
    result.restart_ms = static_cast<std::uint32_t>(milliseconds(s.restart));
    result.manage_interface = s.manage_interface;
    result.path = s.kind == config::CanKind::candump ? s.file : s.port;
    const std::size_t colon = s.remote.rfind(':');
    if (colon != std::string::npos) {
        result.host = s.remote.substr(0, colon);
        result.port = static_cast<std::uint16_t>(std::stoi(s.remote.substr(colon + 1)));
    }
    result.local_address = s.local_address;
    result.local_port = static_cast<std::uint16_t>(s.local_port);
    return result;
}

bool same_bus(const io::CanLinkSettings& a, const io::CanLinkSettings& b) {
    const auto place = [](const io::CanLinkSettings& s) {
        return std::tie(s.kind, s.interface, s.path, s.host, s.port);
    };
    return place(a) == place(b) && a.bitrate == b.bitrate;
}

io::LogOptions log_options(const config::LogSettings& s) {
    return {.target = target(s.target),
            .level = level(s.level),
            .file = s.file,
            .max_size_kb = static_cast<std::size_t>(s.max_size_kb),
            .files = static_cast<std::size_t>(s.files)};
}

}  // namespace jkp::app
