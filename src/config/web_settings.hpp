// SPDX-License-Identifier: MIT
// The web server: dashboard, HTTP API, metrics. Tokens are in files of their own, never here.
#pragma once

#include <cstdint>
#include <string>

namespace jkp::config {

struct WebSettings {
    bool enabled = true;
    std::string listen = "127.0.0.1";  // an address of this machine; 0.0.0.0 or :: for all of them
    std::uint16_t port = 8330;         // 0: a free one
    std::string base_path = "/";       // where a reverse proxy shows it
    std::string hosts;                 // further names in the browser's address line, separated by commas
    std::string write_token_file;
    std::string write_token = "web-write";  // of LoadCredential=, without write_token_file
    std::string read_token_file;
    std::string read_token = "web-read";
    int max_connections = 32;
    bool operator==(const WebSettings&) const = default;
};

}  // namespace jkp::config
