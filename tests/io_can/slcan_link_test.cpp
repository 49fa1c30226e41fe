// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "io/slcan_codec.hpp"
#include "io_can/frames.hpp"
#include "io_can/link_probe.hpp"
#include "io_can/pty.hpp"

namespace jkp::io {
namespace {

using namespace std::chrono_literals;

CanLinkSettings slcan_at(const std::string& path) {
    CanLinkSettings settings;
    settings.kind = CanLinkKind::slcan;
    settings.path = path;
    return settings;
}

// Waits until the adapter's side has received `text`, and takes it.
bool arrives(LinkProbe& probe, const Pty& adapter, const std::string& text) {
    std::string got;
    return probe.until([&] { return (got += adapter.read()).find(text) != std::string::npos; });
}

bool opens(LinkProbe& probe, const Pty& adapter) {
    return arrives(probe, adapter, "C\rS6\rO\r");
}

const std::vector<CanFrame> burst{numbered_frame(0x351), numbered_frame(0x355, 1, 4)};

TEST(SlcanLink, OpensTheAdapterWithItsBitrateAndIsUp) {
    Pty adapter;
    LinkProbe probe(slcan_at(adapter.path()));
    EXPECT_EQ(probe.link().status().state, CanLinkState::closed);
    EXPECT_TRUE(probe.states.empty()) << "no handler is called from inside open()";
    ASSERT_TRUE(opens(probe, adapter));
    EXPECT_TRUE(probe.until_state(CanLinkState::up));
    ASSERT_EQ(probe.states.size(), 1U);
    EXPECT_EQ(probe.detail(), "the adapter at " + adapter.path() + " runs at 500 kbit/s");
}

TEST(SlcanLink, WritesABurstInOrder) {
    Pty adapter;
    LinkProbe probe(slcan_at(adapter.path()));
    ASSERT_TRUE(opens(probe, adapter));
    EXPECT_EQ(probe.link().send(burst), SendOutcome::sent);
    EXPECT_TRUE(arrives(probe, adapter, "t35180001020304050607\rt355401020304\r"));
    EXPECT_EQ(probe.counters().frames_sent, 2U);
}

TEST(SlcanLink, DeliversFramesThatArriveInPiecesAndCountsGarbage) {
    Pty adapter;
    LinkProbe probe(slcan_at(adapter.path()));
    ASSERT_TRUE(opens(probe, adapter));
    adapter.write("t3058000102");
    adapter.write("0304050607\rwhat is this\rt1230\rt3052AAAB1234\r");
    ASSERT_TRUE(probe.until([&] { return probe.frames.size() == 2; }));
    EXPECT_EQ(probe.frames[0], numbered_frame(0x305));
    EXPECT_EQ(probe.frames[1], numbered_frame(0x305, 0xAA, 2));
    EXPECT_EQ(probe.counters().malformed, 1U);
    EXPECT_EQ(probe.counters().frames_received, 2U) << "0x123 concerns nobody here";
}

TEST(SlcanLink, AnswersToFramesAreEchoesThatProveNothing) {
    Pty adapter;
    LinkProbe probe(slcan_at(adapter.path()));
    ASSERT_TRUE(opens(probe, adapter));
    adapter.write("\r\r\r");  // to the three commands
    EXPECT_EQ(probe.link().send(burst), SendOutcome::sent);
    adapter.write("z\r\r\r\r");  // one by each name; the rest answers nothing
    adapter.write("t3050\r");
    ASSERT_TRUE(probe.until([&] { return !probe.frames.empty(); }));
    EXPECT_EQ(probe.echoes, 2);
    EXPECT_FALSE(probe.link().echo_proves_acknowledge());
}

TEST(SlcanLink, RefusalsAndStatesOfTheControllerAreCounted) {
    Pty adapter;
    LinkProbe probe(slcan_at(adapter.path()));
    ASSERT_TRUE(opens(probe, adapter));
    adapter.write("\a\r\r");  // closing a closed adapter is refused, and no fault
    adapter.write("\asp000128\rsb000256\re1a\rt3050\r");
    ASSERT_TRUE(probe.until([&] { return !probe.frames.empty(); }));
    EXPECT_EQ(probe.counters().error_frames, 2U);
    EXPECT_EQ(probe.counters().error_passive, 1U);
    EXPECT_EQ(probe.counters().bus_off, 1U);
}

TEST(SlcanLink, AMissingPortIsNamedAndOpenedOnceItAppears) {
    const TemporaryFolder folder;
    const auto path = folder.file("adapter");
    LinkProbe probe(slcan_at(path));
    ASSERT_TRUE(probe.until_state(CanLinkState::missing));
    EXPECT_EQ(probe.detail().find(path + " is not there; "), 0U) << probe.detail();
    EXPECT_EQ(probe.link().send(burst), SendOutcome::not_connected);
    Pty adapter;
    std::filesystem::create_symlink(adapter.path(), path);
    EXPECT_TRUE(probe.until_state(CanLinkState::up, 2s)) << probe.detail();
    EXPECT_EQ(probe.counters().reopened, 0U);
}

TEST(SlcanLink, AnUnpluggedAdapterIsOpenedAgainWhenItReturns) {
    const TemporaryFolder folder;
    const auto path = folder.file("adapter");
    Pty first;
    std::filesystem::create_symlink(first.path(), path);
    LinkProbe probe(slcan_at(path));
    ASSERT_TRUE(opens(probe, first));
    std::filesystem::remove(path);
    first.unplug();
    ASSERT_TRUE(probe.until_state(CanLinkState::missing));
    Pty second;
    std::filesystem::create_symlink(second.path(), path);
    ASSERT_TRUE(opens(probe, second));
    EXPECT_TRUE(probe.until_state(CanLinkState::up, 2s));
    EXPECT_EQ(probe.counters().reopened, 1U);
    second.write("t3050\r");
    EXPECT_TRUE(probe.until([&] { return !probe.frames.empty(); }));
}

TEST(SlcanLink, AFileThatIsNoSerialPortIsSaidToBeNone) {
    LinkProbe probe(slcan_at("/dev/null"));
    ASSERT_TRUE(probe.until_state(CanLinkState::missing));
    EXPECT_EQ(probe.detail().find("/dev/null is not a serial port; "), 0U) << probe.detail();
}

TEST(SlcanLink, WhenTheAdapterDoesNotReadBurstsAreDroppedAndNeverQueued) {
    Pty adapter;
    LinkProbe probe(slcan_at(adapter.path()));
    ASSERT_TRUE(probe.until_state(CanLinkState::up));
    std::uint64_t sent = 0;
    ASSERT_TRUE(probe.until([&] {
        const auto outcome = probe.link().send(burst);
        sent += outcome == SendOutcome::sent ? 1 : 0;
        return outcome == SendOutcome::queue_full;
    }));
    const auto turns = probe.turns;
    for (int i = 0; i < 100; ++i) EXPECT_EQ(probe.link().send(burst), SendOutcome::queue_full);
    EXPECT_FALSE(probe.until([] { return false; }, 200ms));
    EXPECT_LT(probe.turns - turns, 5U) << "waiting costs no time of the processor";
    EXPECT_EQ(probe.counters().bursts_dropped, 101U);

    // What the adapter finds when it reads again are whole bursts, as many as were reported as sent.
    std::string text;
    const auto whole = [&] {
        text += adapter.read();
        return std::count(text.begin(), text.end(), 't') == static_cast<std::ptrdiff_t>(2 * sent) &&
               text.back() == '\r';
    };
    EXPECT_TRUE(probe.until(whole)) << sent;
    EXPECT_TRUE(probe.until([&] { return probe.link().send(burst) == SendOutcome::sent; }));
}

TEST(SlcanLink, AClosedLinkTellsNobodyAndClosesTheAdapter) {
    Pty adapter;
    LinkProbe probe(slcan_at(adapter.path()));
    ASSERT_TRUE(opens(probe, adapter));
    adapter.write("t3050\r");
    probe.link().close();
    EXPECT_EQ(probe.link().status().state, CanLinkState::closed);
    EXPECT_EQ(probe.link().send(burst), SendOutcome::not_connected);
    EXPECT_TRUE(arrives(probe, adapter, "C\r"));
    EXPECT_FALSE(probe.until([] { return false; }, 50ms));
    EXPECT_TRUE(probe.frames.empty());
    probe.open();
    EXPECT_TRUE(opens(probe, adapter)) << "it can be opened again";
}

TEST(SlcanLink, ALinkMayBeDestroyedWhileItsCompletionsWait) {
    Pty adapter;
    LinkProbe probe(slcan_at(adapter.path()));
    ASSERT_TRUE(opens(probe, adapter));
    adapter.write("t3050\rt3050\r");
    probe.destroy();
    probe.loop().restart();
    probe.loop().poll();
    EXPECT_TRUE(probe.frames.empty());
}

TEST(SlcanLink, AHandlerMayCloseTheLink) {
    Pty adapter;
    boost::asio::io_context loop;
    const auto link = make_can_link(loop, slcan_at(adapter.path()));
    int frames = 0;
    link->open(
        {.on_frame = [&](const CanFrame&) { ++frames, link->close(); }, .on_echo = {}, .on_state = {}});
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (frames == 0 && std::chrono::steady_clock::now() < deadline) {
        if (adapter.read().find('O') != std::string::npos) adapter.write("t3050\rt3050\r");
        loop.run_one_for(5ms);
    }
    EXPECT_EQ(frames, 1);
    loop.run_for(20ms);
    EXPECT_EQ(frames, 1);
}

}  // namespace
}  // namespace jkp::io
