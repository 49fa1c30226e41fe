// SPDX-License-Identifier: MIT
#include "goodwe/sems_request.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace jkp::goodwe {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* legacy_token = R"({"version":"v3.1.1","client":"ios","language":"en"})";
constexpr const char* web_token =
    R"({"uid":"","timestamp":0,"token":"","client":"semsPlusWeb","version":"","language":"en"})";
constexpr const char* web_origin = "https://semsplus.goodwe.com";
constexpr const char* web_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

// A password need not be valid UTF-8; what is not is replaced, and the portal refuses it.
std::string text(const Json& json) {
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

// Everything but letters, digits, '-', '_', '.' and '~' of a parameter in an address.
std::string escaped(std::string_view value) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : value) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           c == '-' || c == '_' || c == '.' || c == '~';
        const auto byte = static_cast<unsigned char>(c);
        if (plain) {
            out.push_back(c);
        } else {
            out.append({'%', digits[byte >> 4U], digits[byte & 15U]});
        }
    }
    return out;
}

SemsRequest web_request(bool post, std::string url, std::string token_header, std::string signature) {
    return {post,
            std::move(url),
            {{"Content-Type", "application/json"},
             {"Accept", "application/json"},
             {"Origin", web_origin},
             {"Referer", std::string(web_origin) + '/'},
             {"User-Agent", web_agent},
             {"Token", std::move(token_header)},
             {"X-Signature", std::move(signature)}},
            {}};
}

SemsRequest legacy_request(std::string url, std::string token_header, std::string body) {
    return {true,
            std::move(url),
            {{"Content-Type", "application/json"},
             {"Accept", "application/json"},
             {"Token", std::move(token_header)}},
            std::move(body)};
}

}  // namespace

std::string_view usual_base(SemsApi api) {
    return api == SemsApi::legacy ? "https://www.semsportal.com" : web_origin;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            group = group << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
        }
        const std::size_t digits = std::min<std::size_t>(bytes.size() - at, 3) + 1;
        for (std::size_t i = 0; i < 4; ++i) {
            out.push_back(i < digits ? alphabet[group >> (18U - 6U * i) & 63U] : '=');
        }
    }
    return out;
}

std::string sems_signature(std::int64_t wall_ms, std::string_view uid, std::string_view token,
                           const SemsDigests& digests) {
    const std::string ms = std::to_string(wall_ms);
    const std::string signed_text = ms + '@' + std::string(uid) + '@' + std::string(token);
    return base64(digests.sha256_hex(signed_text) + '@' + ms);
}

SemsRequest sems_login_request(const SemsStation& station, const SemsAccount& account, std::int64_t wall_ms,
                               const SemsDigests& digests) {
    if (station.api == SemsApi::legacy) {
        const Json body{{"account", account.user}, {"pwd", account.password}};
        return legacy_request(station.base + "/api/v2/Common/CrossLogin", legacy_token, text(body));
    }
    SemsRequest request = web_request(true, station.base + "/web/sems/sems-user/api/v1/auth/cross-login",
                                      web_token, sems_signature(wall_ms, "", "", digests));
    request.body = text({{"account", account.user},
                         {"pwd", base64(digests.md5_hex(account.password))},
                         {"agreement", 1},
                         {"isChinese", false},
                         {"isLocal", false}});
    return request;
}

SemsRequest sems_data_request(const SemsStation& station, const SemsToken& token, std::int64_t wall_ms,
                              const SemsDigests& digests) {
    if (station.api == SemsApi::legacy) {
        return legacy_request(token.base + "/v2/PowerStation/GetMonitorDetailByPowerstationId", token.header,
                              text({{"powerStationId", station.id}}));
    }
    return web_request(false, token.base + "/sems-plant/api/stations/flow?stationId=" + escaped(station.id),
                       token.header, sems_signature(wall_ms, token.uid, token.token, digests));
}

}  // namespace jkp::goodwe
