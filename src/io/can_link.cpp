// SPDX-License-Identifier: MIT
#include "io/can_link.hpp"

namespace jkp::io {

std::string_view name(CanLinkState state) {
    switch (state) {
        case CanLinkState::closed: return "closed";
        case CanLinkState::missing: return "missing";
        case CanLinkState::down: return "down";
        case CanLinkState::up: return "up";
    }
    return "";
}

}  // namespace jkp::io
