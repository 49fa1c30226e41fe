// SPDX-License-Identifier: MIT
// What a name server or a device can do to a thread that uses libmodbus must not reach the loop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "goodwe_peer/name_server.hpp"
#include "io/clock.hpp"
#include "io/modbus_tcp.hpp"

namespace jkp::io {
namespace {

using test::hanging_name;
using test::name_server;

using std::chrono::milliseconds;
using tcp = boost::asio::ip::tcp;

class ModbusHang : public testing::Test {
  protected:
    void ask(const std::string& host, std::uint16_t port) {
        modbus.emplace(loop, ModbusTcpSettings{.host = host, .port = port, .timeout = milliseconds(150)});
        modbus->read(0, 100, [this](const ModbusTcp::Outcome& outcome) { outcomes.push_back(outcome); });
    }
    template <class Condition>
    bool until(Condition holds) {
        const TimePoint deadline = now() + std::chrono::seconds(10);
        while (!holds() && now() < deadline) {
            loop.run_one_for(milliseconds(10));
            if (loop.stopped()) loop.restart();
        }
        return holds();
    }
    boost::asio::io_context loop;
    std::optional<ModbusTcp> modbus;
    std::vector<ModbusTcp::Outcome> outcomes;
};

class DeadNameServer : public ModbusHang {
  protected:
    DeadNameServer() { name_server().die(); }
    ~DeadNameServer() override { name_server().revive(); }
};

TEST_F(DeadNameServer, DoesNotDelayTheEnd) {
    ask(hanging_name, 502);
    ASSERT_TRUE(until([] { return name_server().holds_somebody(); }));
    const TimePoint before = now();
    modbus.reset();
    EXPECT_LT(now() - before, milliseconds(100));
    EXPECT_TRUE(outcomes.empty());
}

TEST_F(DeadNameServer, EndsTheQuestionInTimeAndTheNextOneToo) {
    ask(hanging_name, 502);
    const TimePoint before = now();
    ASSERT_TRUE(until([this] { return outcomes.size() == 1; }));
    EXPECT_LT(now() - before, milliseconds(2000));
    ASSERT_FALSE(outcomes[0]);
    EXPECT_EQ(outcomes[0].error().error, ModbusError::unreachable);
    EXPECT_THAT(outcomes[0].error().sentence, testing::HasSubstr("the name server may not answer"));
    modbus->read(0, 1, [this](const ModbusTcp::Outcome& outcome) { outcomes.push_back(outcome); });
    EXPECT_TRUE(until([this] { return outcomes.size() == 2; }));
}

// One byte of the answer whenever the reader may have begun to think of giving up.
class Trickle {
  public:
    explicit Trickle(boost::asio::io_context& loop)
        : acceptor_(loop, {boost::asio::ip::address_v4::loopback(), 0}), socket_(loop), timer_(loop) {
        acceptor_.async_accept(socket_, [this](const boost::system::error_code& failed) {
            if (!failed) receive();
        });
    }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    void receive() {
        socket_.async_read_some(boost::asio::buffer(request_),
                                [this](const boost::system::error_code& failed, std::size_t) {
                                    if (failed) return;
                                    answer_ = {request_[0], request_[1], 0, 0, 0, 203, request_[6], 3, 200};
                                    answer_.resize(209);
                                    send(0);
                                });
    }
    void send(std::size_t i) {
        boost::system::error_code failed;
        socket_.send(boost::asio::buffer(&answer_[i], 1), MSG_NOSIGNAL, failed);
        if (failed || i + 1 == answer_.size()) return;
        timer_.expires_after(milliseconds(50));
        timer_.async_wait([this, i](const boost::system::error_code& cancelled) {
            if (!cancelled) send(i + 1);
        });
    }
    tcp::acceptor acceptor_;
    tcp::socket socket_;
    boost::asio::steady_timer timer_;
    std::array<std::uint8_t, 64> request_{};
    std::vector<std::uint8_t> answer_;
};

TEST_F(ModbusHang, AnAnswerThatTricklesInIsGivenUpInTime) {
    Trickle device(loop);
    ask("127.0.0.1", device.port());
    const TimePoint before = now();
    ASSERT_TRUE(until([this] { return outcomes.size() == 1; }));
    EXPECT_LT(now() - before, milliseconds(2000));
    ASSERT_FALSE(outcomes[0]);
    EXPECT_EQ(outcomes[0].error().error, ModbusError::silent) << outcomes[0].error().sentence;
}

}  // namespace
}  // namespace jkp::io
