// SPDX-License-Identifier: MIT
// What is sent to the SEMS portal. Everything here is secret: account, password and token are inside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "goodwe/sems_answer.hpp"

namespace jkp::goodwe {

struct SemsAccount {
    std::string user;
    std::string password;
};

struct SemsStation {
    SemsApi api = SemsApi::semsplus;
    std::string base;      // https://semsplus.goodwe.com; without a slash at its end
    std::string id;        // of the station
    std::string inverter;  // serial number; empty = the station's only one (legacy)
};

// Where a login goes unless the owner says otherwise.
std::string_view usual_base(SemsApi api);

// Lower-case hexadecimal digests, which a pure room does not compute.
struct SemsDigests {
    std::string (*md5_hex)(std::string_view);
    std::string (*sha256_hex)(std::string_view);
};

struct SemsRequest {
    bool post = true;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

std::string base64(std::string_view bytes);
// The header X-Signature of SEMS+, for a time in milliseconds since 1970; uid and token are empty at login.
std::string sems_signature(std::int64_t wall_ms, std::string_view uid, std::string_view token,
                           const SemsDigests& digests);

SemsRequest sems_login_request(const SemsStation& station, const SemsAccount& account, std::int64_t wall_ms,
                               const SemsDigests& digests);
SemsRequest sems_data_request(const SemsStation& station, const SemsToken& token, std::int64_t wall_ms,
                              const SemsDigests& digests);

}  // namespace jkp::goodwe
