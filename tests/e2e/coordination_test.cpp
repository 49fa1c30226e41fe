// SPDX-License-Identifier: MIT
// The running gateway between a grid meter and a second inverter on the loopback network, and without them.
#include <gtest/gtest.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "e2e/site.hpp"
#include "goodwe/encode_answer.hpp"
#include "meter/encode_speedwire.hpp"

namespace jkp::e2e {
namespace {

using boost::asio::ip::udp;
using boost::system::error_code;

const auto loopback = boost::asio::ip::address_v4::loopback();

// A port that was free a moment ago.
std::uint16_t free_port(World& world) {
    const udp::socket socket(world.loop, udp::endpoint(loopback, 0));
    return socket.local_endpoint().port();
}

// A meter that sends each 200 ms, and a second inverter that answers; both can be switched off.
class Neighbours {
  public:
    explicit Neighbours(World& world)
        : meter_port(free_port(world)),
          meter_(world.loop, udp::v4()),
          inverter_(world.loop, udp::endpoint(loopback, 0)),
          timer_(world.loop) {
        listen();
        tell();
    }

    // `more`: further lines of [control.coordination], and tables behind it. Limits are given back quickly.
    [[nodiscard]] std::string tables(const std::string& more = {}) const {
        return "[meter]\nkind = \"sma\"\ninterface = \"lo\"\nport = " + std::to_string(meter_port) +
               "\n[peer.goodwe]\nhost = \"127.0.0.1\"\nport = " + std::to_string(inverter_port()) +
               "\n[control.coordination]\nrise_a_per_s = 50\nlarge_rise_a_per_s = 50\nresponse_s = 1\n" +
               more;
    }
    [[nodiscard]] std::uint16_t inverter_port() const { return inverter_.local_endpoint().port(); }

    std::uint16_t meter_port;
    bool meter_on = true;
    bool inverter_on = true;
    Watts grid{0};
    Milliamps battery{0};  // of the second inverter

  private:
    void tell() {
        ticker_ += 200;
        if (meter_on) {
            const auto datagram = meter::encode_speedwire(meter::simulated_reading({.serial = 3'000'000'042,
                                                                                    .ticker_ms = ticker_,
                                                                                    .grid = grid,
                                                                                    .imported = {},
                                                                                    .exported = {}}));
            meter_.send_to(boost::asio::buffer(datagram), udp::endpoint(loopback, meter_port));
        }
        timer_.expires_after(milliseconds(200));
        timer_.async_wait([this](const error_code& error) {
            if (!error) tell();
        });
    }
    void listen() {
        inverter_.async_receive_from(boost::asio::buffer(request_), asker_,
                                     [this](const error_code& error, std::size_t size) {
                                         if (error) return;
                                         answer(size);
                                         listen();
                                     });
    }
    void answer(std::size_t size) {
        goodwe::Readings readings;
        readings.model = "GW3648-EM";
        readings.serial = "00000EMU00SIM001";
        readings.battery_voltage = Millivolts(51'000);
        readings.battery_current = battery;
        readings.soc = Permille(550);
        const auto reply = goodwe::answer_to(Bytes(request_).first(size), goodwe::Family::es, readings);
        if (reply && inverter_on) inverter_.send_to(boost::asio::buffer(*reply), asker_);
    }

    udp::socket meter_;
    udp::socket inverter_;
    boost::asio::steady_timer timer_;
    std::array<std::uint8_t, 512> request_{};
    udp::endpoint asker_;
    std::uint32_t ticker_ = 0;
};

SiteConfig with(const std::string& tables) {
    SiteConfig config;
    config.more = tables;
    return config;
}

std::string mode(Site& site) {
    const auto status = site.status();
    return status.contains("site") && status["site"].is_object() ? status["site"]["mode"].get<std::string>()
                                                                 : "";
}

TEST(Coordination, WhileTheSecondBatteryChargesOursIsNotDischargedAndWhySaysIt) {
    World world;
    Neighbours neighbours(world);
    neighbours.battery = Milliamps(20'000);
    Site site(world, with(neighbours.tables()));
    site.start();
    ASSERT_TRUE(site.until_limits(60, 0)) << site.log();
    ASSERT_TRUE(site.until([&] { return mode(site) == "peer_charging"; })) << site.status().dump(1);
    const auto status = site.status();
    EXPECT_EQ(status["site"]["peer"]["source"], "local");
    EXPECT_DOUBLE_EQ(status["site"]["peer"]["current_a"].get<double>(), 20.0);
    EXPECT_EQ(status["site"]["grid"]["state"], "known");
    ASSERT_EQ(status["sources"].size(), 2U);
    for (const auto& source : status["sources"]) EXPECT_EQ(source["state"], "good") << source.dump();
    const Answer why = site.ask({"why", "discharge"});
    EXPECT_NE(why.output.find("the second battery charges"), std::string::npos) << why.output;
    const Answer words = site.ask({"status"});
    EXPECT_NE(words.output.find("second battery     20.0 A (+ charge)"), std::string::npos) << words.output;
    EXPECT_EQ(words.exit_code, 0);
}

TEST(Coordination, D4AMeterThatFallsSilentIsUnknownAndDisturbsNothingElse) {
    World world;
    Neighbours neighbours(world);
    neighbours.grid = Watts(-900);
    Site site(world, with(neighbours.tables("grid_max_age_s = 1\n")));
    site.start();
    ASSERT_TRUE(site.until([&] {
        const auto status = site.status();
        return status["site"].is_object() && status["site"]["grid"].is_object() &&
               status["site"]["grid"]["power_w"] == -900;
    })) << site.status().dump(1);
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    neighbours.meter_on = false;
    ASSERT_TRUE(site.until([&] { return site.status()["site"]["grid"]["state"] == "unknown"; }));
    EXPECT_TRUE(site.status()["site"]["grid"]["power_w"].is_null()) << "unknown is not 0";
    ASSERT_TRUE(site.until_burst());
    EXPECT_EQ(charge_a(*site.last<pylontech::Limits>()), 60);
    EXPECT_EQ(discharge_a(*site.last<pylontech::Limits>()), 60);
    neighbours.meter_on = true;
    ASSERT_TRUE(site.until([&] { return site.status()["site"]["grid"]["state"] == "known"; }));
}

TEST(Coordination, D12AnInverterThatIsSwitchedOffAndASensorThatIsNotThereStopNothing) {
    World world;
    Neighbours neighbours(world);
    neighbours.inverter_on = false;
    Site site(world, with(neighbours.tables("unknown_hold_s = 2\n[peer.sensor]\nbus = 250\n"
                                            "preset = \"original\"\n")));
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    EXPECT_EQ(mode(site), "unknown");
    ASSERT_TRUE(site.until_log("sensor: ")) << site.log();
    EXPECT_FALSE(site.child->ended());
    neighbours.battery = Milliamps(20'000);
    neighbours.inverter_on = true;
    ASSERT_TRUE(site.until_limits(60, 0, slowness * seconds(40))) << site.log();
}

TEST(Coordination, AReloadTakesTheSourcesAwayAndBringsThemBack) {
    World world;
    Neighbours neighbours(world);
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    EXPECT_TRUE(site.status()["sources"].empty());
    site.write_config(with(neighbours.tables()));
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until([&] { return mode(site) == "neutral"; })) << site.status().dump(1);
    site.write_config({});
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until([&] { return site.status()["sources"].empty(); }));
    EXPECT_FALSE(site.child->ended());
}

}  // namespace
}  // namespace jkp::e2e
