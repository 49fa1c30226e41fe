// SPDX-License-Identifier: MIT
// Stage I: what the stages before have let through by mistake is taken back from the samples alone.
#include "control/clamp.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "control/bank.hpp"
#include "packs.hpp"

namespace jkp::control::test {
namespace {

// Settled packs of 100 Ah that may do 60 A; then a sample changes and nobody notices before the clamp.
struct Unnoticed {
    explicit Unnoticed(std::size_t packs = 1) : rig(config_of(std::vector<int>(packs, 100), 60)) {
        rig.run(minutes(6));
    }
    [[nodiscard]] Sample& sample(std::size_t pack = 0) { return *rig.state.packs[pack].sample; }
    void highest(int voltage, std::size_t pack = 0) { sample(pack).highest = {mv(voltage), 3}; }
    void lowest(int voltage) { sample().lowest = {mv(voltage), 7}; }
    void probe(Probe p, double value) {
        sample().probes[static_cast<std::size_t>(p)]->value = celsius(value);
    }

    // The limits that were sent before, as they leave the clamp.
    std::pair<Milliamps, Milliamps> clamped() {
        const LastClamp clamp(rig.config, rig.state, rig.now);
        Decision decision = rig.last;
        decision.charge_limiters.clear();
        decision.discharge_limiters.clear();
        clamp.apply(rig.state, BankView{}, decision);
        EXPECT_EQ(rig.state.charge.output, decision.charge.value());
        EXPECT_EQ(rig.state.discharge.output, decision.discharge.value());
        charge = decision.charge;
        return {decision.charge.value(), decision.discharge.value()};
    }

    Packs rig;
    ChargeBound charge;
};

struct Change {
    const char* words;
    std::function<void(Unnoticed&)> change;
    double charge;
    double discharge;
};

TEST(LastClamp, S1_EachLimiterOfASampleIsAppliedOnceMore) {
    const std::vector<Change> changes{
        {"nothing", [](Unnoticed&) {}, 60, 60},
        {"charge maximum", [](Unnoticed& u) { u.rig.config.packs[0].max_charge = amps(20); }, 20, 60},
        {"discharge maximum", [](Unnoticed& u) { u.rig.config.packs[0].max_discharge = amps(20); }, 60, 20},
        {"BMS setting", [](Unnoticed& u) { u.sample().reading.settings.discharge_over_current = amps(50); },
         60, 45},
        {"high cell", [](Unnoticed& u) { u.highest(3450); }, 9, 60},
        {"low cell", [](Unnoticed& u) { u.lowest(2900); }, 12, 0},
        {"battery temperature", [](Unnoticed& u) { u.probe(Probe::t2, 5); }, 9, 45},
        {"MOSFET", [](Unnoticed& u) { u.probe(Probe::mosfet, 85); }, 12, 12},
        {"charge switch", [](Unnoticed& u) { u.sample().reading.charge_mos = false; }, 0, 60},
        {"discharge switch", [](Unnoticed& u) { u.sample().reading.discharge_mos = false; }, 60, 0},
        {"alarm", [](Unnoticed& u) { u.sample().reading.alarms.set(PackAlarm::afe_fault_a); }, 0, 0},
        {"hard stop",
         [](Unnoticed& u) {
             u.rig.config.curves = cell_curves(Preset::original);
             u.highest(3545);
         },
         0, 60},
        {"SOC window",
         [](Unnoticed& u) {
             u.rig.state.packs[0].soc_range.maximum = percent(60);
             u.sample().reading.soc = percent(59.5);
         },
         9.96, 60},
        {"compensated",
         [](Unnoticed& u) {
             u.rig.config.resistance.compensate = true;
             u.rig.state.packs[0].rhat_micro_ohm = 2000;
             u.highest(3440);
         },
         5, 60},
    };
    for (const Change& c : changes) {
        Unnoticed u;
        c.change(u);
        EXPECT_EQ(u.clamped(), std::pair(amps(c.charge), amps(c.discharge))) << c.words;
    }
}

// Two packs of which the second takes half of the charge current and may take all that is discharged.
Unnoticed with_high_second(int highest) {
    Unnoticed u(2);
    u.highest(highest, 1);
    u.rig.state.packs[1].part.discharge_share = 1'000'000;
    return u;
}

TEST(LastClamp, S1_OfABankEachPackCountsWithItsShare) {
    EXPECT_EQ(Unnoticed(2).clamped(), std::pair(amps(120), amps(120)));
    Unnoticed second = with_high_second(3450);
    EXPECT_EQ(second.clamped(), std::pair(amps(18), amps(60)));
    EXPECT_EQ(second.charge.reason().pack, 1);
    EXPECT_EQ(second.charge.reason().value, 3450);
    EXPECT_EQ(with_high_second(3500).clamped().first, amps(0));
    Unnoticed open = with_high_second(3500);
    open.rig.state.packs[1].part.charges = false;  // its switch is open, and it takes nothing
    EXPECT_EQ(open.clamped(), std::pair(amps(120), amps(60)));
    Unnoticed lost = with_high_second(3500);
    lost.rig.state.packs[1].part.present = false;
    EXPECT_EQ(lost.clamped(), std::pair(amps(120), amps(120)));
}

TEST(LastClamp, OneOpenSwitchOfTwoStopsNobodyAndTheLastOneDoes) {
    Unnoticed u(2);
    u.sample(0).reading.charge_mos = false;
    u.sample(1).reading.discharge_mos = false;
    EXPECT_EQ(u.clamped(), std::pair(amps(120), amps(120)));
    u.sample(1).reading.charge_mos = false;
    EXPECT_EQ(u.clamped(), std::pair(amps(0), amps(120)));
    u.sample(0).reading.discharge_mos = false;
    EXPECT_EQ(u.clamped(), std::pair(amps(0), amps(0)));
}

// What was sent before: both directions at once, so that each is checked by itself.
struct Before {
    Milliamps charge = amps(60);
    Milliamps discharge = amps(60);
    Duration hold{};
};

void rise_from(Before before) {
    Unnoticed u;
    const TimePoint hold_until = u.rig.now + before.hold;
    const TimePoint moved_at = u.rig.now - seconds(1);
    u.rig.state.charge = {
        .output = before.charge, .hold_until = hold_until, .moved_at = moved_at, .allowed = {}};
    u.rig.state.discharge = {
        .output = before.discharge, .hold_until = hold_until, .moved_at = moved_at, .allowed = {}};
    u.clamped();
}

TEST(LastClampDeathTest, S3_ARiseDuringAHoldOrTooFastEndsTheProgram) {
    rise_from({.charge = amps(59), .discharge = amps(59)});
    rise_from({.hold = minutes(1)});  // no rise at all
    EXPECT_DEATH(rise_from({.charge = amps(59.5), .hold = milliseconds(1)}), "during a hold");
    EXPECT_DEATH(rise_from({.discharge = amps(59.5), .hold = milliseconds(1)}), "during a hold");
    EXPECT_DEATH(rise_from({.charge = amps(58.9)}), "faster than the ramp");
    EXPECT_DEATH(rise_from({.discharge = amps(58.9)}), "faster than the ramp");
}

TEST(LastClampDeathTest, S1_ALimitAboveAListedLimiterEndsTheProgram) {
    const auto with_limiters = [](Milliamps charge, Milliamps discharge) {
        Unnoticed u;
        const LastClamp clamp(u.rig.config, u.rig.state, u.rig.now);
        Decision decision = u.rig.last;
        decision.charge_limiters = {ChargeBound(charge, {})};
        decision.discharge_limiters = {DischargeBound(discharge, {})};
        clamp.apply(u.rig.state, BankView{}, decision);
    };
    with_limiters(amps(60), amps(60));
    EXPECT_DEATH(with_limiters(amps(59.9), amps(60)), "above a limiter");
    EXPECT_DEATH(with_limiters(amps(60), amps(59.9)), "above a limiter");
}

}  // namespace
}  // namespace jkp::control::test
