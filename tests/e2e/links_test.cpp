// SPDX-License-Identifier: MIT
// Plugs that are pulled and put back, and a bus that is shared with a stranger.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using testing::HasSubstr;

TEST(Links, D15AMissingCanPortIsToldAtOnceAndUsedWithinASecondOfItsReturn) {
    World world;
    Site site(world);
    site.host->unplug_can();
    site.start();
    ASSERT_TRUE(site.until_log("CAN: " + site.file("can") + " is not there")) << site.log();
    const auto link = site.status()["can"]["link"];
    EXPECT_EQ(link["state"], "missing");
    EXPECT_THAT(link["detail"].get<std::string>(), HasSubstr("is not there"));
    // The BMS is read meanwhile, and the limits are ready when the bus comes.
    ASSERT_TRUE(site.until([&] { return site.status()["battery"].is_object(); })) << site.log();
    EXPECT_EQ(site.ask({"status"}).exit_code, 1);
    const TimePoint plugged = io::now();
    site.host->plug_can();
    ASSERT_TRUE(site.until([&] { return site.bursts() > 0; })) << site.log();
    EXPECT_LT(io::now() - plugged, slowness * seconds(1) + milliseconds(100));
}

TEST(Links, D15AnUnpluggedCanPortIsToldAtOnceAndUsedWithinASecondOfItsReturn) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const TimePoint pulled = io::now();
    site.host->unplug_can();
    ASSERT_TRUE(site.until_log("error CAN: " + site.file("can"))) << site.log();
    EXPECT_LT(io::now() - pulled, slowness * seconds(1));
    EXPECT_EQ(site.status()["can"]["link"]["state"], "missing");
    EXPECT_EQ(site.status()["battery"]["charge"]["limit_a"], 60.0) << "control goes on";
    const std::size_t before = site.frames.size();
    const TimePoint plugged = io::now();
    site.host->plug_can();
    ASSERT_TRUE(site.until([&] { return site.bursts(before) > 0; })) << site.log();
    EXPECT_LT(io::now() - plugged, slowness * seconds(1) + milliseconds(100));
    EXPECT_EQ(site.status()["can"]["link"]["state"], "up");
    EXPECT_EQ(site.frames[before].frame.id, pylontech::id_alarms) << "a burst from its beginning";
}

// The log must not end with a state that is no longer true, however quickly a contact flaps.
TEST(Links, D15AFlappingContactIsToldAsItIsInTheEnd) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_burst()) << site.log();
    for (int i = 0; i < 3; ++i) {
        site.host->unplug_can();
        ASSERT_TRUE(site.until([&] { return site.status()["can"]["link"]["state"] == "missing"; }));
        const std::size_t before = site.frames.size();
        site.host->plug_can();
        ASSERT_TRUE(site.until([&] { return site.bursts(before) > 0; }));
    }
    EXPECT_EQ(site.status()["can"]["link"]["counters"]["reopened"], 3);
    const std::string log = site.log();
    EXPECT_GT(log.rfind("the adapter at"), log.rfind("is not there")) << log;
}

TEST(Links, TheBmsPlugMayBePulledAndPutBackWithoutARestart) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.host->unplug_bms();
    ASSERT_TRUE(site.until_log("went away")) << site.log();
    EXPECT_EQ(site.status()["packs"][0]["link"]["state"], "failed");
    site.scene().pack.force_current(Milliamps(-7'700));
    const TimePoint plugged = io::now();
    site.host->plug_bms();
    ASSERT_TRUE(site.until([&] {
        return site.last<pylontech::Measurements>()->current == Milliamps(-7'700);
    })) << site.log();
    EXPECT_LT(io::now() - plugged, slowness * seconds(2));
    EXPECT_EQ(charge_a(*site.last<pylontech::Limits>()), 60) << "too short to take anything away";
    EXPECT_FALSE(site.child->ended());
}

// That it resumes after ten seconds of quiet is also in tests/app, in virtual time.
TEST(Links, AnotherBatteryOnTheBusSilencesOurs) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const CanFrame foreign{.id = 0x351, .size = 8, .data = {0x14, 0x02, 0x58, 0x02, 0x58, 0x02, 0xC0, 0x01}};
    site.host->put_on_bus(foreign);
    ASSERT_TRUE(site.until_log("another battery sends 0x351")) << site.log();
    const TimePoint told = io::now();
    const std::size_t before = site.frames.size();
    EXPECT_EQ(site.status()["can"]["mode"], "foreign");
    EXPECT_EQ(site.ask({"status"}).exit_code, 1);
    ASSERT_TRUE(site.until([&] { return site.frames.size() > before; })) << site.log();
    EXPECT_GT(io::now() - told, milliseconds(9'500)) << "silent for ten seconds";
    EXPECT_LT(io::now() - told, seconds(12) * slowness);
}

}  // namespace
}  // namespace jkp::e2e
