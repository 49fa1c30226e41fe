// SPDX-License-Identifier: MIT
// [peer.sems]: what is read, what is refused and what is said about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/contradiction.hpp"

namespace jkp::config {
namespace {

using namespace testing;
using ::testing::HasSubstr;

PortalSettings portal_of(const std::string& text) {
    const auto settings = load(with(text), "site.toml");
    if (!settings) throw std::runtime_error(format(settings.error()));
    return settings->portal;
}

TEST(Portal, IsOffWithoutAWord) {
    EXPECT_FALSE(portal_of("").enabled());
    EXPECT_FALSE(portal_of("[peer.sems]\n").enabled());
}

TEST(Portal, ReadsEveryKey) {
    const PortalSettings portal = portal_of(
        "[peer.sems]\n"
        "station = \"00000000-0000-4000-8000-000000000001\"\n"
        "api = \"legacy\"\n"
        "base_url = \"https://eu.semsportal.com:443/x/\"\n"
        "inverter = \"93648EMU19CX0004\"\n"
        "credentials_file = \"/etc/jk-pylon/sems\"\n"
        "poll_s = 120\n"
        "ca_file = \"/etc/ssl/own.pem\"\n");
    EXPECT_TRUE(portal.enabled());
    EXPECT_EQ(portal.station, "00000000-0000-4000-8000-000000000001");
    EXPECT_EQ(portal.api, PortalApi::legacy);
    EXPECT_EQ(portal.base_url, "https://eu.semsportal.com:443/x/");
    EXPECT_EQ(portal.inverter, "93648EMU19CX0004");
    EXPECT_EQ(portal.credentials_file, "/etc/jk-pylon/sems");
    EXPECT_EQ(portal.poll_period, seconds(120));
    EXPECT_EQ(portal.ca_file, "/etc/ssl/own.pem");
    EXPECT_EQ(portal_of("[peer.sems]\nstation = \"s\"\ncredential = \"portal\"\n").credential, "portal");
}

class PortalRefused : public ::testing::TestWithParam<const char*> {};

TEST_P(PortalRefused, WithOneErrorThatNamesTheKey) {
    const std::string text = GetParam();
    const std::string key = text.substr(0, text.find(' '));
    const std::string errors = errors_of(with("[peer.sems]\n" + text + '\n'));
    EXPECT_THAT(errors, HasSubstr("site.toml:6: peer.sems." + key + " = "));
    EXPECT_EQ(std::ranges::count(errors, '\n'), 1) << errors;
}

INSTANTIATE_TEST_SUITE_P(
    Values, PortalRefused,
    ::testing::Values("station = \"\"", "station = \"a b\"", "station = 5", "api = \"semsplsu\"",
                      "base_url = \"http://semsplus.goodwe.com\"", "base_url = \"https://\"",
                      "base_url = \"https:///x\"", "base_url = \"https://u:p@host\"",
                      "base_url = \"https://host/?q\"", "base_url = \"https://host/#f\"",
                      "base_url = \"https://ho st\"", "base_url = \"semsplus.goodwe.com\"",
                      "inverter = \"a-serial-number-too-long\"", "credentials_file = \"sems\"",
                      "credential = \"../sems\"", "poll_s = 59", "poll_s = 3601", "poll_s = \"60\"",
                      "ca_file = \"own.pem\"", "password = \"geheim\"", "user = \"me\""));

TEST(Portal, SaysWhichKeysHaveNoEffect) {
    expect_warned({"", "[peer.sems]\npoll_s = 60\n",
                   "site.toml:6: peer.sems.poll_s = 60: is not used: peer.sems.station is not set"});
    expect_warned(
        {"", "[peer.sems]\nstation = \"s\"\ninverter = \"x\"\n",
         "site.toml:7: peer.sems.inverter = \"x\": is not used: api \"semsplus\" gives the whole station"});
    expect_warned({"", "[peer.sems]\nstation = \"s\"\ncredentials_file = \"/a\"\ncredential = \"x\"\n",
                   "site.toml:8: peer.sems.credential = \"x\": is not used: credentials_file is set"});
    EXPECT_EQ(warnings_of(with("[peer.sems]\nstation = \"s\"\n")), "");
}

}  // namespace
}  // namespace jkp::config
