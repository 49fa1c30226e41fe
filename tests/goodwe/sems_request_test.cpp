// SPDX-License-Identifier: MIT
#include "goodwe/sems_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace jkp::goodwe {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Digests that show what went into them; the real ones are tested with the program's own.
const SemsDigests shown{[](std::string_view text) { return "md5:" + std::string(text); },
                        [](std::string_view text) { return "sha256:" + std::string(text); }};

const SemsStation legacy{SemsApi::legacy, "https://www.semsportal.com", "st-1", ""};
const SemsStation web{SemsApi::semsplus, "https://semsplus.goodwe.com", "st 1&x", ""};
const SemsAccount account{"a@b.example", "p\"w"};

std::string header(const SemsRequest& request, const std::string& name) {
    for (const auto& [key, value] : request.headers) {
        if (key == name) return value;
    }
    return {};
}

TEST(Base64, IsThatOfTheStandard) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xFF\xFE\xFD"), "//79");
}

TEST(SemsRequest, TheLegacyLoginCarriesAccountAndPasswordAsJson) {
    const SemsRequest request = sems_login_request(legacy, account, 5, shown);
    EXPECT_TRUE(request.post);
    EXPECT_EQ(request.url, "https://www.semsportal.com/api/v2/Common/CrossLogin");
    EXPECT_EQ(request.body, R"({"account":"a@b.example","pwd":"p\"w"})");
    EXPECT_THAT(header(request, "Token"), HasSubstr(R"("client":"ios")"));
}

TEST(SemsRequest, TheLegacyDataRequestCarriesTheTokenItWasGiven) {
    const SemsRequest request =
        sems_data_request(legacy, {"https://eu.semsportal.com/api", "{\"token\":1}", "u", "t"}, 5, shown);
    EXPECT_EQ(request.url, "https://eu.semsportal.com/api/v2/PowerStation/GetMonitorDetailByPowerstationId");
    EXPECT_EQ(request.body, R"({"powerStationId":"st-1"})");
    EXPECT_EQ(header(request, "Token"), "{\"token\":1}");
}

TEST(SemsRequest, TheWebLoginHashesThePasswordAndSignsWithoutUidAndToken) {
    const SemsRequest request = sems_login_request(web, account, 1234, shown);
    EXPECT_EQ(request.url, "https://semsplus.goodwe.com/web/sems/sems-user/api/v1/auth/cross-login");
    EXPECT_EQ(request.body, R"({"account":"a@b.example","pwd":")" + base64("md5:p\"w") +
                                R"(","agreement":1,"isChinese":false,"isLocal":false})");
    EXPECT_EQ(header(request, "X-Signature"), base64("sha256:1234@@@1234"));
    EXPECT_EQ(header(request, "Origin"), "https://semsplus.goodwe.com");
    EXPECT_EQ(header(request, "Referer"), "https://semsplus.goodwe.com/");
    EXPECT_THAT(header(request, "Token"), HasSubstr("semsPlusWeb"));
}

TEST(SemsRequest, TheFlowRequestIsSignedWithUidAndTokenAndTheStationEscaped) {
    const SemsRequest request =
        sems_data_request(web, {"https://eu-gateway.semsportal.com/web/sems", "{}", "u", "t"}, 1234, shown);
    EXPECT_FALSE(request.post);
    EXPECT_THAT(request.body, IsEmpty());
    EXPECT_EQ(request.url,
              "https://eu-gateway.semsportal.com/web/sems/sems-plant/api/stations/flow?stationId=st%201%26x");
    EXPECT_EQ(header(request, "X-Signature"), base64("sha256:1234@u@t@1234"));
}

}  // namespace
}  // namespace jkp::goodwe
