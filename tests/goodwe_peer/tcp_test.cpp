// SPDX-License-Identifier: MIT
// Modbus TCP against a small server on loopback that speaks MBAP by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>

#include "core/bytes.hpp"
#include "goodwe_peer/bench.hpp"

namespace jkp::app {
namespace {

using goodwe::Question;
using std::chrono::milliseconds;
using testing::HasSubstr;

class ModbusServer {
  public:
    using tcp = boost::asio::ip::tcp;
    using Message = std::vector<std::uint8_t>;

    explicit ModbusServer(boost::asio::io_context& loop)
        : acceptor_(loop, {boost::asio::ip::address_v4::loopback(), 0}), socket_(loop) {
        accept();
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    goodwe::Readings readings = charging_et();
    bool silent = false;
    bool wrong_transaction = false;
    bool wrong_length = false;  // in the MBAP header: some firmware does so
    std::optional<std::uint8_t> exception;
    std::vector<Message> requests;
    unsigned connections = 0;

    void hang_up() {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

  private:
    void accept() {
        acceptor_.async_accept([this](const boost::system::error_code& failed, tcp::socket socket) {
            if (failed) return;
            ++connections;
            socket_ = std::move(socket);
            receive();
            accept();
        });
    }
    void receive() {
        socket_.async_read_some(boost::asio::buffer(buffer_),
                                [this](const boost::system::error_code& failed, std::size_t size) {
                                    if (failed) return;
                                    requests.emplace_back(buffer_.begin(), buffer_.begin() + size);
                                    if (!silent) answer(requests.back());
                                    receive();
                                });
    }
    void answer(const Message& request) {
        ASSERT_EQ(request.size(), 12U);
        Message body{request[6], request[7]};
        if (exception) {
            body[1] |= 0x80;
            body.push_back(*exception);
        } else {
            append_data(body, {be16(request, 8), be16(request, 10)});
        }
        Message reply{request[0], request[1], 0, 0, 0, static_cast<std::uint8_t>(body.size())};
        if (wrong_transaction) reply[1] ^= 0x55;
        if (wrong_length) reply[5] ^= 0x0F;
        reply.insert(reply.end(), body.begin(), body.end());
        boost::system::error_code ignored;
        socket_.send(boost::asio::buffer(reply), 0, ignored);
    }
    void append_data(Message& body, goodwe::RegisterBlock block) const {
        for (const Question q :
             {Question::et_device_info, Question::et_running, Question::et_meter, Question::et_battery}) {
            if (goodwe::registers_of(q) != block) continue;
            const auto data = goodwe::encode_et_data(q, readings);
            body.push_back(static_cast<std::uint8_t>(data.size()));
            body.insert(body.end(), data.begin(), data.end());
        }
    }

    tcp::acceptor acceptor_;
    tcp::socket socket_;
    std::array<std::uint8_t, 512> buffer_{};
};

class TcpPeer : public PeerBench {
  protected:
    void start() {
        auto settings = quick(server.port(), GoodweTransport::tcp);
        settings.address.timeout = milliseconds(150);
        PeerBench::start(settings);
    }
    ModbusServer server{loop};
};

TEST_F(TcpPeer, ReadsAnEtOverOneConnection) {
    start();
    ASSERT_TRUE(readings_reach(3));
    EXPECT_EQ(readings[0], charging_et());
    EXPECT_EQ(server.connections, 1U);
    ASSERT_EQ(states.size(), 1U);
    EXPECT_TRUE(states[0].answering);
}

TEST_F(TcpPeer, AsksUnitF7AndOnlyReads) {
    start();
    ASSERT_TRUE(readings_reach(1));
    for (const auto& request : server.requests) {
        EXPECT_EQ(request[6], 0xF7);
        EXPECT_EQ(request[7], 0x03);
    }
}

TEST_F(TcpPeer, AWrongLengthInTheHeaderDoesNotMatter) {
    server.wrong_length = true;
    start();
    EXPECT_TRUE(readings_reach(2));
}

TEST_F(TcpPeer, ASilentServerDoesNotHoldUpTheLoop) {
    server.silent = true;
    start();
    std::uint64_t turns = 0;
    ASSERT_TRUE(until([&] { return ++turns, !states.empty(); }));
    EXPECT_GE(turns, 4U) << "the loop went round while the question was open";
    EXPECT_FALSE(states[0].answering);
    EXPECT_THAT(states[0].sentence, HasSubstr("no answer from 127.0.0.1:"));
    server.silent = false;
    EXPECT_TRUE(readings_reach(1));
}

TEST_F(TcpPeer, AnAnswerToAnotherQuestionIsNotTaken) {
    server.wrong_transaction = true;
    start();
    ASSERT_TRUE(until([this] { return !states.empty(); }));
    EXPECT_THAT(states[0].sentence, HasSubstr("no good answer from"));
    EXPECT_TRUE(readings.empty());
    EXPECT_GE(peer->line_counters().damaged, 1U);
}

TEST_F(TcpPeer, ARefusalIsSaid) {
    server.exception = std::uint8_t{2};
    start();
    ASSERT_TRUE(until([this] { return !states.empty(); }));
    EXPECT_THAT(states[0].sentence, HasSubstr("refuses the question"));
}

TEST_F(TcpPeer, AConnectionThatIsCutIsMadeAgain) {
    start();
    ASSERT_TRUE(readings_reach(1));
    server.hang_up();
    const auto have = readings.size();
    ASSERT_TRUE(until([this] { return server.connections == 2; }));
    EXPECT_TRUE(readings_reach(have + 2));
}

TEST_F(PeerBench, NobodyAtTheTcpPortIsSaid) {
    std::uint16_t port = 0;
    {
        const ModbusServer gone(loop);
        port = gone.port();
    }
    start(quick(port, GoodweTransport::tcp));
    ASSERT_TRUE(until([this] { return !states.empty(); }));
    EXPECT_THAT(states[0].sentence, HasSubstr("no Modbus TCP connection to 127.0.0.1:"));
    EXPECT_THAT(states[0].sentence, HasSubstr("Connection refused"));
    EXPECT_THAT(states[0].sentence, HasSubstr("transport = \"udp\""));
}

TEST_F(TcpPeer, MayBeDestroyedWhileAQuestionIsOpen) {
    server.silent = true;
    start();
    ASSERT_TRUE(until([this] { return !server.requests.empty(); }));
    const TimePoint before = io::now();
    peer.reset();
    EXPECT_LT(io::now() - before, milliseconds(1000));
    until([] { return false; }, milliseconds(50));
    EXPECT_TRUE(states.empty());
}

}  // namespace
}  // namespace jkp::app
