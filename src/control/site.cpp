// SPDX-License-Identifier: MIT
#include "control/site.hpp"

#include "core/ensure.hpp"

namespace jkp::control {

std::string_view name(PeerSource source) {
    switch (source) {
        case PeerSource::local: return "local";
        case PeerSource::sensor: return "sensor";
        case PeerSource::json: return "json";
        case PeerSource::portal: return "portal";
    }
    broken("a PeerSource of the list", std::source_location::current());
}

}  // namespace jkp::control
