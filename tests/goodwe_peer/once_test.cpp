// SPDX-License-Identifier: MIT
// What jk-pylon goodwe does: one reading, or a look round. Both block, so the inverter lives on a thread.
#include "app/goodwe_once.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/ip/udp.hpp>
#include <thread>

#include "app/wiring.hpp"
#include "goodwe/discovery.hpp"
#include "goodwe_peer/bench.hpp"
#include "io/udp_broadcast.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class ReadGoodweOnce : public testing::Test {
  protected:
    ReadGoodweOnce() { inverter.readings = discharging(); }

    auto read(Duration patience = seconds(5)) {
        const auto settings = quick(inverter.port());
        std::thread thread([this] { loop.run(); });
        boost::asio::io_context own(1);
        auto result = read_goodwe_once(own, settings, patience);
        loop.stop();
        thread.join();
        return result;
    }

    boost::asio::io_context loop;
    FakeInverter inverter{loop};
};

TEST_F(ReadGoodweOnce, GivesTheFirstReading) {
    inverter.misbehaviour.lost_requests = 2;
    const auto reading = read();
    ASSERT_TRUE(reading) << reading.error();
    EXPECT_EQ(reading->value, discharging());
}

TEST_F(ReadGoodweOnce, SilenceSaysWhatToLookAt) {
    inverter.misbehaviour.silent = true;
    const auto reading = read(milliseconds(900));
    ASSERT_FALSE(reading);
    EXPECT_THAT(reading.error(), HasSubstr("no answer to 4 requests to 127.0.0.1:"));
    EXPECT_THAT(reading.error(), HasSubstr("jk-pylon goodwe --discover"));
}

TEST_F(ReadGoodweOnce, TooLittlePatienceIsSaid) {
    inverter.misbehaviour.silent = true;
    const auto reading = read(milliseconds(30));
    ASSERT_FALSE(reading);
    EXPECT_THAT(reading.error(), HasSubstr("use a longer --patience"));
}

// Answers every question with the same words.
class Answerer {
  public:
    using udp = boost::asio::ip::udp;
    explicit Answerer(std::string words) : words_(std::move(words)) { receive(); }
    [[nodiscard]] std::uint16_t port() const { return socket_.local_endpoint().port(); }
    void run() { loop_.run(); }
    void stop() { loop_.stop(); }
    std::string heard;

  private:
    void receive() {
        socket_.async_receive_from(boost::asio::buffer(buffer_), sender_,
                                   [this](const boost::system::error_code& failed, std::size_t size) {
                                       if (failed) return;
                                       heard.assign(buffer_.data(), size);
                                       socket_.send_to(boost::asio::buffer(words_), sender_);
                                       receive();
                                   });
    }
    std::string words_;
    boost::asio::io_context loop_{1};
    udp::socket socket_{loop_, {boost::asio::ip::address_v4::loopback(), 0}};
    udp::endpoint sender_;
    std::array<char, 256> buffer_{};
};

TEST(AskAll, CollectsWhatAnswersWithItsAddress) {
    Answerer module("127.0.0.1,289C6E05A5B1,Solar-WiFi193W0782");
    std::thread thread([&] { module.run(); });
    const auto replies =
        io::ask_all("127.0.0.1", module.port(), goodwe::discovery_question, milliseconds(200));
    module.stop();
    thread.join();
    ASSERT_TRUE(replies) << replies.error();
    ASSERT_EQ(replies->size(), 1U);
    EXPECT_EQ((*replies)[0].address, "127.0.0.1");
    EXPECT_EQ(goodwe::read_discovery((*replies)[0].text).name, "Solar-WiFi193W0782");
    EXPECT_EQ(module.heard, "WIFIKIT-214028-READ");
}

TEST(AskAll, SaysWhenTheAddressIsNone) {
    const auto replies = io::ask_all("everybody", 48899, "?", milliseconds(10));
    ASSERT_FALSE(replies);
    EXPECT_THAT(replies.error(), HasSubstr("\"everybody\" is no address"));
}

TEST(GoodweWiring, TakesOverWhatTheConfigurationSays) {
    const GoodwePeerSettings settings = goodwe_settings({.host = "goodwe.lan",
                                                         .port = 1502,
                                                         .family = config::GoodweFamily::et,
                                                         .transport = config::GoodweTransport::tcp,
                                                         .poll_period = seconds(10)});
    EXPECT_EQ(text(settings.address), "goodwe.lan:1502");
    EXPECT_EQ(settings.address.transport, GoodweTransport::tcp);
    EXPECT_EQ(settings.family, GoodweFamily::et);
    EXPECT_EQ(settings.poll_period, seconds(10));
    EXPECT_EQ(text(goodwe_settings({.host = "g"}).address), "g:8899");
    EXPECT_EQ(text(goodwe_settings({.host = "g", .transport = config::GoodweTransport::tcp}).address),
              "g:502");
}

}  // namespace
}  // namespace jkp::app
