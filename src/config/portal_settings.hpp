// SPDX-License-Identifier: MIT
// The second inverter, read through the SEMS portal. Never user and password: they are in a file of their
// own.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/time.hpp"

namespace jkp::config {

enum class PortalApi : std::uint8_t { legacy, semsplus };

struct PortalSettings {
    std::string station;  // empty = the portal is not asked
    PortalApi api = PortalApi::semsplus;
    std::string base_url;  // empty = the usual one of `api`
    std::string inverter;  // serial number; empty = the station's only one
    std::string credentials_file;
    std::string credential = "sems";  // of LoadCredential=, without credentials_file
    Duration poll_period = std::chrono::seconds(60);
    std::string ca_file;
    [[nodiscard]] bool enabled() const { return !station.empty(); }
    bool operator==(const PortalSettings&) const = default;
};

}  // namespace jkp::config
