// SPDX-License-Identifier: MIT
#include "io/group_receiver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>

#include "io/group_socket.hpp"
#include "sma_meter/support.hpp"

namespace jkp::io {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Arrived {
    Buffer bytes;
    TimePoint at;
};

struct Bench {
    explicit Bench(GroupReceiverSettings settings = {}) {
        if (settings.group.empty()) settings.group = meter_group;
        if (settings.interface.empty()) settings.interface = "lo";
        settings.look_period = 20ms;
        GroupReceiverHandlers handlers;
        handlers.on_datagram = [this](Bytes bytes, TimePoint at) {
            arrived.push_back({{bytes.begin(), bytes.end()}, at});
        };
        handlers.on_drained = [this] { ++drained; };
        handlers.on_state = [this](GroupReceiverState state, const std::string& why) {
            states.emplace_back(state, why);
        };
        receiver.emplace(loop, settings, std::move(handlers));
        receiver->start();
    }
    bool until_state(GroupReceiverState wanted) {
        return run_until(loop, [&] { return receiver->state() == wanted; });
    }
    // The kernel begins to stamp a little after the first socket asks for it.
    bool until_stamped() {
        for (std::size_t i = 1; i <= 500; ++i) {
            const TimePoint sent = now();
            sender.to_us_alone(receiver->port(), {0});
            let_pass(2ms);
            if (!until_arrived(i)) return false;
            if (arrived.back().at < sent + 1ms) return true;
        }
        return false;
    }
    bool until_arrived(std::size_t count) {
        return run_until(loop, [&] { return arrived.size() >= count; });
    }

    boost::asio::io_context loop;
    std::vector<Arrived> arrived;
    int drained = 0;
    std::vector<std::pair<GroupReceiverState, std::string>> states;
    std::optional<GroupReceiver> receiver;
    Sender sender;
};

TEST(GroupReceiver, HearsTheGroupAndWhatIsSentToThisMachineAlone) {
    Bench bench;
    ASSERT_TRUE(bench.until_state(GroupReceiverState::joined));
    EXPECT_EQ(bench.receiver->interfaces(), std::vector<std::string>{"lo"});
    bench.sender.to_group(bench.receiver->port(), {1});
    bench.sender.to_us_alone(bench.receiver->port(), {2});
    ASSERT_TRUE(bench.until_arrived(2));
    EXPECT_EQ(bench.arrived[0].bytes, Buffer{1});
    EXPECT_EQ(bench.arrived[1].bytes, Buffer{2});
}

// A group that another program joined arrives at every socket of the port, unless that is turned off.
TEST(GroupReceiver, GroupsOfOtherProgramsDoNotArrive) {
    Bench bench;
    ASSERT_TRUE(bench.until_state(GroupReceiverState::joined));
    Bench other({.group = "239.12.1.87", .port = bench.receiver->port()});
    ASSERT_TRUE(other.until_state(GroupReceiverState::joined)) << "two programs may use the port";
    bench.sender.to_group(bench.receiver->port(), {1}, "239.12.1.87");
    bench.sender.to_group(bench.receiver->port(), {2});
    ASSERT_TRUE(bench.until_arrived(1));
    EXPECT_EQ(bench.arrived[0].bytes, Buffer{2});
    ASSERT_TRUE(other.until_arrived(1));
    EXPECT_EQ(other.arrived[0].bytes, Buffer{1});
}

TEST(GroupReceiver, ABacklogIsReadInOneTurnAndEachDatagramKnowsWhenItCame) {
    Bench bench;
    ASSERT_TRUE(bench.until_state(GroupReceiverState::joined));
    ASSERT_TRUE(bench.until_stamped());
    bench.arrived.clear();
    bench.drained = 0;
    const TimePoint before = now();
    for (std::uint8_t i = 0; i < 100; ++i) bench.sender.to_group(bench.receiver->port(), {i});
    const TimePoint sent = now();
    let_pass(50ms);
    ASSERT_TRUE(bench.until_arrived(100));
    EXPECT_EQ(bench.drained, 1);
    EXPECT_EQ(bench.arrived.back().bytes, Buffer{99});
    // Two clocks are compared, each read with an error of some microseconds.
    EXPECT_GE(bench.arrived.front().at, before - 1ms);
    EXPECT_LE(bench.arrived.back().at, sent + 10ms) << "not when it was read";
}

TEST(GroupReceiver, ALongDatagramIsCutAndDoesNoHarm) {
    Bench bench;
    ASSERT_TRUE(bench.until_state(GroupReceiverState::joined));
    bench.sender.to_us_alone(bench.receiver->port(), Buffer(9000, 7));
    bench.sender.to_us_alone(bench.receiver->port(), {});
    bench.sender.to_us_alone(bench.receiver->port(), {2});
    ASSERT_TRUE(bench.until_arrived(3));
    EXPECT_EQ(bench.arrived[0].bytes, Buffer(2048, 7));
    EXPECT_EQ(bench.arrived[1].bytes, Buffer{});
    EXPECT_EQ(bench.arrived[2].bytes, Buffer{2});
}

TEST(GroupReceiver, AFloodDoesNotKeepTheLoopFromOtherWork) {
    Bench bench;
    ASSERT_TRUE(bench.until_state(GroupReceiverState::joined));
    // The receive buffer of the kernel holds some hundred; what does not fit is lost, as on a real network.
    for (int i = 0; i < 3000; ++i) bench.sender.to_us_alone(bench.receiver->port(), {1});
    ASSERT_TRUE(bench.until_arrived(1));
    EXPECT_LE(bench.arrived.size(), 512U);
}

TEST(GroupReceiver, IsHeardAgainAfterLeavingAndJoining) {
    Bench bench;
    ASSERT_TRUE(bench.until_state(GroupReceiverState::joined));
    bench.receiver->rejoin();
    EXPECT_EQ(bench.receiver->interfaces(), std::vector<std::string>{"lo"});
    bench.sender.to_group(bench.receiver->port(), {1});
    EXPECT_TRUE(bench.until_arrived(1));
}

TEST(GroupReceiver, APortInUseIsToldAndUsedWhenItIsFree) {
    boost::asio::io_context context;
    std::optional<udp::socket> selfish;
    selfish.emplace(context, udp::endpoint{boost::asio::ip::address_v4::any(), 0});
    const std::uint16_t port = selfish->local_endpoint().port();
    Bench bench({.port = port});
    ASSERT_TRUE(bench.until_state(GroupReceiverState::failed));
    EXPECT_EQ(bench.receiver->port(), 0);
    EXPECT_THAT(bench.states.back().second,
                HasSubstr("cannot listen at UDP port " + std::to_string(port) + ": Address already in use"));
    selfish.reset();
    EXPECT_TRUE(bench.until_state(GroupReceiverState::joined));
}

TEST(GroupReceiver, AStoppedOneIsSilentAndCanBeStartedAgain) {
    Bench bench;
    ASSERT_TRUE(bench.until_state(GroupReceiverState::joined));
    bench.sender.to_us_alone(bench.receiver->port(), {1});
    bench.receiver->stop();
    EXPECT_EQ(bench.receiver->state(), GroupReceiverState::closed);
    bench.receiver->start();
    ASSERT_TRUE(bench.until_state(GroupReceiverState::joined));
    bench.sender.to_us_alone(bench.receiver->port(), {2});
    ASSERT_TRUE(bench.until_arrived(1));
    EXPECT_EQ(bench.arrived.front().bytes, Buffer{2});
}

TEST(GroupReceiver, MayBeLetGoOfInsideItsOwnHandler) {
    boost::asio::io_context loop;
    std::optional<GroupReceiver> receiver;
    int arrived = 0;
    receiver.emplace(loop, GroupReceiverSettings{.group = meter_group, .interface = "lo"},
                     GroupReceiverHandlers{.on_datagram =
                                               [&](Bytes, TimePoint) {
                                                   ++arrived;
                                                   receiver.reset();
                                               },
                                           .on_drained = {},
                                           .on_state = {}});
    receiver->start();
    ASSERT_TRUE(run_until(loop, [&] { return receiver->state() == GroupReceiverState::joined; }));
    Sender sender;
    const std::uint16_t port = receiver->port();
    for (int i = 0; i < 3; ++i) sender.to_us_alone(port, {1});
    ASSERT_TRUE(run_until(loop, [&] { return !receiver; }));
    EXPECT_EQ(arrived, 1);
}

// Needs the right to make interfaces.
TEST(GroupReceiver, AnInterfaceThatComesLaterAndComesBackIsJoined) {
    const std::string name = "jkpm" + std::to_string(::getpid() % 100000);
    const auto ip = [&](const std::string& words) {
        return std::system(("ip link " + words + " 2>/dev/null").c_str()) == 0;  // NOLINT(cert-env33-c)
    };
    Bench bench({.interface = name});
    ASSERT_TRUE(bench.until_state(GroupReceiverState::waiting));
    EXPECT_THAT(bench.states.back().second,
                HasSubstr("interface " + name + " cannot be used yet (No such device)"));
    bench.sender.to_us_alone(bench.receiver->port(), {1});
    EXPECT_TRUE(bench.until_arrived(1)) << "what is sent to us alone needs no group";
    if (!ip("add " + name + " type bridge")) GTEST_SKIP() << "no right to make a network interface";
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(ip("set " + name + " up"));
        EXPECT_TRUE(bench.until_state(GroupReceiverState::joined));
        EXPECT_EQ(bench.receiver->interfaces(), std::vector<std::string>{name});
        ASSERT_TRUE(ip("del " + name));
        EXPECT_TRUE(bench.until_state(GroupReceiverState::waiting));
        if (i > 0) continue;
        ASSERT_TRUE(ip("add " + name + " type bridge"));
    }
}

TEST(GroupSocket, TheLoopbackIsNoInterfaceToListenOnUnlessItIsNamed) {
    for (const NetworkInterface& each : multicast_interfaces()) EXPECT_NE(each.name, "lo");
    EXPECT_TRUE(interface_named("lo"));
    EXPECT_FALSE(interface_named("no-such-thing"));
}

}  // namespace
}  // namespace jkp::io
