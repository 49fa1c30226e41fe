// SPDX-License-Identifier: MIT
// What is ordered, in the state file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/saved_json.hpp"

namespace jkp::report {
namespace {

using control::CommandKind;
using control::Saved;
using control::seconds;
using testing::HasSubstr;

Saved ordered() {
    Saved saved;
    saved.orders = {
        {.kind = CommandKind::max_charge,
         .value = 20'000,
         .who = "http 10.0.0.7",
         .ago = seconds(7),
         .left = seconds(53),
         .lasts = seconds(60)},
        {.kind = CommandKind::pause, .value = 1, .who = "mqtt", .ago = {}, .left = {}, .lasts = {}}};
    return saved;
}

TEST(SavedOrders, AreReadAsTheyWereWritten) {
    const auto read = saved_from_json(saved_json(ordered()));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->orders, ordered().orders);
}

TEST(SavedOrders, AFileOfAnOlderProgramHasNone) {
    std::string text = saved_json(Saved{});
    const auto from = text.find(",\n \"orders\"");
    ASSERT_NE(from, std::string::npos);
    text.erase(from, text.find(']', from) + 1 - from);
    const auto read = saved_from_json(text);
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(read->orders.empty());
}

std::string broken(std::string_view from, std::string_view to) {
    std::string text = saved_json(ordered());
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
    const auto read = saved_from_json(text);
    return read ? "" : read.error();
}

TEST(SavedOrders, OneThatThisProgramDoesNotKnowIsLeftOutAndNamedAndTheLatchesBesideItStay) {
    Saved saved = ordered();
    saved.packs.resize(1);
    saved.packs[0].lockout = true;
    std::string text = saved_json(saved);
    text.replace(text.find("max_charge_a"), 12, "max_import_a");
    const auto read = saved_from_json(text);
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(read->packs.at(0).lockout);
    ASSERT_EQ(read->orders.size(), 1U);
    EXPECT_EQ(read->orders[0].kind, CommandKind::pause);
    EXPECT_EQ(read->unheard_of, std::vector<std::string>{"max_import_a"});
}

TEST(SavedOrders, TheRunOfTheMachineAndItsSteadyClockAreReadAsTheyWereWritten) {
    Saved saved;
    saved.boot = "6f1c";
    saved.since_boot = seconds(77);
    const auto read = saved_from_json(saved_json(saved));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, saved);
}

TEST(SavedOrders, DamageIsFound) {
    EXPECT_THAT(broken("20000", "-1"), HasSubstr("out of range"));
    EXPECT_THAT(broken("20000", "3276701"), HasSubstr("out of range"));
    EXPECT_THAT(broken("53000", "-1"), HasSubstr("out of range"));
    EXPECT_NE(broken("\"value\"", "\"valve\""), "");
}

}  // namespace
}  // namespace jkp::report
