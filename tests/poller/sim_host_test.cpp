// SPDX-License-Identifier: MIT
#include "app/sim_host.hpp"

#include <gtest/gtest.h>

#include "app/can_stick.hpp"
#include "io/can_links.hpp"
#include "poller/bench.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;

Bytes bytes(std::string_view text, std::vector<std::uint8_t>& storage) {
    storage.assign(text.begin(), text.end());
    return storage;
}

TEST(CanStick, AnswersTheCommandsOfTheProtocol) {
    std::vector<CanFrame> frames;
    CanStick stick([&](const CanFrame& frame) { frames.push_back(frame); });
    std::vector<std::uint8_t> text;
    EXPECT_EQ(stick.receive(bytes("C\r", text)), "\a");
    EXPECT_EQ(stick.receive(bytes("t35140102", text)), "");
    EXPECT_EQ(stick.receive(bytes("0304\r", text)), "\a");
    EXPECT_EQ(stick.receive(bytes("S6\rO\r", text)), "\r\r");
    EXPECT_EQ(stick.receive(bytes("t351401020304\r", text)), "z\r");
    EXPECT_EQ(stick.receive(bytes("T0000035100\r", text)), "\a");
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0], (CanFrame{.id = 0x351, .size = 4, .data = {1, 2, 3, 4}}));
    EXPECT_EQ(stick.receive(bytes("C\r", text)), "\r");
    EXPECT_EQ(stick.from_bus(frames[0]), "");
}

// The gateway's own ends: its poller and its slcan link.
TEST(SimHost, AGatewayReadsItsBmsAndReachesItsInverter) {
    Bench bench;
    SimHostSettings site;
    site.inverter.dead_time = milliseconds(0);
    site.wish = [](TimePoint) { return Milliamps(20'000); };
    site.bms_link = (bench.folder / "bms").string();
    site.can_link = (bench.folder / "can").string();
    SimHost host(bench.loop, site);
    host.start();
    bench.start(quick(host.bms_path()));
    io::CanLinkSettings stick;
    stick.kind = io::CanLinkKind::slcan;
    stick.path = host.can_path();
    const auto link = io::make_can_link(bench.loop, stick);
    std::vector<CanFrame> heard;
    link->open(
        {.on_frame = [&](const CanFrame& frame) { heard.push_back(frame); }, .on_echo = {}, .on_state = {}});
    ASSERT_TRUE(bench.until([&] { return link->status().state == io::CanLinkState::up; }));

    pylontech::BatteryReport report;
    report.charge_current_limit = Milliamps(5'000);
    report.charge_enable = true;
    const pylontech::Burst burst = pylontech::encode(report, {});
    ASSERT_EQ(link->send(burst), io::SendOutcome::sent);
    ASSERT_TRUE(bench.until([&] { return host.scene().flowing() == Milliamps(5'000); }));
    EXPECT_EQ(host.battery_frames(), burst.size());
    ASSERT_TRUE(bench.until([&] { return !heard.empty(); }));
    EXPECT_EQ(heard[0].id, pylontech::id_inverter_alive);
    ASSERT_TRUE(bench.until(
        [&] { return !bench.readings.empty() && bench.readings.back().value.current == Milliamps(5'000); }));
    link->close();
}

}  // namespace
}  // namespace jkp::app
