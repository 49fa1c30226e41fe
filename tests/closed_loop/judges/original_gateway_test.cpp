// SPDX-License-Identifier: MIT
// The original in our place reads what its description says that it reads. In these houses our inverter does
// not look after the meter, so that the meter shows what the test wants.
#include "closed_loop/loop/original_gateway.hpp"

#include <gtest/gtest.h>

#include "closed_loop/loop/site_run.hpp"

namespace jkp::closed_loop {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Milliamps nothing{0};

constexpr Milliamps amps(int value) {
    return Milliamps(value * 1000);
}

struct Wanted {
    Milliamps maximum{60'000};
    Permille soc{500};
    Duration meter_interval = milliseconds(1000);
};

class House {
  public:
    explicit House(const Wanted& wanted = {})
        : day_(drawn(wanted)), loop_(settings()), gateway_(loop_, wanted.maximum, wanted.meter_interval) {
        loop_.site()->on_step([this](const sim::Site&) {
            if (!gateway_.on_house()) return;
            if (gateway_.found_oscillation()) ++alarms_;
            for (const CanFrame& frame : gateway_.sent()) hear(frame);
        });
        second(Watts(0));
    }

    // + export, as long as no battery does anything.
    void spare(int watts) {
        spare_ = [watts](TimePoint) { return watts; };
    }
    void spare(std::function<int(TimePoint)> watts) { spare_ = std::move(watts); }
    void second(Watts battery) { loop_.site()->site().second().force(battery); }
    void pass(Duration time) { loop_.advance(loop_.now() + time); }

    [[nodiscard]] Milliamps charge() const { return limits_.charge_current_limit; }
    [[nodiscard]] Milliamps discharge() const { return limits_.discharge_current_limit; }
    [[nodiscard]] double grid_w() const { return loop_.site()->site().flow().grid_w; }
    [[nodiscard]] int alarms() const { return alarms_; }
    [[nodiscard]] app::ClosedLoop& loop() { return loop_; }

  private:
    static sim::SiteDay drawn(const Wanted& wanted) {
        sim::SiteDay day = sim::draw_site_day(1);
        day.day.packs.resize(1);
        day.day.packs[0].maximum = wanted.maximum;
        day.day.packs[0].spec.soc = wanted.soc;
        day.meter_interval = wanted.meter_interval;
        day.site.first.gain_per_s = 0.0;
        day.site.second.soc = Permille(500);
        day.site.second.max_charge = day.site.second.max_discharge = Watts(3000);
        day.site.second.sun_share = Permille(0);
        day.site.second.charges_from_ac = true;
        return day;
    }
    app::ClosedLoopSettings settings() {
        app::ClosedLoopSettings settings = site_of(day_, Coordination::original);
        settings.site->supply = [this](TimePoint now) {
            const int watts = spare_(now);
            return sim::SunHouse{Watts(std::max(watts, 0)), Watts(std::max(-watts, 0))};
        };
        return settings;
    }
    void hear(const CanFrame& frame) {
        const auto message = pylontech::decode(frame);
        if (!message) return;
        if (const auto* limits = std::get_if<pylontech::Limits>(&*message)) limits_ = *limits;
    }

    sim::SiteDay day_;
    std::function<int(TimePoint)> spare_ = [](TimePoint) { return 0; };
    app::ClosedLoop loop_;
    OriginalGateway gateway_;
    pylontech::Limits limits_{};
    int alarms_ = 0;
};

TEST(OriginalGateway, RaisesItsChargeLimitWithASurplusAndTakesItBackWithoutOneWhileTheOtherIsIdle) {
    House house;
    house.pass(minutes(5));
    EXPECT_EQ(house.charge(), nothing) << "nothing is left over";
    house.spare(3000);
    house.pass(minutes(3));
    EXPECT_EQ(house.grid_w(), 3000);
    EXPECT_EQ(house.charge(), amps(60));
    EXPECT_EQ(house.loop().inverter().limits_obeyed()->charge_current_limit, amps(60)) << "it is on the bus";
    house.spare(-500);
    house.pass(minutes(5));
    EXPECT_EQ(house.charge(), nothing);
}

TEST(OriginalGateway, ALargeImportFreesItsDischargeAtOnceEvenWhileTheOtherCharges) {
    House house;
    house.pass(minutes(2));
    EXPECT_EQ(house.discharge(), amps(60));
    house.second(Watts(2000));
    house.spare(2100);
    house.pass(minutes(3));
    EXPECT_NEAR(house.grid_w(), 0, 200);
    EXPECT_EQ(house.discharge(), nothing) << "the other charges";
    house.spare(-2000);
    house.pass(minutes(3));
    EXPECT_EQ(house.discharge(), amps(60));
}

TEST(OriginalGateway, SeesWhatTheSecondBatteryDoes) {
    House house;
    house.second(Watts(2000));
    house.spare(2100);
    house.pass(minutes(10));
    EXPECT_EQ(house.charge(), amps(60)) << "more than 10 A into the other are a surplus";
    EXPECT_EQ(house.discharge(), nothing);
    house.second(Watts(-2000));
    house.spare(-2000);
    house.pass(minutes(2));
    EXPECT_EQ(house.charge(), nothing);
    EXPECT_EQ(house.discharge(), amps(60));
}

// How long after the surplus came the charge limit left 0; the meter has been heard for `before`.
Duration late(Duration meter_interval, Duration before) {
    House house({.meter_interval = meter_interval});
    house.pass(before);
    EXPECT_EQ(house.charge(), nothing);
    house.spare(5000);
    Duration passed{};
    for (; house.charge() == nothing && passed < minutes(10); passed += seconds(1)) house.pass(seconds(1));
    return passed;
}

// A turn takes 1.1 s and reads one of them: of a second each the eleventh waits, of 200 ms most are dropped.
TEST(OriginalGateway, ReadsOneDatagramATurnSoThatWhatItKnowsOfTheMeterGrowsOldUntilTheSocketIsFull) {
    EXPECT_LT(late(milliseconds(1000), minutes(1)), seconds(25));
    EXPECT_GT(late(milliseconds(1000), minutes(10)), seconds(55));
    EXPECT_LT(late(milliseconds(1000), minutes(10)), seconds(80));
    for (const int minutes_before : {2, 20}) {
        EXPECT_GT(late(milliseconds(200), minutes(minutes_before)), seconds(130));
        EXPECT_LT(late(milliseconds(200), minutes(minutes_before)), seconds(155));
    }
    EXPECT_GT(late(milliseconds(1000), minutes(60)), seconds(130));
}

TEST(OriginalGateway, FindsASwingAtTheMeterAndNoneInACalmHouse) {
    House house;
    house.pass(minutes(10));
    EXPECT_EQ(house.alarms(), 0);
    house.spare([](TimePoint now) { return now.time_since_epoch() % seconds(8) < seconds(4) ? 600 : -600; });
    house.pass(minutes(20));
    EXPECT_GT(house.alarms(), 5);
}

TEST(OriginalGateway, ItsCellsAndItsStateOfChargeAreThoseOfTheBattery) {
    House house;
    house.spare(3000);
    house.pass(minutes(3));
    EXPECT_EQ(house.charge(), amps(60));
    house.loop().pack(0).force_cell(2, Millivolts(3450));
    house.pass(seconds(20));
    EXPECT_EQ(house.charge(), nothing);
    EXPECT_EQ(house.discharge(), amps(60));
    house.loop().pack(0).force_cell(2, Millivolts(3140));
    house.pass(seconds(20));
    EXPECT_EQ(house.discharge(), nothing);

    House low({.soc = Permille(380)});
    low.spare(-2000);
    low.pass(minutes(10));
    EXPECT_EQ(low.discharge(), nothing) << "started below 40 %";
}

TEST(OriginalGateway, ItsCurrentsAreScaledToTheMaximumOfTheBattery) {
    House house({.maximum = Milliamps(150'000)});
    house.spare(3000);
    house.pass(minutes(3));
    EXPECT_EQ(house.charge(), amps(150));
    EXPECT_EQ(house.discharge(), amps(150));
}

// What is judged of it is what it said: in this house the sun rises for half an hour.
TEST(OriginalGateway, IsHeardInADayAndItsLimitsAndAlarmsAreJudged) {
    sim::SiteDay day = sim::draw_site_day(1);
    for (sim::DayPack& pack : day.day.packs) pack.spec.soc = Permille(500);
    for (std::size_t i = 0; i < day.day.power.size(); ++i) {
        const Duration at = sim::wish_step * i;
        const bool sun = at >= minutes(10) && at < minutes(40);
        day.day.power[i] = {Watts(sun ? 20'000 : 0), Watts(1000)};
    }
    Milliamps most = nothing;
    const auto look = [&](app::ClosedLoop& loop) {
        const auto obeyed = loop.inverter().limits_obeyed();
        if (obeyed) most = std::max(most, obeyed->charge_current_limit);
    };
    const SiteResult result = run_site_day(day, Coordination::original, look, hours(1));
    EXPECT_GE(most, day.day.maximum() - Milliamps(100));
    EXPECT_EQ(result.charge_reversals, 1) << "up with the sun, down after it";
    EXPECT_GE(result.alarms, 1) << "to it one swing is an oscillation";
}

}  // namespace
}  // namespace jkp::closed_loop
