// SPDX-License-Identifier: MIT
#include "goodwe/discovery.hpp"

#include <algorithm>
#include <iterator>

#include "core/ensure.hpp"

namespace jkp::goodwe {
namespace {

constexpr std::string_view dongle = "dongle@";
constexpr std::string_view ccm = "ccm@";
constexpr std::string_view busy = "@busy";

std::string printable_only(std::string_view text) {
    std::string kept;
    std::ranges::copy_if(text, std::back_inserter(kept), [](char c) { return c >= 0x20 && c < 0x7F; });
    return kept;
}

// Cuts the part before the next comma off `rest`.
std::string next_part(std::string_view& rest) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    std::string part(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

bool is_address(std::string_view text) {
    return std::ranges::count(text, '.') == 3 &&
           std::ranges::all_of(text, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

// "SN@busy" -> "SN"
std::string serial_of(std::string_view text) {
    const std::size_t end = std::min(text.find_first_of(",@"), text.size());
    return std::string(text.substr(0, end));
}

Found classic(std::string_view text) {
    std::string_view rest = text;
    if (!is_address(next_part(rest))) return {};
    Found found{.module = Module::classic, .serial = {}, .name = {}, .mac = next_part(rest)};
    found.name = next_part(rest);
    return found;
}

}  // namespace

std::string_view name(Module module) {
    switch (module) {
        case Module::classic: return "classic";
        case Module::dtls: return "dtls";
        case Module::modbus: return "modbus";
        case Module::unknown: return "unknown";
    }
    broken("a Module of the list", std::source_location::current());
}

Found read_discovery(std::string_view raw) {
    const std::string text = printable_only(raw);
    if (text.starts_with(dongle)) {
        return {.module = Module::dtls,
                .serial = serial_of(std::string_view(text).substr(dongle.size())),
                .name = {},
                .mac = {},
                .busy = text.find(busy) != std::string::npos};
    }
    if (text.starts_with(ccm)) {
        return {.module = Module::modbus,
                .serial = serial_of(std::string_view(text).substr(ccm.size())),
                .name = {},
                .mac = {}};
    }
    return classic(text);
}

std::string advice(const Found& found, std::string_view address) {
    const std::string host = "host = \"" + std::string(address) + "\"";
    switch (found.module) {
        case Module::classic: return "Classic WiFi module. It can be read: [peer.goodwe] " + host + ".";
        case Module::dtls:
            return std::string("Kit-20 dongle that speaks encrypted (DTLS) only") +
                   (found.busy ? ", and another program has its one session" : "") +
                   ". It cannot be read on the network; SEMS can, and so can a module with Modbus TCP.";
        case Module::modbus:
            return "Kit-20 module with Modbus TCP. It can be read: [peer.goodwe] " + host +
                   ", transport = \"tcp\".";
        case Module::unknown:
            return "This answer is not known; jk-pylon goodwe with the address may tell more.";
    }
    broken("a Module of the list", std::source_location::current());
}

}  // namespace jkp::goodwe
