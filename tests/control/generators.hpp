// SPDX-License-Identifier: MIT
// Random configurations and random histories of one pack. A history is a list of small numbers, so that a
// failing one shrinks to a few calm moments.
#pragma once

#include <rapidcheck.h>

#include <vector>

#include "builders.hpp"

namespace jkp::control::test {

enum class Kind : std::uint8_t {
    calm,
    change,
    repeat,
    missing,
    garbled,
    one_bad_cell,
    probe_lost,
    settings_lost
};

struct Moment {
    int after_ms = 1000;
    Kind kind = Kind::calm;
    int high = 3300;  // mV
    int low = 3300;
    int current_da = 0;  // 0.1 A
    int celsius = 20;
    int soc = 50;
    int alarms = 0;  // bits of PackAlarm
    bool charge_mos = true;
    bool discharge_mos = true;
};

inline std::ostream& operator<<(std::ostream& out, const Moment& m) {
    return out << "{+" << m.after_ms << "ms kind " << int(m.kind) << " H " << m.high << " L " << m.low
               << " I " << m.current_da << " T " << m.celsius << " soc " << m.soc << " alarms " << m.alarms
               << " mos " << m.charge_mos << m.discharge_mos << "}";
}

inline PackReading reading_of(const Moment& m) {
    PackReading reading = reading_between(mv(std::max(m.high, m.low)), mv(std::min(m.high, m.low)));
    reading.current = Milliamps(m.current_da * 100);
    reading.soc = percent(m.soc);
    for (const Probe p : {Probe::mosfet, Probe::t1, Probe::t2}) reading.temperatures[p] = celsius(m.celsius);
    for (std::size_t i = 0; i < pack_alarm_count; ++i) {
        if ((m.alarms >> i) & 1) reading.alarms.set(static_cast<PackAlarm>(i));
    }
    reading.charge_mos = m.charge_mos;
    reading.discharge_mos = m.discharge_mos;
    if (m.kind == Kind::garbled) reading.voltage = reading.voltage + mv(5000);
    if (m.kind == Kind::one_bad_cell) reading.cells[0] = mv(19'000);
    if (m.kind == Kind::probe_lost) reading.temperatures[Probe::t1].reset();
    if (m.kind == Kind::settings_lost) reading.settings = {};
    return reading;
}

}  // namespace jkp::control::test

namespace rc {

template <>
struct Arbitrary<jkp::control::test::Moment> {
    static Gen<jkp::control::test::Moment> arbitrary() {
        using jkp::control::test::Kind;
        using jkp::control::test::Moment;
        const auto gap = gen::weightedOneOf<int>({{8, gen::inRange(100, 1500)},
                                                  {3, gen::inRange(1500, 20'000)},
                                                  {1, gen::inRange(20'000, 200'000)}});
        const auto cell = gen::weightedOneOf<int>(
            {{6, gen::inRange(3150, 3480)}, {3, gen::inRange(2400, 3700)}, {1, gen::inRange(600, 4900)}});
        const auto kind = gen::weightedOneOf<Kind>(
            {{8, gen::just(Kind::calm)},
             {6, gen::element(Kind::change, Kind::repeat, Kind::missing, Kind::garbled, Kind::one_bad_cell,
                              Kind::probe_lost, Kind::settings_lost)}});
        const auto alarms = gen::weightedOneOf<int>({{9, gen::just(0)}, {1, gen::inRange(0, 1 << 14)}});
        const auto mos = gen::weightedElement<bool>({{9, true}, {1, false}});
        return gen::build<Moment>(
            gen::set(&Moment::after_ms, gap), gen::set(&Moment::kind, kind), gen::set(&Moment::high, cell),
            gen::set(&Moment::low, cell), gen::set(&Moment::current_da, gen::inRange(-1600, 1600)),
            gen::set(&Moment::celsius, gen::inRange(-45, 125)), gen::set(&Moment::soc, gen::inRange(0, 101)),
            gen::set(&Moment::alarms, alarms), gen::set(&Moment::charge_mos, mos),
            gen::set(&Moment::discharge_mos, mos));
    }
};

}  // namespace rc

namespace jkp::control::test {

inline rc::Gen<Config> any_config() {
    return rc::gen::exec([] {
        Config config =
            config_of_one(*rc::gen::element(Preset::smooth, Preset::original, Preset::original_strict));
        config.packs[0].max_charge = amps(*rc::gen::inRange(0, 300));
        config.packs[0].max_discharge = amps(*rc::gen::inRange(0, 300));
        config.packs[0].capacity = MilliampHours(*rc::gen::inRange(20, 600) * 1000);
        config.packs[0].poll_period = milliseconds(*rc::gen::inRange(200, 3000));
        config.dynamics.rise_hold = seconds(*rc::gen::inRange(0, 60));
        config.dynamics.rise_window = seconds(*rc::gen::inRange(0, 120));
        config.dynamics.rise_from = Permille(*rc::gen::inRange(0, 100));
        config.dynamics.start_hold = seconds(*rc::gen::inRange(0, 20));
        config.smallest_useful = amps(*rc::gen::inRange(0, 4));
        config.age.on_lost = *rc::gen::element(OnLost::zero, OnLost::silence);
        config.inverter_lost =
            *rc::gen::element(InverterLost::report, InverterLost::zero, InverterLost::stop);
        config.soc.source = *rc::gen::element(SocSource::bms, SocSource::counter);
        return config;
    });
}

inline TimePoint any_start() {
    return at(seconds(*rc::gen::element(0, 1, 1000, 2'000'000'000)));
}

// What arrives at a moment: nothing, the same reading again, or its own.
inline const Decision& play(Rig& rig, const Moment& moment) {
    rig.now += milliseconds(moment.after_ms);
    if (moment.kind == Kind::missing) return rig.silent();
    if (moment.kind == Kind::repeat) return rig.feed();
    return rig.feed(reading_of(moment));
}

}  // namespace jkp::control::test
