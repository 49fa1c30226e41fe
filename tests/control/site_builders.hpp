// SPDX-License-Identifier: MIT
// A site for the tests of stage H alone: our battery, the meter and the second battery say what the test
// wants, and the clock goes in steps of a second.
#pragma once

#include <array>

#include "builders.hpp"
#include "control/coordination.hpp"

namespace jkp::control::test {

// A GoodWe at 50 V, so that 1 A is 50 W.
inline PeerReading peer_at(Milliamps current) {
    PeerReading reading;
    reading.current = current;
    reading.voltage = mv(50'000);
    return reading;
}

// 60 A both ways at 50 V, a second battery that is configured.
class Site {
  public:
    Site() {
        config = config_of_one();
        config.coordination.expects_peer = true;
        own.charge_maximum = own.discharge_maximum = amps(60);
        own.voltage = mv(50'000);
        own.charge = {amps(60), {}};
        own.discharge = {amps(60), {}};
    }

    // One step now. The meter tells each step, the second battery each `peer_each`.
    const SiteLimits& step() {
        own.now = now;
        own.sample_at = now;
        if (meter) grid = {GridReading{*meter}, now};
        if (peer && (!told || now - told->reading.at >= peer_each)) {
            told = PeerSeen{source, {*peer, now}};
        }
        last =
            coordinate(config, state, own, grid,
                       told ? std::span<const PeerSeen>(&*told, 1) : std::span<const PeerSeen>(), happened);
        return last;
    }
    // A second later, `times` times.
    const SiteLimits& after(int times = 1) {
        for (int i = 0; i < times; ++i) {
            now += seconds(1);
            step();
        }
        return last;
    }
    // Says it at once.
    const SiteLimits& peer_says(Milliamps current) {
        peer = peer_at(current);
        told.reset();
        return after();
    }
    // The second battery is idle and nothing is taken away.
    void begin() {
        peer_says(amps(0));
        after(30);
        happened.clear();
    }
    [[nodiscard]] Milliamps charge() const { return last.charge.value(); }
    [[nodiscard]] Milliamps discharge() const { return last.discharge.value(); }
    [[nodiscard]] SiteMode mode() const { return last.decision.mode; }
    // Seconds until the discharge limit is above 0, up to `most`.
    int until_discharge(int most = 1000) {
        int waited = 0;
        while (waited < most && discharge() == Milliamps(0)) {
            after();
            ++waited;
        }
        return waited;
    }

    Config config;
    SiteState state;
    OwnSide own;
    TimePoint now = at(seconds(1000));
    std::optional<Watts> meter;
    std::optional<PeerReading> peer;
    PeerSource source = PeerSource::local;
    Duration peer_each = seconds(1);
    std::optional<Stamped<GridReading>> grid;
    std::optional<PeerSeen> told;
    SiteLimits last;
    Events happened;
};

constexpr Milliamps all = Milliamps::max();

}  // namespace jkp::control::test
