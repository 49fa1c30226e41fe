// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

namespace jkp::config {
namespace {

constexpr std::string_view families[] = {"auto", "es", "et"};
constexpr std::string_view transports[] = {"udp", "tcp"};
constexpr std::size_t longest_host = 253;

const Key<Settings> rows[] = {
    {"peer.goodwe", "host", text<&Settings::goodwe, &GoodweSettings::host>(TextForm::word, longest_host),
     "Name or address of the inverter's WiFi or LAN module; without it no GoodWe is read. jk-pylon goodwe "
     "--discover finds it."},
    {"peer.goodwe", "port", number<&Settings::goodwe, &GoodweSettings::port>(plain, 1, 65535),
     "The port of the module; without it 8899 for udp and 502 for tcp."},
    {"peer.goodwe", "family", choice<&Settings::goodwe, &GoodweSettings::family>(families),
     "How the inverter is spoken to: es for ES, EM, BP and ESA, et for ET, EH, BT and BH; auto finds out and "
     "decides by the serial number."},
    {"peer.goodwe", "transport", choice<&Settings::goodwe, &GoodweSettings::transport>(transports),
     "udp for the classic WiFi modules, tcp (Modbus TCP) for newer modules with an inverter of the et "
     "family."},
    {"peer.goodwe", "poll_s", number<&Settings::goodwe, &GoodweSettings::poll_period>(seconds_, 5, 600),
     "How often the inverter is asked; below 5 s the modules get unreliable."},
};

}  // namespace

std::span<const Key<Settings>> peer_keys() {
    return rows;
}

}  // namespace jkp::config
