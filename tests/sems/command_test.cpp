// SPDX-License-Identifier: MIT
// jk-pylon sems, from the configuration file to the words and the exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "sems/portal.hpp"

namespace jkp::cli {
namespace {

using namespace app::testing;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Ended {
    int code;
    std::string out;
    std::string err;
};

Ended run(const std::string& path, bool json) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = sems(path, json);
    return {code, ::testing::internal::GetCapturedStdout(), ::testing::internal::GetCapturedStderr()};
}

class SemsCommand : public ::testing::Test {
  protected:
    std::string config(const app::SemsPeerSettings& s, const std::string& more = "") {
        const std::string path = folder_.file("site.toml");
        std::ofstream(path) << "[[pack]]\nport = \"/dev/ttyUSB0\"\nmax_charge_a = 60\nmax_discharge_a = 60\n"
                            << "[peer.sems]\nstation = \"" << s.station.id << "\"\napi = \""
                            << goodwe::name(s.station.api) << "\"\nbase_url = \"" << s.station.base
                            << "/\"\ncredentials_file = \"" << s.credentials_file << "\"\nca_file = \""
                            << s.ca_file << "\"\n"
                            << more;
        return path;
    }
    io::testing::TemporaryFolder folder_;
};

TEST_F(SemsCommand, SaysSuccessWithTheReadings) {
    Portal portal(goodwe::SemsApi::legacy);
    const std::string path = config(portal.settings(), "inverter = \"93648EMU19CX0004\"\n");
    const Ended words = run(path, false);
    EXPECT_EQ(words.code, good) << words.err;
    EXPECT_THAT(words.out,
                AllOf(HasSubstr("Success"), HasSubstr("2.0 A"), HasSubstr("49.9 V"), HasSubstr("45 %")));
    EXPECT_THAT(words.err, IsEmpty());
    const auto json = nlohmann::json::parse(run(path, true).out);
    EXPECT_EQ(json.at("battery_a"), 2.0);
    EXPECT_EQ(json.at("battery_w"), 100);
    EXPECT_EQ(json.at("soc_pct"), 45);
    EXPECT_EQ(json.at("age_s"), 0);
}

TEST_F(SemsCommand, SaysThatTheAgeIsNotKnown) {
    Portal portal(goodwe::SemsApi::semsplus);
    const std::string path = config(portal.settings());
    const Ended words = run(path, false);
    EXPECT_EQ(words.code, good) << words.err;
    EXPECT_THAT(words.out, AllOf(HasSubstr("Success"), HasSubstr("age not known"), Not(HasSubstr("s old"))));
    EXPECT_TRUE(nlohmann::json::parse(run(path, true).out).at("age_s").is_null());
}

TEST_F(SemsCommand, NamesWhatThePortalRefusesWithoutASecret) {
    Portal portal(goodwe::SemsApi::semsplus);
    portal.write_credentials("owner@example.org\ngeheim-typo\n");
    const Ended words = run(config(portal.settings()), false);
    EXPECT_EQ(words.code, bad);
    EXPECT_THAT(words.err, AllOf(HasSubstr("refuses user or password"), Not(HasSubstr("geheim"))));
    EXPECT_THAT(words.out, IsEmpty());
    const Ended json = run(config(portal.settings()), true);
    EXPECT_EQ(json.code, bad);
    EXPECT_EQ(nlohmann::json::parse(json.out).at("cause"), "wrong_password");
    EXPECT_THAT(json.out + json.err, Not(HasSubstr("geheim")));
    EXPECT_EQ(portal.logins(), 2) << "one for each run";
}

TEST_F(SemsCommand, NamesWhyThePortalCouldNotBeAsked) {
    Portal portal(goodwe::SemsApi::semsplus);
    portal.write_credentials("owner@example.org\ngeheim-password\n", 0644);
    Ended ended = run(config(portal.settings()), false);
    EXPECT_EQ(ended.code, unable);
    EXPECT_THAT(ended.err, HasSubstr("chmod 600"));

    portal.write_credentials("owner@example.org\ngeheim-password\n");
    Portal stranger(goodwe::SemsApi::semsplus);
    app::SemsPeerSettings settings = portal.settings();
    settings.ca_file = stranger.settings().ca_file;
    ended = run(config(settings), false);
    EXPECT_EQ(ended.code, unable);
    EXPECT_THAT(ended.err, HasSubstr("encrypted connection"));
    EXPECT_TRUE(portal.seen().empty());
}

TEST_F(SemsCommand, NamesWhatIsMissingInTheConfiguration) {
    EXPECT_EQ(run(folder_.file("none.toml"), false).code, unable);
    std::ofstream(folder_.file("site.toml"))
        << "[[pack]]\nport = \"/dev/ttyUSB0\"\nmax_charge_a = 60\nmax_discharge_a = 60\n";
    const Ended ended = run(folder_.file("site.toml"), false);
    EXPECT_EQ(ended.code, unable);
    EXPECT_THAT(ended.err, HasSubstr("[peer.sems] has no station"));
}

}  // namespace
}  // namespace jkp::cli
