// SPDX-License-Identifier: MIT
// From the configuration to the settings of each block.
#pragma once

#include "app/controller.hpp"
#include "app/goodwe_peer.hpp"
#include "app/jk_poller.hpp"
#include "config/settings.hpp"
#include "io/can_links.hpp"
#include "io/log.hpp"

namespace jkp::app {

ControllerSettings controller_settings(const config::Settings& settings, bool link_proves_acknowledge);
JkPollerSettings poller_settings(const config::Settings& settings, std::size_t pack);
io::CanLinkSettings can_link_settings(const config::CanSettings& settings);
// Whether what is sent reaches the same inverter.
bool same_bus(const io::CanLinkSettings& a, const io::CanLinkSettings& b);
GoodwePeerSettings goodwe_settings(const config::GoodweSettings& settings);
io::LogOptions log_options(const config::LogSettings& settings);

}  // namespace jkp::app
