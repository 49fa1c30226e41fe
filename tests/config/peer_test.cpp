// SPDX-License-Identifier: MIT
// The keys of the second inverter: what is refused, what is warned of, what arrives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_test_support.hpp"

namespace jkp::config {
namespace {

using namespace testing;
using std::chrono::seconds;
using ::testing::HasSubstr;

GoodweSettings goodwe_of(std::string_view keys) {
    const auto settings = load(with("[peer.goodwe]\n" + std::string(keys)), "site.toml");
    return settings ? settings->goodwe : GoodweSettings{};
}

struct Mistake {
    const char* keys;  // from line 6 on
    const char* message;
};

class GoodweKeys : public ::testing::TestWithParam<Mistake> {};

TEST_P(GoodweKeys, AreRefusedWithOneErrorThatNamesLineKeyAndWhatIsAllowed) {
    const std::string errors = errors_of(with("[peer.goodwe]\n" + std::string(GetParam().keys)));
    EXPECT_THAT(errors, HasSubstr(GetParam().message));
    EXPECT_EQ(std::ranges::count(errors, '\n'), 1) << errors;
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, GoodweKeys,
    ::testing::Values(
        Mistake{"host = \"\"\n", "site.toml:6: peer.goodwe.host = \"\": must be a name"},
        Mistake{"host = \"192.168.1.20:8899\"\n", "must be a name of letters, digits"},
        Mistake{"host = \"http://goodwe\"\n", "must be a name of letters, digits"},
        Mistake{"host = 5\n", "must be a text, not a whole number"},
        Mistake{"host = \"g\"\nport = 0\n", "site.toml:7: peer.goodwe.port = 0: must be between 1 and 65535"},
        Mistake{"host = \"g\"\nport = 65536\n", "must be between 1 and 65535"},
        Mistake{"host = \"g\"\nfamily = \"em\"\n", "must be one of \"auto\", \"es\", \"et\""},
        Mistake{"host = \"g\"\ntransport = \"tcpp\"\n", "did you mean \"tcp\"?"},
        Mistake{"host = \"g\"\npoll_s = 4.9\n", "peer.goodwe.poll_s = 4.9: must be between 5 and 600 s"},
        Mistake{"host = \"g\"\npoll_s = 601\n", "must be between 5 and 600 s"},
        Mistake{"host = \"g\"\npol_s = 10\n", "is not a known key; did you mean \"poll_s\"?"},
        Mistake{"host = \"g\"\ntransport = \"tcp\"\nfamily = \"es\"\n", "exclude one another"}));

TEST(Goodwe, ArriveWithTheirDefaults) {
    EXPECT_FALSE(GoodweSettings{}.enabled());
    EXPECT_EQ(goodwe_of("host = \"192.168.1.20\"\n"), (GoodweSettings{.host = "192.168.1.20"}));
    EXPECT_EQ(goodwe_of("host = \"192.168.1.20\"\n").poll_period, seconds(5));
    EXPECT_EQ(
        goodwe_of("host = \"goodwe.lan\"\nport = 1502\nfamily = \"et\"\ntransport = \"tcp\"\npoll_s = 10\n"),
        (GoodweSettings{.host = "goodwe.lan",
                        .port = 1502,
                        .family = GoodweFamily::et,
                        .transport = GoodweTransport::tcp,
                        .poll_period = seconds(10)}));
    EXPECT_TRUE(goodwe_of("host = \"g\"\n").enabled());
}

TEST(Goodwe, WithoutAHostAreSaidToBeUnused) {
    EXPECT_THAT(warnings_of(with("[peer.goodwe]\npoll_s = 10\n")),
                HasSubstr("site.toml:6: peer.goodwe.poll_s = 10: is not used: peer.goodwe.host is not set"));
    EXPECT_EQ(warnings_of(with("[peer.goodwe]\nhost = \"g\"\npoll_s = 10\n")), "");
}

}  // namespace
}  // namespace jkp::config
