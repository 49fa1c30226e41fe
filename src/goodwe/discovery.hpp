// SPDX-License-Identifier: MIT
// What the communication modules of GoodWe inverters answer to the question who is there. Source:
// docs/protocols/goodwe.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jkp::goodwe {

inline constexpr std::string_view discovery_question = "WIFIKIT-214028-READ";
inline constexpr std::uint16_t discovery_port = 48899;

enum class Module : std::uint8_t {
    classic,  // "192.168.1.20,289C6E05A5B1,Solar-WiFi193W0782": AA55 and Modbus over UDP 8899
    dtls,     // "dongle@SN,dtls_port:8899,SN" or "...@busy": encrypted, one session at a time
    modbus,   // "ccm@SN,ccm@SN,SN": Modbus TCP 502
    unknown,
};
std::string_view name(Module module);

struct Found {
    Module module = Module::unknown;
    std::string serial;  // dtls, modbus; empty = not told
    std::string name;    // classic: of the module
    std::string mac;     // classic
    bool busy = false;   // dtls: somebody has the one session
    bool operator==(const Found&) const = default;
};

// Any text gives something; what is not printable is left out.
Found read_discovery(std::string_view text);

// What it means for the owner, in one or two sentences. `address`: where the answer came from.
std::string advice(const Found& found, std::string_view address);

}  // namespace jkp::goodwe
