// SPDX-License-Identifier: MIT
// The second inverter.
#include "config/check.hpp"

namespace jkp::config {

void check_peer(const Settings& settings, Findings& findings) {
    const GoodweSettings& goodwe = settings.goodwe;
    if (goodwe.transport == GoodweTransport::tcp && goodwe.family == GoodweFamily::es) {
        findings.contradiction({"peer.goodwe.transport", "peer.goodwe.family"},
                               "peer.goodwe.transport \"tcp\" and peer.goodwe.family \"es\" exclude one "
                               "another: inverters of this family have no Modbus TCP");
    }
    if (goodwe.enabled()) return;
    for (const char* key : {"port", "family", "transport", "poll_s"}) {
        const std::string path = std::string("peer.goodwe.") + key;
        if (findings.has_seen(path)) findings.warning(path, "is not used: peer.goodwe.host is not set");
    }
}

}  // namespace jkp::config
