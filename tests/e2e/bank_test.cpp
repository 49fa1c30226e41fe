// SPDX-License-Identifier: MIT
// Two packs in parallel, each with a BMS on a port of its own, and one inverter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "app/device_on_pty.hpp"
#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using testing::HasSubstr;

// 100 Ah and 300 Ah: a quarter and three quarters of the current.
constexpr sim::PackSpec garage{.capacity = MilliampHours(100'000), .soc = Permille(400)};
constexpr sim::PackSpec shed{.capacity = MilliampHours(300'000), .soc = Permille(600), .seed = 2};
constexpr std::string_view garage_limits = "capacity_ah = 100\n";

// The second pack beside the one that the site simulates; its cells rest.
class TwoPacks {
  public:
    explicit TwoPacks(const std::string& quorum)
        : site(world, config(quorum), simulated_garage()),
          device([this](TimePoint now) { return pack.reading(now); }),
          line(world.loop, device, site.file("shed")) {
        SiteConfig full = config(quorum);
        full.more += "[[pack]]\nname = \"shed\"\nport = \"" + site.file("shed") +
                     "\"\nmax_charge_a = 60\nmax_discharge_a = 45\npoll_s = 0.25\ncapacity_ah = 300\n";
        site.write_config(full);
        line.plug();
    }

    // One pack of two: { "charge_limit_a": ..., "charge_share_pct": ..., ... } or null.
    nlohmann::json part(std::size_t index) { return site.status()["packs"][index]["part"]; }
    nlohmann::json battery() { return site.status()["battery"]; }

    World world;
    Site site;
    sim::Pack pack{shed};
    sim::JkDevice device;
    app::DeviceOnPty line;

  private:
    static app::SimHostSettings simulated_garage() {
        app::SimHostSettings settings;
        settings.pack = garage;
        return settings;
    }
    static SiteConfig config(const std::string& quorum) {
        return {.max_charge_a = 30,
                .max_discharge_a = 30,
                .rise_hold_s = 1,
                .pack = std::string(garage_limits),
                .more = "[control.age]\nfresh_s = 0.5\nreduce_from_s = 1\nzero_s = 3\nlost_s = 6\n" + quorum};
    }
};

bool has_error(const Site& site) {
    const auto alarms = site.last<pylontech::Alarms>();
    return alarms && alarms->protections.has(BatteryFlag::system_error);
}

TEST(Bank, EachPackIsReckonedWithItsShareOfTheCapacity) {
    TwoPacks two("");
    two.site.start();
    // min(30 / 0.25, 60 / 0.75, 30 + 60) and min(30 / 0.25, 45 / 0.75, 30 + 45)
    ASSERT_TRUE(two.site.until_limits(80, 60)) << two.site.log();
    const auto garage_part = two.part(0);
    EXPECT_EQ(garage_part["charge_share_pct"], 25.0);
    EXPECT_EQ(garage_part["charge_limit_a"], 30.0);
    const auto shed_part = two.part(1);
    EXPECT_EQ(shed_part["discharge_share_pct"], 75.0);
    EXPECT_EQ(shed_part["discharge_limit_a"], 45.0);
    const auto battery = two.battery();
    EXPECT_EQ(battery["charge"]["rule"], "user_maximum");
    EXPECT_THAT(battery["charge"]["reason"].get<std::string>(), HasSubstr("shed"));
    EXPECT_EQ(two.site.last<pylontech::StateOfCharge>()->soc, Permille(550)) << "(40 + 3 x 60) / 4";
}

TEST(Bank, TheStatusNamesThePackAndTheCellThatAreWorst) {
    TwoPacks two("");
    two.pack.force_cell(4, Millivolts(3'420));                // half of 60 A at three quarters
    two.site.scene().pack.force_cell(10, Millivolts(3'080));  // 0.15 of 30 A at a quarter
    two.site.start();
    ASSERT_TRUE(two.site.until_limits(40, 18)) << two.site.log();
    const auto battery = two.battery();
    EXPECT_EQ(battery["highest_cell"], (nlohmann::json{{"mv", 3420}, {"pack", "shed"}, {"number", 5}}));
    EXPECT_EQ(battery["lowest_cell"], (nlohmann::json{{"mv", 3080}, {"pack", "bank"}, {"number", 11}}));
    EXPECT_EQ(battery["charge"]["rule"], "cell_high_curve");
    EXPECT_THAT(battery["charge"]["reason"].get<std::string>(), HasSubstr("shed"));
    EXPECT_EQ(battery["discharge"]["rule"], "cell_low_curve");
    EXPECT_THAT(battery["discharge"]["reason"].get<std::string>(), HasSubstr("bank"));
    EXPECT_THAT(two.site.ask({"why", "charge"}).output, HasSubstr("cell 5 at 3.420 V (shed"));
}

TEST(Bank, WithoutAQuorumNothingIsSentBeforeBothPacksHaveAnswered) {
    TwoPacks two("");
    two.line.unplug();
    two.site.start();
    ASSERT_TRUE(two.site.until([&] { return two.site.scene().device.requests() >= 8; })) << two.site.log();
    EXPECT_TRUE(two.site.frames.empty());
    two.line.plug();
    EXPECT_TRUE(two.site.until_limits(80, 60)) << two.site.log();
}

TEST(Bank, WithoutAQuorumAnUnpluggedPackTakesTheBankToZeroUntilItIsBack) {
    TwoPacks two("");
    two.site.start();
    ASSERT_TRUE(two.site.until_limits(80, 60)) << two.site.log();
    two.line.unplug();
    ASSERT_TRUE(two.site.until([&] { return has_error(two.site); })) << two.site.log();
    ASSERT_TRUE(two.site.until_limits(0, 0));
    EXPECT_THAT(two.battery()["charge"]["reason"].get<std::string>(), HasSubstr("shed"));
    EXPECT_EQ(two.site.status()["battery"]["data"], "zero");
    two.line.plug();
    ASSERT_TRUE(two.site.until_limits(80, 60)) << two.site.log();
    EXPECT_FALSE(has_error(two.site));
}

TEST(Bank, WithAQuorumTheBankGoesOnWithoutTheLostPackAndTakesItBack) {
    TwoPacks two("[bank]\nquorum = 1\n");
    two.site.start();
    ASSERT_TRUE(two.site.until_limits(80, 60)) << two.site.log();
    const std::size_t unplugged = two.site.frames.size();
    two.line.unplug();
    ASSERT_TRUE(two.site.until_log("shed: lost, no data for 3 s")) << two.site.log();
    double least = 80;
    for (const auto& [limits, at] : two.site.all<pylontech::Limits>(unplugged)) {
        least = std::min(least, charge_a(limits));
    }
    EXPECT_LT(least, 30) << "the age rules held the bank until the pack was left out";
    ASSERT_TRUE(two.site.until_limits(30, 30)) << two.site.log();
    EXPECT_FALSE(has_error(two.site)) << "a pack is lost, the system is not";
    EXPECT_TRUE(two.part(1).is_null());
    EXPECT_EQ(two.part(0)["charge_share_pct"], 100.0);
    EXPECT_EQ(two.battery()["highest_cell"]["pack"], "bank");

    two.line.plug();
    ASSERT_TRUE(two.site.until_log("shed: is part of the bank")) << two.site.log();
    ASSERT_TRUE(two.site.until_limits(80, 60)) << two.site.log();
    EXPECT_EQ(two.part(1)["charge_share_pct"], 75.0);
}

TEST(Bank, WithAQuorumAPackMayJoinLate) {
    TwoPacks two("[bank]\nquorum = 1\n");
    two.line.unplug();
    two.site.start();
    ASSERT_TRUE(two.site.until_limits(30, 30)) << two.site.log();
    EXPECT_TRUE(two.part(1).is_null());
    two.line.plug();
    ASSERT_TRUE(two.site.until_limits(80, 60)) << two.site.log();
    EXPECT_EQ(two.site.log_count("shed: is part of the bank"), 1U) << two.site.log();
}

// The first pack of the file becomes the last.
void turn_packs(const Site& site, const std::string& more_of_shed) {
    std::string text = contents(site.file("site.toml"));
    const std::size_t shed_at = text.rfind("[[pack]]");
    const std::string last = text.substr(shed_at);
    std::ofstream(site.file("site.toml")) << last << more_of_shed << text.substr(0, shed_at);
}

TEST(Bank, AReloadLeavesAnUnchangedLinkAloneWhereverItsPackStandsNow) {
    TwoPacks two("");
    two.site.start();
    const auto link = [&](std::size_t place) { return two.site.status()["packs"][place]["link"]; };
    const auto opened = [&](const char* pack) {
        return two.site.log_count(std::string(pack) + ": " +
                                  two.site.file(pack == std::string("bank") ? "bms" : "shed") + " is open");
    };
    ASSERT_TRUE(two.site.until([&] { return link(0)["counters"]["answers"] >= 10; })) << two.site.log();
    two.line.unplug();
    // Opening it was tried again: from then on the sentence stays.
    const auto is_gone = [&] {
        return link(1)["detail"].get<std::string>().find("does not exist") != std::string::npos;
    };
    ASSERT_TRUE(two.site.until(is_gone)) << two.site.log();
    const std::string why = link(1)["detail"];
    const auto answers = link(0)["counters"]["answers"].get<int>();

    turn_packs(two.site, "");
    two.site.child->signal(SIGHUP);
    ASSERT_TRUE(two.site.until_log("configuration reloaded")) << two.site.log();
    EXPECT_EQ(link(0)["name"], two.site.file("shed"));
    EXPECT_EQ(link(0)["detail"], why);
    EXPECT_EQ(link(1)["name"], two.site.file("bms"));
    EXPECT_EQ(link(1)["detail"], "");
    EXPECT_GE(link(1)["counters"]["answers"].get<int>(), answers);
    EXPECT_EQ(opened("bank"), 1U);
    // Its readings are those of its pack.
    two.site.scene().pack.force_cell(3, Millivolts(3'222));
    EXPECT_TRUE(two.site.until([&] {
        return two.site.status()["packs"][1]["reading"]["cells_mv"][3] == 3222;
    })) << two.site.log();

    two.line.plug();
    ASSERT_TRUE(two.site.until([&] { return link(0)["state"] == "open"; })) << two.site.log();
    turn_packs(two.site, "");
    std::string text = contents(two.site.file("site.toml"));
    text.insert(text.rfind("capacity_ah = 300"), "response_timeout_ms = 350\n");
    std::ofstream(two.site.file("site.toml")) << text;
    two.site.child->signal(SIGHUP);
    ASSERT_TRUE(two.site.until([&] { return opened("shed") == 3; })) << two.site.log();
    EXPECT_EQ(opened("bank"), 1U) << "only the other link was changed";
    EXPECT_GE(link(0)["counters"]["answers"].get<int>(), answers);
}

}  // namespace
}  // namespace jkp::e2e
