// SPDX-License-Identifier: MIT
// The SEMS portal.
#include "config/check.hpp"

namespace jkp::config {

void check_portal(const Settings& settings, Findings& findings) {
    const PortalSettings& portal = settings.portal;
    const auto unused = [&](const char* key, const std::string& why) {
        const std::string path = std::string("peer.sems.") + key;
        if (findings.has_seen(path)) findings.warning(path, "is not used: " + why);
    };
    if (!portal.enabled()) {
        for (const char* key :
             {"api", "base_url", "inverter", "credentials_file", "credential", "poll_s", "ca_file"}) {
            unused(key, "peer.sems.station is not set");
        }
        return;
    }
    if (portal.api == PortalApi::semsplus) unused("inverter", "api \"semsplus\" gives the whole station");
    if (!portal.credentials_file.empty()) unused("credential", "credentials_file is set");
}

}  // namespace jkp::config
