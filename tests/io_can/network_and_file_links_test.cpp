// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <boost/asio/ip/udp.hpp>
#include <filesystem>
#include <fstream>

#include "core/candump_text.hpp"
#include "io/cannelloni_codec.hpp"
#include "io_can/frames.hpp"
#include "io_can/link_probe.hpp"
#include "io_can/pty.hpp"

namespace jkp::io {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::udp;

const std::vector<CanFrame> burst{numbered_frame(0x351), numbered_frame(0x355, 1, 4)};

// A UDP socket on the loopback interface with a port of the kernel's choice.
class Peer {
  public:
    Peer() : socket_(context_, {boost::asio::ip::address_v4::loopback(), 0}) { socket_.non_blocking(true); }
    [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }
    void send(std::uint16_t to, const std::vector<std::uint8_t>& packet) {
        socket_.send_to(boost::asio::buffer(packet), {boost::asio::ip::address_v4::loopback(), to});
    }
    std::vector<std::uint8_t> receive() {
        std::vector<std::uint8_t> packet(2000);
        boost::system::error_code none_there;
        packet.resize(socket_.receive(boost::asio::buffer(packet), 0, none_there));
        return packet;
    }

  private:
    boost::asio::io_context context_;
    udp::socket socket_;
};

std::uint16_t free_port() {
    return Peer().port();
}

CanLinkSettings cannelloni_to(std::uint16_t port) {
    CanLinkSettings settings;
    settings.kind = CanLinkKind::cannelloni;
    settings.host = "127.0.0.1";
    settings.port = port;
    settings.local_port = free_port();
    return settings;
}

TEST(CannelloniLink, SendsABurstAsOnePacketWithACountedSequence) {
    Peer peer;
    LinkProbe probe(cannelloni_to(peer.port()));
    ASSERT_TRUE(probe.until_state(CanLinkState::up)) << probe.detail();
    for (std::uint8_t sequence = 0; sequence < 3; ++sequence) {
        EXPECT_EQ(probe.link().send(burst), SendOutcome::sent);
        std::vector<std::uint8_t> packet;
        ASSERT_TRUE(probe.until([&] { return !(packet = peer.receive()).empty(); }));
        EXPECT_EQ(packet, encode_cannelloni(sequence, burst));
    }
    EXPECT_EQ(probe.counters().frames_sent, 6U);
    EXPECT_FALSE(probe.link().echo_proves_acknowledge());
}

TEST(CannelloniLink, DeliversFramesAndCountsGapsAndMalformedPackets) {
    Peer peer;
    const auto settings = cannelloni_to(peer.port());
    LinkProbe probe(settings);
    ASSERT_TRUE(probe.until_state(CanLinkState::up)) << probe.detail();
    const std::vector<CanFrame> alive{numbered_frame(0x305), numbered_frame(0x123)};
    peer.send(settings.local_port, encode_cannelloni(254, alive));
    peer.send(settings.local_port, encode_cannelloni(255, alive));
    peer.send(settings.local_port, encode_cannelloni(0, alive));
    peer.send(settings.local_port, {2, 0, 1, 0});
    peer.send(settings.local_port, encode_cannelloni(3, alive));
    ASSERT_TRUE(probe.until([&] { return probe.frames.size() == 4; }));
    EXPECT_EQ(probe.frames[0], alive[0]) << "0x123 concerns nobody here";
    EXPECT_EQ(probe.counters().packets_lost, 2U);
    EXPECT_EQ(probe.counters().malformed, 1U);
}

TEST(CannelloniLink, HearsOnlyItsPeer) {
    Peer peer;
    Peer stranger;
    const auto settings = cannelloni_to(peer.port());
    LinkProbe probe(settings);
    ASSERT_TRUE(probe.until_state(CanLinkState::up)) << probe.detail();
    stranger.send(settings.local_port, encode_cannelloni(0, burst));
    peer.send(settings.local_port, encode_cannelloni(0, {burst.data(), 1}));
    ASSERT_TRUE(probe.until([&] { return !probe.frames.empty(); }));
    EXPECT_FALSE(probe.until([&] { return probe.frames.size() > 1; }, 50ms));
}

TEST(CannelloniLink, GoesOnSendingWhenNobodyListensAndCostsNothing) {
    LinkProbe probe(cannelloni_to(free_port()));
    ASSERT_TRUE(probe.until_state(CanLinkState::up)) << probe.detail();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(probe.link().send(burst), SendOutcome::sent);
    const auto turns = probe.turns;
    EXPECT_FALSE(probe.until([] { return false; }, 100ms));
    EXPECT_LT(probe.turns - turns, 10U);
}

TEST(CannelloniLink, APortInUseIsSaidAndTakenOnceItIsFree) {
    Peer peer;
    auto settings = cannelloni_to(peer.port());
    auto other = std::make_unique<Peer>();
    settings.local_port = other->port();
    LinkProbe probe(settings);
    ASSERT_TRUE(probe.until_state(CanLinkState::missing));
    EXPECT_NE(probe.detail().find("receiving at 127.0.0.1:"), std::string::npos) << probe.detail();
    EXPECT_NE(probe.detail().find("in use"), std::string::npos) << probe.detail();
    other.reset();
    EXPECT_TRUE(probe.until_state(CanLinkState::up)) << probe.detail();
}

CanLinkSettings candump_into(const std::string& file) {
    CanLinkSettings settings;
    settings.kind = CanLinkKind::candump;
    settings.path = file;
    return settings;
}

std::vector<CanFrame> frames_in(const std::string& file) {
    std::vector<CanFrame> frames;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) frames.push_back(parse_candump_line(line).value().frame);
    return frames;
}

TEST(CandumpLink, WritesWhatCandumpWouldAndAppends) {
    const TemporaryFolder folder;
    const auto file = folder.file("dry.log");
    for (int run = 0; run < 2; ++run) {
        LinkProbe probe(candump_into(file));
        ASSERT_TRUE(probe.until_state(CanLinkState::up)) << probe.detail();
        EXPECT_EQ(probe.link().send(burst), SendOutcome::sent);
    }
    EXPECT_EQ(frames_in(file), (std::vector{burst[0], burst[1], burst[0], burst[1]}));
}

TEST(CandumpLink, EndsAtItsLimitAndGoesOnInANewFile) {
    const TemporaryFolder folder;
    auto settings = candump_into(folder.file("dry.log"));
    settings.file_limit_bytes = 500;
    LinkProbe probe(settings);
    ASSERT_TRUE(probe.until_state(CanLinkState::up)) << probe.detail();
    ASSERT_TRUE(probe.until([&] { return probe.link().send(burst) == SendOutcome::queue_full; }));
    ASSERT_TRUE(probe.until_state(CanLinkState::down));
    EXPECT_NE(probe.detail().find("has reached its limit of 500 bytes"), std::string::npos);
    EXPECT_LE(std::filesystem::file_size(settings.path), 500U);
    EXPECT_EQ(frames_in(settings.path).size(), probe.counters().frames_sent);
    std::filesystem::remove(settings.path);
    EXPECT_TRUE(probe.until_state(CanLinkState::up)) << probe.detail();
}

TEST(CandumpLink, AFolderThatIsNotThereIsSaid) {
    const TemporaryFolder folder;
    LinkProbe probe(candump_into(folder.file("none/dry.log")));
    ASSERT_TRUE(probe.until_state(CanLinkState::missing));
    EXPECT_NE(probe.detail().find("No such file or directory"), std::string::npos) << probe.detail();
}

}  // namespace
}  // namespace jkp::io
