// SPDX-License-Identifier: MIT
// From [peer.sems] to the settings of SemsPeer.
#pragma once

#include "app/sems_peer.hpp"
#include "config/portal_settings.hpp"

namespace jkp::app {

SemsPeerSettings sems_peer_settings(const config::PortalSettings& settings);

}  // namespace jkp::app
