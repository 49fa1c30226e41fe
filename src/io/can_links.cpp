// SPDX-License-Identifier: MIT
#include "io/can_links.hpp"

#include <net/if.h>

#include <stdexcept>

#include "core/ensure.hpp"
#include "io/slcan_codec.hpp"

namespace jkp::io {
namespace {

void require(bool holds, const std::string& sentence) {
    if (!holds) throw std::invalid_argument(sentence);
}

}  // namespace

std::unique_ptr<CanLink> make_can_link(boost::asio::io_context& io, const CanLinkSettings& settings) {
    switch (settings.kind) {
        case CanLinkKind::socketcan:
            require(!settings.interface.empty() && settings.interface.size() < IFNAMSIZ,
                    "\"" + settings.interface + "\" cannot be the name of a CAN interface");
            return make_socketcan_link(io, settings);
        case CanLinkKind::slcan:
            require(!settings.path.empty(), "an slcan link needs the path of its tty");
            require(slcan_bitrate_digit(settings.bitrate).has_value(),
                    "slcan knows no bitrate of " + std::to_string(settings.bitrate) +
                        " bit/s; it knows 10, 20, 50, 100, 125, 250, 500, 800 and 1000 kbit/s");
            return make_slcan_link(io, settings);
        case CanLinkKind::cannelloni:
            require(!settings.host.empty() && settings.port != 0,
                    "a cannelloni link needs a host and its port");
            return make_cannelloni_link(io, settings);
        case CanLinkKind::candump:
            require(!settings.path.empty(), "a candump link needs the path of its file");
            return make_candump_link(io, settings);
    }
    broken("an unknown kind of CAN link", std::source_location::current());
}

}  // namespace jkp::io
