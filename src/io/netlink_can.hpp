// SPDX-License-Identifier: MIT
// The CAN interfaces of this machine, asked and configured through rtnetlink (libnl-route-3), never a shell.
// Asking needs no privilege, configuring needs CAP_NET_ADMIN. Every call opens its own netlink socket and
// returns within milliseconds, but bringing up a kernel slcan interface may take seconds when its adapter
// does not read. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace jkp::io {

enum class CanControllerState : std::uint8_t { unknown, error_active, warning, passive, bus_off, stopped };

struct CanInterface {
    std::string name;
    int index = 0;
    bool up = false;                // administratively
    bool has_controller = false;    // false for vcan: no bitrate, no states
    bool echoes_when_sent = false;  // own frames come back when the driver has sent them, not before
    std::uint32_t bitrate = 0;      // bit/s; 0 = not set
    std::uint32_t restart_ms = 0;   // 0 = no automatic restart after a bus-off
    CanControllerState controller = CanControllerState::unknown;
};

std::vector<CanInterface> list_can_interfaces();
// nullopt when there is no such interface or it is none of CAN.
std::optional<CanInterface> find_can_interface(const std::string& name);
// "can9 does not exist; CAN interfaces here: can0, vcan0"
std::string missing_can_interface_sentence(const std::string& name);

// What could not be set although the interface is up; empty when all is as wished.
using BringUpNote = std::string;
// Sets bitrate and restart_ms and brings the interface up. Leaves alone an interface that is up with this
// bitrate; one that is up with another is taken down first. The error is a sentence with the next step.
Result<BringUpNote, std::string> bring_up(const std::string& name, std::uint32_t bitrate,
                                          std::uint32_t restart_ms);
Result<void, std::string> take_down(const std::string& name);

}  // namespace jkp::io
