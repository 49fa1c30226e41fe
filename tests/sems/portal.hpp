// SPDX-License-Identifier: MIT
// A SEMS portal on the loopback: it checks what a real one checks and says what the test tells it.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <fstream>
#include <string>

#include "app/sems_peer.hpp"
#include "io/digest.hpp"
#include "web_server/web_server.hpp"

namespace jkp::app::testing {

using jkp::testing::WebAnswer;
using jkp::testing::WebRequest;
using jkp::testing::WebSecurity;
using jkp::testing::WebServer;

inline WebAnswer says(std::string body, int status = 200) {
    WebAnswer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}
inline WebAnswer silence() {
    WebAnswer answer;
    answer.hang = true;
    return answer;
}

inline constexpr const char* user = "owner@example.org";
inline constexpr const char* password = "geheim-password";

class Portal {
  public:
    explicit Portal(goodwe::SemsApi api, WebSecurity security = WebSecurity::tls)
        : api_(api), server_([this](const WebRequest& request) { return answer(request); }, security) {
        write_credentials(std::string(user) + '\n' + password + '\n');
    }

    void write_credentials(const std::string& text, mode_t mode = 0600) {
        std::ofstream(folder_.file("sems"), std::ios::binary) << text;
        ::chmod(folder_.file("sems").c_str(), mode);
    }

    [[nodiscard]] SemsPeerSettings settings() const {
        SemsPeerSettings settings;
        std::string base = server_.url();
        base.pop_back();
        settings.station = {api_, base, "station-1",
                            api_ == goodwe::SemsApi::legacy ? "93648EMU19CX0004" : ""};
        settings.credentials_file = folder_.file("sems");
        settings.ca_file = server_.ca_file();
        settings.poll_period = std::chrono::milliseconds(20);
        settings.total_timeout = std::chrono::milliseconds(5000);
        return settings;
    }

    // The next answers, instead of the usual ones; set before anything is asked.
    std::deque<WebAnswer> to_logins;
    std::deque<WebAnswer> to_requests;

    [[nodiscard]] int logins() const { return logins_; }
    [[nodiscard]] int requests() const { return requests_; }
    [[nodiscard]] std::vector<WebRequest> seen() const { return server_.requests(); }

    // `mark`: when the data were refreshed, as the portal writes it; empty = it does not say it.
    static std::string web_reading(const std::string& mark) {
        const std::string refreshed = mark.empty() ? "" : ",\"refreshTime\":\"" + mark + '"';
        return R"({"code":"00000","data":{"flows":{"pBat":["pConsum"]},"pSystem":0,"pBat":0.5,"pGrid":0,)"
               R"("pConsum":0.5,"soc":50)" +
               refreshed + "}}";
    }
    static std::string legacy_reading() {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
        return R"({"code":"0","data":{"inverter":[{"sn":"93648EMU19CX0004","battery":"49.9V/-2A/-100W",)"
               R"("soc":"45%","invert_full":{"last_time":)" +
               std::to_string(ms) + "}}]}}";
    }

  private:
    WebAnswer answer(const WebRequest& request) {
        const bool login = request.target.find("ogin") != std::string::npos;
        ++(login ? logins_ : requests_);
        std::deque<WebAnswer>& prepared = login ? to_logins : to_requests;
        if (!prepared.empty()) {
            WebAnswer next = prepared.front();
            prepared.pop_front();
            return next;
        }
        return login ? to_login(request) : to_request(request);
    }

    WebAnswer to_login(const WebRequest& request) const {
        const bool legacy = api_ == goodwe::SemsApi::legacy;
        const std::string secret = legacy ? password : goodwe::base64(io::md5_hex(password));
        if (request.body.find("\"pwd\":\"" + secret + '"') == std::string::npos)
            return says(R"({"code":"100005"})");
        if (!legacy && request.header("X-Signature").empty()) return says(R"({"code":"100004"})");
        return says(R"({"code":"0","data":{"uid":"u-1","token":"geheim-token"}})");
    }

    WebAnswer to_request(const WebRequest& request) const {
        if (request.header("Token").find("geheim-token") == std::string::npos)
            return says(R"({"code":"100001"})");
        if (api_ == goodwe::SemsApi::legacy) return says(legacy_reading());
        const bool station = request.target.find("stationId=station-1") != std::string::npos;
        return says(station ? web_reading("2026-09-23T10:00:" + std::to_string(requests_))
                            : R"({"code":"00000","data":null})");
    }

    goodwe::SemsApi api_;
    io::testing::TemporaryFolder folder_;
    std::atomic<int> logins_ = 0;
    std::atomic<int> requests_ = 0;
    WebServer server_;
};

}  // namespace jkp::app::testing
