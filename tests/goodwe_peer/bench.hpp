// SPDX-License-Identifier: MIT
// A peer with short times, its loop, and a record of all it told.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/goodwe_peer.hpp"
#include "goodwe_peer/fake_inverter.hpp"
#include "io/clock.hpp"

namespace jkp::app {

inline goodwe::Readings discharging() {
    goodwe::Readings r;
    r.model = "GW3648-EM";
    r.serial = "93648EMU19CX0004";
    r.battery_voltage = Millivolts(52'900);
    r.battery_current = Milliamps(-18'500);
    r.mode = goodwe::BatteryMode::discharge;
    r.soc = Permille(970);
    r.pv = Watts(100);
    r.grid = Watts(-56);
    r.load = Watts(1200);
    r.backup = Watts(0);
    r.inverter = Watts(1144);
    r.meter_ok = true;
    return r;
}

inline goodwe::Readings charging_et() {
    goodwe::Readings r;
    r.model = "GW10K-ET";
    r.serial = "9010KETU12345678";
    r.battery_voltage = Millivolts(254'200);
    r.battery_current = Milliamps(9'800);
    r.battery_power = Watts(2512);
    r.mode = goodwe::BatteryMode::charge;
    r.soc = Permille(680);
    r.pv = Watts(3456);
    r.grid = Watts(-110);
    r.load = Watts(522);
    r.backup = Watts(312);
    r.inverter = Watts(831);
    r.meter_ok = true;
    return r;
}

inline GoodwePeerSettings quick(std::uint16_t port, GoodweTransport transport = GoodweTransport::udp) {
    using std::chrono::milliseconds;
    GoodwePeerSettings settings;
    settings.address = {
        .host = "127.0.0.1", .port = port, .transport = transport, .timeout = milliseconds(60), .retries = 3};
    settings.poll_period = milliseconds(20);
    settings.longest_pause = milliseconds(80);
    settings.lost_after = 2;
    return settings;
}

class PeerBench : public testing::Test {
  protected:
    struct Told {
        bool answering;
        std::string sentence;
    };

    void start(const GoodwePeerSettings& settings) {
        GoodwePeerHandlers handlers;
        handlers.on_reading = [this](const Stamped<PeerReading>& reading, const goodwe::Readings& all) {
            peers.push_back(reading);
            readings.push_back(all);
        };
        handlers.on_state = [this](bool answering, const std::string& sentence) {
            states.push_back({answering, sentence});
        };
        peer.emplace(loop, settings, std::move(handlers));
        peer->start();
    }

    // Runs the loop until the condition holds; false when it still does not after `patience`.
    template <class Condition>
    bool until(Condition holds, Duration patience = std::chrono::seconds(10)) {
        const TimePoint deadline = io::now() + patience;
        while (!holds() && io::now() < deadline) {
            loop.run_one_for(std::chrono::milliseconds(20));
            if (loop.stopped()) loop.restart();
        }
        return holds();
    }
    bool readings_reach(std::size_t n) {
        return until([this, n] { return readings.size() >= n; });
    }

    boost::asio::io_context loop;
    std::optional<GoodwePeer> peer;
    std::vector<Stamped<PeerReading>> peers;
    std::vector<goodwe::Readings> readings;
    std::vector<Told> states;
};

}  // namespace jkp::app
