// SPDX-License-Identifier: MIT
#include "app/sems_settings.hpp"

#include "core/ensure.hpp"

namespace jkp::app {
namespace {

goodwe::SemsApi api(config::PortalApi api) {
    switch (api) {
        case config::PortalApi::legacy: return goodwe::SemsApi::legacy;
        case config::PortalApi::semsplus: return goodwe::SemsApi::semsplus;
    }
    broken("a PortalApi of the list", std::source_location::current());
}

}  // namespace

SemsPeerSettings sems_peer_settings(const config::PortalSettings& s) {
    SemsPeerSettings result;
    result.station.api = api(s.api);
    result.station.base =
        s.base_url.empty() ? std::string(goodwe::usual_base(result.station.api)) : s.base_url;
    while (result.station.base.ends_with('/')) result.station.base.pop_back();
    result.station.id = s.station;
    result.station.inverter = s.inverter;
    result.poll_period = s.poll_period;
    result.credentials_file = s.credentials_file;
    result.credential = s.credential;
    result.ca_file = s.ca_file;
    return result;
}

}  // namespace jkp::app
