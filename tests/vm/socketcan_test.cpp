// SPDX-License-Identifier: MIT
// The SocketCAN link against the kernel's vcan and slcan, inside the guest of run-in-guest. A system call
// costs many times the host's there, so deadlines are generous and only bounds of the contract are timed.
#include <gtest/gtest.h>

#include <algorithm>

#include "core/candump_text.hpp"
#include "io_can/frames.hpp"
#include "io_can/link_probe.hpp"
#include "vm/guest.hpp"

namespace jkp::io {
namespace {

using namespace std::chrono_literals;
constexpr auto patience = 30s;

CanLinkSettings on(const std::string& interface) {
    CanLinkSettings settings;
    settings.interface = interface;
    return settings;
}
CanLinkSettings managed(const std::string& interface) {
    auto settings = on(interface);
    settings.manage_interface = true;
    return settings;
}

std::vector<CanFrame> burst() {
    std::vector<CanFrame> frames;
    for (const std::uint32_t id : {0x359U, 0x351U, 0x355U, 0x356U, 0x35CU, 0x35EU})
        frames.push_back(
            numbered_frame(id, static_cast<std::uint8_t>(id), static_cast<std::uint8_t>(id % 9)));
    return frames;
}

bool candump_listens(const std::string& interface) {
    return guest::contents("/proc/net/can/rcvlist_all").find(" " + interface + " ") != std::string::npos;
}

std::vector<CanFrame> dumped(const std::string& file) {
    std::vector<CanFrame> frames;
    for (const auto& line : guest::lines(file)) {
        const auto parsed = parse_candump_line(line);
        EXPECT_TRUE(parsed) << line;
        if (parsed) frames.push_back(parsed->frame);
    }
    return frames;
}

// Frames sent on one interface are read by candump on another (or the same).
void expect_candump_reads(const std::string& sender, const std::string& reader) {
    LinkProbe probe(on(sender));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience)) << probe.detail();
    guest::start("candump -L -n 6 " + reader + " >/run/dump");
    ASSERT_TRUE(probe.until([&] { return candump_listens(reader); }, patience));
    EXPECT_EQ(probe.link().send(burst()), SendOutcome::sent);
    ASSERT_TRUE(probe.until([] { return guest::lines("/run/dump").size() == 6; }, patience));
    EXPECT_EQ(dumped("/run/dump"), burst());
    EXPECT_TRUE(probe.until([&] { return probe.echoes == 6; }, patience));
    EXPECT_TRUE(probe.frames.empty()) << "own frames are no frames of others";
    EXPECT_EQ(probe.counters().frames_sent, 6U);
    EXPECT_EQ(probe.counters().echoes, 6U);
}

TEST(Vcan, CandumpReadsOurFramesBitForBitAndWeSeeTheirEcho) {
    expect_candump_reads("vcan0", "vcan0");
}

TEST(Vcan, FramesOfOtherProgramsAreDeliveredAndOthersFilteredOut) {
    LinkProbe probe(on("vcan0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::run("cansend vcan0 123#00");
    guest::run("cansend vcan0 351#0102");
    guest::run("cansend vcan0 305#R");
    guest::run("cansend vcan0 00000305#0000000000000000");
    guest::run("cansend vcan0 305#");
    ASSERT_TRUE(probe.until([&] { return probe.frames.size() == 3; }, patience));
    EXPECT_EQ(candump_frame(probe.frames[0]), "351#0102");
    EXPECT_EQ(candump_frame(probe.frames[1]), "00000305#0000000000000000");
    EXPECT_EQ(candump_frame(probe.frames[2]), "305#");
    EXPECT_EQ(probe.echoes, 0);
    EXPECT_EQ(probe.counters().frames_received, 3U);
}

TEST(Vcan, ReceiveAllDeliversEveryFrame) {
    auto settings = on("vcan0");
    settings.receive_all = true;
    LinkProbe probe(settings);
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::run("cansend vcan0 123#00");
    EXPECT_TRUE(probe.until([&] { return probe.frames.size() == 1; }, patience));
}

TEST(Vcan, AMissingInterfaceIsNamedWithThoseThatExist) {
    LinkProbe probe(on("can9"));
    ASSERT_TRUE(probe.until_state(CanLinkState::missing, patience));
    EXPECT_EQ(probe.detail(), "can9 does not exist; CAN interfaces here: vcan0, can0, can1");
    LinkProbe loopback(on("lo"));
    ASSERT_TRUE(loopback.until_state(CanLinkState::missing, patience));
    EXPECT_EQ(loopback.detail(), "lo is not a CAN interface; CAN interfaces here: vcan0, can0, can1");
}

// From the moment the interface is back; the contract says one second, the guest's slowness asks for more.
void expect_up_soon(LinkProbe& probe) {
    const auto back = std::chrono::steady_clock::now();
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience)) << probe.detail();
    EXPECT_LT(std::chrono::steady_clock::now() - back, 3s);
    EXPECT_EQ(probe.link().send(burst()), SendOutcome::sent);
    EXPECT_TRUE(probe.until([&] { return probe.echoes > 0; }, patience)) << "the new socket works";
}

TEST(Vcan, IsOpenedAgainAfterDownAndUp) {
    LinkProbe probe(on("vcan0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::run("ip link set vcan0 down");
    ASSERT_TRUE(probe.until_state(CanLinkState::down, patience));
    EXPECT_EQ(probe.link().send(burst()), SendOutcome::not_connected);
    EXPECT_EQ(probe.detail(),
              "vcan0 is down: bring it up with `ip link set vcan0 up`, or set manage_interface = true");
    guest::run("ip link set vcan0 up");
    expect_up_soon(probe);
    EXPECT_EQ(probe.counters().reopened, 1U);
}

TEST(Vcan, SendingIntoAnInterfaceThatJustWentDownIsNotConnected) {
    LinkProbe probe(on("vcan0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::run("ip link set vcan0 down");
    const auto states = probe.states.size();
    EXPECT_EQ(probe.link().send(burst()), SendOutcome::not_connected) << "before the loop has noticed";
    EXPECT_EQ(probe.states.size(), states) << "no handler is called from inside send()";
    EXPECT_TRUE(probe.until_state(CanLinkState::down, patience));
}

TEST(Vcan, IsOpenedAgainWhenDeletedAndCreated) {
    LinkProbe probe(on("vcan0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::run("ip link del vcan0");
    ASSERT_TRUE(probe.until_state(CanLinkState::missing, patience));
    EXPECT_EQ(probe.link().send(burst()), SendOutcome::not_connected);
    guest::run("ip link add vcan0 type vcan && ip link set vcan0 up");
    expect_up_soon(probe);
}

TEST(Adapter, CandumpAtTheOtherEndOfTheBusReadsOurFrames) {
    expect_candump_reads("can0", "can1");
}

TEST(Adapter, FramesFromTheBusAreDelivered) {
    LinkProbe probe(on("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    EXPECT_EQ(probe.detail(), "can0 runs at 500 kbit/s");
    guest::bus("0 frame t30580000000000000000");
    ASSERT_TRUE(probe.until([&] { return !probe.frames.empty(); }, patience));
    EXPECT_EQ(candump_frame(probe.frames[0]), "305#0000000000000000");
}

TEST(Adapter, ACutCableShowsAsErrorPassive) {
    LinkProbe probe(on("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::bus("0 cut");
    ASSERT_TRUE(probe.until(
        [&] {
            guest::run("cansend can0 123#00");
            return probe.counters().error_passive > 0;
        },
        patience));
    EXPECT_GT(probe.counters().error_frames, 0U);
    EXPECT_EQ(probe.link().status().state, CanLinkState::up);
}

TEST(Adapter, AnEchoOfAnAdapterThatDoesNotReportSendingProvesNothing) {
    LinkProbe probe(on("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::bus("0 cut");
    ASSERT_TRUE(probe.until([&] { return probe.link().send(burst()) == SendOutcome::sent; }, patience));
    ASSERT_TRUE(probe.until([&] { return probe.counters().error_passive > 0; }, patience));
    EXPECT_TRUE(probe.echoes == 0 || !probe.link().echo_proves_acknowledge());
}

TEST(Adapter, BusOffIsDownWithTheNextStepWhenTheInterfaceIsNotOurs) {
    LinkProbe probe(on("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::bus("0 busoff");
    ASSERT_TRUE(probe.until_state(CanLinkState::down, patience));
    EXPECT_NE(probe.detail().find("restart-ms is 0: take it down and up"), std::string::npos)
        << probe.detail();
    EXPECT_EQ(probe.counters().bus_off, 1U);
    EXPECT_EQ(probe.link().send(burst()), SendOutcome::not_connected);
    guest::run("ip link set can0 down && ip link set can0 up");
    EXPECT_TRUE(probe.until_state(CanLinkState::up, patience)) << probe.detail();
}

TEST(Adapter, BusOffIsRecoveredByDownAndUpWhenTheInterfaceIsOurs) {
    LinkProbe probe(managed("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    for (std::uint64_t times = 1; times <= 2; ++times) {
        guest::bus("0 busoff");
        ASSERT_TRUE(probe.until([&] { return probe.counters().bus_off == times; }, patience));
        ASSERT_TRUE(probe.until_state(CanLinkState::up, patience)) << probe.detail();
        EXPECT_EQ(probe.counters().restarts, times);
        EXPECT_EQ(probe.link().send(burst()), SendOutcome::sent);
    }
}

TEST(Adapter, AnUnpluggedAdapterIsBroughtUpAgainWhenItReturns) {
    LinkProbe probe(managed("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::bus("0 unplug");
    ASSERT_TRUE(probe.until_state(CanLinkState::missing, patience));
    guest::bus("0 plug");
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience)) << probe.detail();
    EXPECT_EQ(probe.link().send(burst()), SendOutcome::sent);
}

TEST(Adapter, AFullQueueDropsTheRestOfTheBurst) {
    guest::run("ip link set can0 txqueuelen 1");
    LinkProbe probe(on("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience));
    guest::bus("0 mute");
    std::vector<CanFrame> many;
    for (int i = 0; i < 64; ++i) many.push_back(numbered_frame(0x351));
    ASSERT_TRUE(probe.until([&] { return probe.link().send(many) == SendOutcome::queue_full; }, patience));
    EXPECT_GT(probe.counters().bursts_dropped, 0U);
    EXPECT_EQ(probe.link().status().state, CanLinkState::up);
    guest::bus("0 unmute");
    EXPECT_TRUE(probe.until([&] { return probe.link().send(burst()) == SendOutcome::sent; }, patience));
}

TEST(Adapter, AnotherBitrateIsCorrectedOnlyWhenTheInterfaceIsOurs) {
    guest::run("ip link set can0 down && ip link set can0 up type can bitrate 250000");
    LinkProbe watching(on("can0"));
    ASSERT_TRUE(watching.until_state(CanLinkState::up, patience));
    EXPECT_NE(watching.detail().find("250 kbit/s; 500 kbit/s is configured"), std::string::npos);
    LinkProbe managing(managed("can0"));
    ASSERT_TRUE(managing.until_state(CanLinkState::up, patience));
    EXPECT_EQ(managing.detail().find("can0 runs at 500 kbit/s"), 0U) << managing.detail();
    guest::run("ip -details link show can0 | grep -q 'bitrate 500000'");
}

TEST(DownInterface, TellsHowToBringItUp) {
    LinkProbe probe(on("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::down, patience));
    EXPECT_EQ(probe.detail(),
              "can0 is down: bring it up with `ip link set can0 up type can bitrate 500000`, or set "
              "manage_interface = true");
}

TEST(DownInterface, IsBroughtUpWhenItIsOursAndTellsWhatTheDriverCannot) {
    LinkProbe probe(managed("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::up, patience)) << probe.detail();
    EXPECT_NE(probe.detail().find("its driver does not support restart-ms"), std::string::npos)
        << probe.detail();
    guest::run("ip -details link show can0 | grep -q 'bitrate 500000'");
}

TEST(DownInterface, WithoutThePrivilegeTheSentenceNamesIt) {
    guest::drop_privileges();
    LinkProbe probe(managed("can0"));
    ASSERT_TRUE(probe.until_state(CanLinkState::down, patience));
    EXPECT_NE(probe.detail().find("give the program CAP_NET_ADMIN"), std::string::npos) << probe.detail();
}

}  // namespace
}  // namespace jkp::io
