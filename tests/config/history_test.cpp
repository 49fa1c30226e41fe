// SPDX-License-Identifier: MIT
// [history] and [notify]: what is read, what is refused and what is said about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/contradiction.hpp"

namespace jkp::config {
namespace {

using namespace testing;
using ::testing::HasSubstr;

Settings settings_of(const std::string& text) {
    const auto settings = load(with(text), "site.toml");
    if (!settings) throw std::runtime_error(format(settings.error()));
    return *settings;
}

TEST(History, RecordsWithoutAWordAndNotifiesNobody) {
    const Settings settings = settings_of("");
    EXPECT_TRUE(settings.history.enabled);
    EXPECT_EQ(settings.history.file, "/var/lib/jk-pylon/history.db");
    EXPECT_FALSE(settings.notify.enabled);
}

TEST(History, ReadsEveryKey) {
    const Settings settings = settings_of(
        "[history]\nenabled = true\nfile = \"/data/h.db\"\nwrite_s = 300\nminutes_days = 7\nquarter_years = "
        "5\n"
        "events = 500\n"
        "[notify]\nenabled = true\nurl_file = \"/etc/jk-pylon/webhook\"\nseverity = \"error\"\nlanguage = "
        "\"de\"\n"
        "per_hour = 3\nca_file = \"/etc/ssl/own.pem\"\n");
    EXPECT_EQ(settings.history, (HistorySettings{true, "/data/h.db", seconds(300), 7, 5, 500}));
    EXPECT_EQ(settings.notify, (NotifySettings{true, "/etc/jk-pylon/webhook", "notify", NotifySeverity::error,
                                               NotifyLanguage::german, 3, "/etc/ssl/own.pem"}));
    EXPECT_EQ(settings_of("[notify]\nenabled = true\ncredential = \"hook\"\n").notify.credential, "hook");
}

class HistoryRefused : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(HistoryRefused, WithOneErrorThatNamesTheKey) {
    const auto& [table, text] = GetParam();
    const std::string line = text;
    const std::string key = line.substr(0, line.find(' '));
    const std::string errors = errors_of(with("[" + std::string(table) + "]\n" + line + '\n'));
    EXPECT_THAT(errors, HasSubstr("site.toml:6: " + std::string(table) + '.' + key + " = "));
    EXPECT_EQ(std::ranges::count(errors, '\n'), 1) << errors;
}

INSTANTIATE_TEST_SUITE_P(
    Values, HistoryRefused,
    ::testing::Values(std::pair("history", "enabled = 1"), std::pair("history", "file = \"history.db\""),
                      std::pair("history", "file = \"\""), std::pair("history", "write_s = 59"),
                      std::pair("history", "write_s = 3601"), std::pair("history", "write_s = \"60\""),
                      std::pair("history", "minutes_days = 0"), std::pair("history", "minutes_days = 101"),
                      std::pair("history", "minutes_days = 1.5"), std::pair("history", "quarter_years = 11"),
                      std::pair("history", "events = 99"), std::pair("history", "event = 1000"),
                      std::pair("history", "file = \"/var/lib/jk-pylon/state.json\""),
                      std::pair("notify", "enabled = \"yes\""), std::pair("notify", "url_file = \"hook\""),
                      std::pair("notify", "url = \"https://example.org/geheim\""),
                      std::pair("notify", "credential = \"../hook\""),
                      std::pair("notify", "severity = \"fatal\""), std::pair("notify", "language = \"fr\""),
                      std::pair("notify", "per_hour = 0"), std::pair("notify", "per_hour = 101"),
                      std::pair("notify", "ca_file = \"own.pem\"")));

TEST(History, SaysWhichKeysHaveNoEffect) {
    expect_warned({"", "[history]\nenabled = false\nevents = 500\n",
                   "site.toml:7: history.events = 500: is not used: history.enabled is false"});
    expect_warned({"", "[notify]\nper_hour = 5\n",
                   "site.toml:6: notify.per_hour = 5: is not used: notify.enabled is not true"});
    expect_warned({"", "[notify]\nenabled = true\nurl_file = \"/a\"\ncredential = \"x\"\n",
                   "site.toml:8: notify.credential = \"x\": is not used: notify.url_file is set"});
    EXPECT_EQ(warnings_of(with("[notify]\nenabled = true\n")), "");
}

}  // namespace
}  // namespace jkp::config
