// SPDX-License-Identifier: MIT
// Several packs as one bank, and a rig that plays time.
#pragma once

#include "builders.hpp"

namespace jkp::control::test {

// Packs of these capacities, each with the same maximum in both directions.
inline Config config_of(std::vector<int> capacities_ah, int maximum_a = 100) {
    Config config = config_of_one();
    const PackConfig one = config.packs[0];
    config.packs.clear();
    for (const int ah : capacities_ah) {
        PackConfig pack = one;
        pack.name = std::string_view("pack" + std::to_string(config.packs.size() + 1));
        pack.capacity = MilliampHours(ah * 1000);
        pack.max_charge = pack.max_discharge = amps(maximum_a);
        config.packs.push_back(pack);
    }
    return config;
}

// Packs that answer each second, apart from those that are silent.
struct Packs {
    explicit Packs(Config c) : config(std::move(c)), state(make_state(config)) {
        for (std::size_t i = 0; i < config.packs.size(); ++i) {
            readings.push_back(reading_at(mv(3300)));
            readings.back().settings.charge_over_current = amps(500);
            readings.back().settings.discharge_over_current = amps(500);
            silent.push_back(false);
        }
    }
    const Decision& tick(Duration after = seconds(1)) {
        now += after;
        ++wobble;
        std::vector<Arrival> arrivals;
        for (std::size_t i = 0; i < readings.size(); ++i) {
            if (silent[i]) continue;
            // Real data is never the same for long.
            readings[i].cells[11] = mv(readings[i].cells[10].count() - static_cast<int>(wobble % 2));
            sum_up(readings[i]);
            arrivals.push_back({i, {readings[i], now}});
        }
        last = step(config, state, {now, arrivals, now});
        for (const Event& event : last.events) {
            if (!has(happenings, event.code)) happenings.offer(event);
        }
        return last;
    }
    const Decision& run(Duration time) {
        for (Duration t{}; t < time; t += seconds(1)) tick();
        return last;
    }
    void highest(std::size_t pack, int voltage) { readings[pack].cells[2] = mv(voltage); }
    [[nodiscard]] const PackPart& part(std::size_t pack) const { return state.packs[pack].part; }
    [[nodiscard]] bool happened(EventCode code) const { return has(happenings, code); }

    Config config;
    State state;
    TimePoint now = at(seconds(1000));
    std::vector<PackReading> readings;
    std::vector<bool> silent;
    Decision last;
    Events happenings;
    unsigned wobble = 0;
};

}  // namespace jkp::control::test
