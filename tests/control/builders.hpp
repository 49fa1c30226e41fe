// SPDX-License-Identifier: MIT
// Readings and configurations for the control tests, and a rig that plays time.
#pragma once

#include <initializer_list>

#include "control/step.hpp"

namespace jkp::control::test {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Millivolts mv(int value) {
    return Millivolts(value);
}
constexpr Milliamps amps(double value) {
    return Milliamps(static_cast<std::int32_t>(value * 1000));
}
constexpr Watts watts(int value) {
    return Watts(value);
}
constexpr Decicelsius celsius(double value) {
    return Decicelsius(static_cast<std::int32_t>(value * 10));
}
constexpr Permille percent(double value) {
    return Permille(static_cast<std::int32_t>(value * 10));
}
constexpr TimePoint at(Duration since_zero) {
    return TimePoint(since_zero);
}

// 60 A both ways, 100 Ah, two battery probes and the MOSFET probe, polled each second.
inline Config config_of_one(Preset preset = Preset::smooth) {
    Config config;
    PackConfig pack;
    pack.name = "A";
    pack.max_charge = amps(60);
    pack.max_discharge = amps(60);
    pack.capacity = MilliampHours(100'000);
    config.packs.push_back(pack);
    config.curves = cell_curves(preset);
    return config;
}

inline void sum_up(PackReading& reading) {
    Millivolts sum{0};
    for (const Millivolts cell : reading.cells) sum += cell;
    reading.voltage = sum;
}

// 16 equal cells at 20 C, half full, everything on, nothing wrong; the BMS protects at 3.65 V and 100 A.
inline PackReading reading_at(Millivolts cell) {
    PackReading reading;
    for (int i = 0; i < 16; ++i) reading.cells.push_back(cell);
    sum_up(reading);
    reading.soc = percent(50);
    for (const Probe probe : {Probe::mosfet, Probe::t1, Probe::t2}) reading.temperatures[probe] = celsius(20);
    reading.charge_mos = reading.discharge_mos = true;
    reading.cycles = 12;
    reading.settings.cell_over_voltage = mv(3650);
    reading.settings.cell_under_voltage = mv(2600);
    reading.settings.charge_over_current = amps(100);
    reading.settings.discharge_over_current = amps(100);
    return reading;
}

// Cell 3 is the highest and cell 7 the lowest.
inline PackReading reading_between(Millivolts highest, Millivolts lowest) {
    PackReading reading = reading_at(lowest);
    reading.cells[2] = highest;
    for (std::size_t i = 8; i < 16; ++i) {
        reading.cells[i] = Millivolts((highest.count() + lowest.count()) / 2);
    }
    for (std::size_t i = 0; i < 8; ++i) {
        if (i != 2 && i != 6) reading.cells[i] = reading.cells[8];
    }
    sum_up(reading);
    return reading;
}

inline bool has(const Events& events, EventCode code) {
    return std::any_of(events.begin(), events.end(), [&](const Event& e) { return e.code == code; });
}

// One pack, one controller, a clock that the test moves.
class Rig {
  public:
    explicit Rig(Config configuration = config_of_one(), TimePoint start = at(seconds(1000)))
        : config(std::move(configuration)), state(make_state(config)), now(start) {}

    // One step now, with the present reading as it is.
    const Decision& feed() {
        const Arrival arrival{0, {reading, now}};
        return run({&arrival, 1});
    }
    const Decision& feed(const PackReading& next) {
        reading = next;
        return feed();
    }
    // One step now without a reading.
    const Decision& silent() { return run({}); }

    // Readings each `period` for `time`: the first after one period, the last at its end.
    const Decision& feed_for(Duration time, Duration period = seconds(1)) {
        for (const TimePoint end = now + time; now + period <= end;) {
            now += period;
            feed();
        }
        return last;
    }
    const Decision& silent_for(Duration time, Duration period = milliseconds(500)) {
        for (const TimePoint end = now + time; now + period <= end;) {
            now += period;
            silent();
        }
        return last;
    }
    // Long enough for window, hold and ramp to reach what the limiters allow.
    const Decision& settle(const PackReading& next) {
        reading = next;
        feed();
        return feed_for(seconds(200));
    }

    [[nodiscard]] bool happened(EventCode code) const { return has(happenings, code); }
    void forget() { happenings.clear(); }

    Config config;
    State state;
    TimePoint now;
    PackReading reading = reading_at(mv(3300));
    Decision last;
    std::optional<Stamped<GridReading>> grid;  // what the site says, until it says something else
    FixedVector<PeerSeen, peer_source_count> peers;
    FixedVector<Event, 4096> events;
    Events happenings;  // one of each code since forget()

  private:
    const Decision& run(std::span<const Arrival> arrivals) {
        last = step(config, state, {now, arrivals, now, {}, grid, peers});
        for (const Event& event : last.events) {
            events.offer(event);
            if (!has(happenings, event.code)) happenings.offer(event);
        }
        return last;
    }
};

template <Direction D>
const Bound<D>* find(const Bounds<D>& bounds, Rule rule) {
    for (const Bound<D>& bound : bounds) {
        if (bound.reason().rule == rule) return &bound;
    }
    return nullptr;
}

}  // namespace jkp::control::test
