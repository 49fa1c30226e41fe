// SPDX-License-Identifier: MIT
// A bank of two packs with a meter and a second battery, as the outlets see it.
#pragma once

#include "control/builders.hpp"
#include "report/mqtt_values.hpp"
#include "report/snapshot.hpp"

namespace jkp::report::test {

using namespace control::test;

struct MqttSite {
    control::Config config = two();
    control::State state = control::make_state(config);
    TimePoint now = at(seconds(1000));
    Snapshot snapshot;
    std::optional<Stamped<GridReading>> grid;
    std::vector<control::PeerSeen> peers;

    static control::Config two() {
        control::Config config = config_of_one();
        config.packs.push_back(config.packs[0]);
        config.packs[1].name = "cellar";
        config.coordination.expects_grid = true;
        config.coordination.expects_peer = true;
        return config;
    }

    void tick(int highest = 3330, std::optional<Milliamps> current = {}) {
        now += seconds(1);
        PackReading reading = reading_between(mv(highest), mv(3300));
        if (current) reading.current = *current;
        reading.cycles = 42;
        reading.firmware = "11.XW";
        const control::Arrival arrivals[] = {{0, {reading, now}}, {1, {reading, now}}};
        grid = {GridReading{watts(-700)}, now};
        peers = {{control::PeerSource::local, {PeerReading{amps(-12.5), watts(-650), {}, percent(64)}, now}}};
        control::Inputs inputs{now, arrivals, now};
        inputs.grid = grid;
        inputs.peers = peers;
        snapshot.decision = control::step(config, state, inputs);
        snapshot.version = "1.2.3";
        snapshot.bus.link.state = "up";
        snapshot.bus.mode = "normal";
        snapshot.bus.inverter_seen = seconds(1);
        snapshot.packs.resize(2);
        for (std::size_t i = 0; i < 2; ++i) {
            PackSnapshot& pack = snapshot.packs[i];
            pack.name = std::string(config.packs[i].name.view());
            pack.reading = reading;
            pack.age = Duration::zero();
            pack.link.state = "up";
        }
    }
};

}  // namespace jkp::report::test
