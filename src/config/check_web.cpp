// SPDX-License-Identifier: MIT
// The web server.
#include "config/check.hpp"

namespace jkp::config {
namespace {

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1";
}

}  // namespace

void check_web(const Settings& settings, Findings& findings) {
    const WebSettings& web = settings.web;
    if (!web.enabled) {
        for (const char* key : {"listen", "port", "base_path", "hosts", "write_token_file", "write_token",
                                "read_token_file", "read_token", "max_connections"}) {
            const std::string path = std::string("web.") + key;
            if (findings.has_seen(path)) findings.warning(path, "is not used: web.enabled is false");
        }
        return;
    }
    if (!web.write_token_file.empty() && web.write_token_file == web.read_token_file) {
        findings.contradiction({"web.write_token_file", "web.read_token_file"},
                               "web.write_token_file and web.read_token_file are both " +
                                   web.write_token_file + ": whoever may read could then write");
    }
    if (!is_loopback(web.listen) && web.read_token_file.empty() && !findings.has_seen("web.read_token")) {
        findings.warning("web.listen",
                         "is not only this machine: everybody in the network may read. Set "
                         "web.read_token_file, or listen on 127.0.0.1 behind a reverse proxy");
    }
    for (const char* role : {"write", "read"}) {
        const std::string name = std::string("web.") + role + "_token";
        if (findings.has_seen(name) && findings.has_seen(name + "_file"))
            findings.warning(name, "is not used: " + name + "_file is set");
    }
}

}  // namespace jkp::config
