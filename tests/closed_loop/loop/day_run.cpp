// SPDX-License-Identifier: MIT
#include "closed_loop/loop/day_run.hpp"

#include <algorithm>

#include "pylontech/codec.hpp"

namespace jkp::closed_loop {
namespace {

using std::chrono::milliseconds;

constexpr Duration whole_day = std::chrono::hours(24);
constexpr double nominal_v = 3.3;                    // per cell, for the energy of the ideal battery
constexpr Duration answer_time = milliseconds(250);  // of a BMS, with the burst that follows it

control::PackConfig configured(const sim::DayPack& pack, std::size_t number, Duration poll_period) {
    control::PackConfig config;
    config.name = std::string_view("ABC").substr(number, 1);
    config.max_charge = config.max_discharge = pack.maximum;
    config.poll_period = poll_period;
    return config;
}

class DayRun {
  public:
    DayRun(const sim::Day& day, control::Preset preset, const Onlooker& onlooker)
        : day_(day), onlooker_(onlooker), loop_(site_of(day, preset)), levers_(lever_rules(day, preset)) {
        seen_at_ = loop_.now();
        loop_.on_cycle([this] { on_cycle(); });
        loop_.on_plant([this] { on_plant(); });
    }

    DayResult run() {
        const TimePoint midnight = loop_.now();
        if (day_.conduct == sim::Conduct::ignores) {
            loop_.advance(midnight + day_.misconduct.from);
            loop_.inverter().spec.ignore_limits = true;
            loop_.advance(midnight + day_.misconduct.to);
            loop_.inverter().spec.ignore_limits = false;
        }
        loop_.advance(midnight + whole_day);
        return result();
    }

  private:
    void on_cycle() {
        for (const control::Event& event : loop_.decision().events) hear(event.code);
        if (loop_.sent().empty()) return;
        for (const CanFrame& frame : loop_.sent()) read(frame);
        levers_.say(said_);
    }

    void hear(control::EventCode code) {
        if (code == control::EventCode::inverter_disobeys) levers_.name(true);
        if (code == control::EventCode::inverter_obeys) levers_.name(false);
    }

    void read(const CanFrame& frame) {
        const auto message = pylontech::decode(frame);
        ensure(message.has_value(), "the battery says nothing that cannot be read");
        if (const auto* limits = std::get_if<pylontech::Limits>(&*message)) {
            said_.charge_limit = limits->charge_current_limit;
            said_.charge_voltage = limits->charge_voltage;
            charge_.see(limits->charge_current_limit);
            discharge_.see(limits->discharge_current_limit);
        } else if (const auto* requests = std::get_if<pylontech::Requests>(&*message)) {
            said_.charge_enable = requests->charge_enable;
        } else if (const auto* alarms = std::get_if<pylontech::Alarms>(&*message)) {
            said_.over_voltage_alarm = alarms->alarms.has(BatteryFlag::over_voltage);
            said_.over_voltage = alarms->protections.has(BatteryFlag::over_voltage);
        }
    }

    void on_plant() {
        const sim::Bank& bank = loop_.bank();
        std::size_t top = 0;
        Millivolts lowest = Millivolts::max();
        Millivolts in_all = Millivolts::max();
        for (std::size_t i = 0; i < bank.size(); ++i) {
            const sim::Pack& pack = bank.pack(i);
            lowest = std::min(lowest, pack.cell(pack.lowest()));
            in_all = std::min(in_all, highest(pack));
            fullest_ = std::max(fullest_, pack.true_soc(pack.highest()));
            if (highest(pack) > highest(bank.pack(top))) top = i;
        }
        const TimePoint now = loop_.now();
        cells_.see(now, highest(bank.pack(top)), lowest);
        judge_levers(bank.pack(top), in_all, now);
        meter(bank, now);
        if (onlooker_) onlooker_(loop_);
    }

    static Millivolts highest(const sim::Pack& pack) { return pack.cell(pack.highest()); }

    void judge_levers(const sim::Pack& pack, Millivolts in_all, TimePoint now) {
        Millivolts sum{0};
        for (std::size_t i = 0; i < pack.cells(); ++i) sum += pack.cell(i);
        levers_.see(now, {highest(pack), in_all, sum, loop_.bank().current(), pack.charge_mos()});
    }

    void meter(const sim::Bank& bank, TimePoint now) {
        const double h = std::chrono::duration<double>(now - seen_at_).count() / 3600.0;
        const double wh = bank.current().count() / 1000.0 * bank.voltage().count() / 1000.0 * h;
        seen_at_ = now;
        (wh > 0.0 ? charged_wh_ : discharged_wh_) += std::abs(wh);
    }

    [[nodiscard]] DayResult result() const {
        const sim::IdealDay ideal = sim::ideal(day_);
        const double volts = nominal_v * day_.packs.front().spec.cells;
        return {.seed = day_.seed,
                .conduct = day_.conduct,
                .enough_sun = day_.enough_sun,
                .peak = cells_.peak(),
                .lowest = cells_.lowest(),
                .above_3500 = cells_.above_3500(),
                .above_3550 = cells_.above_3550(),
                .charge_reversals = charge_.count(),
                .discharge_reversals = discharge_.count(),
                .fullest_soc = fullest_,
                .charged_wh = charged_wh_,
                .discharged_wh = discharged_wh_,
                .ideal_charged_wh = ideal.charged_ah * volts,
                .ideal_discharged_wh = ideal.discharged_ah * volts,
                .levers = levers_.faults(),
                .levers_tested = levers_.tested(),
                .slowest_lever = levers_.slowest()};
    }

    const sim::Day& day_;
    const Onlooker& onlooker_;
    app::ClosedLoop loop_;
    CellWatch cells_;
    Reversals charge_;
    Reversals discharge_;
    LeverWatch levers_;
    OnBus said_;
    TimePoint seen_at_;
    double fullest_ = 0.0;
    double charged_wh_ = 0.0;
    double discharged_wh_ = 0.0;
};

}  // namespace

double DayResult::reversals_per_hour() const {
    return std::max(charge_reversals, discharge_reversals) / 24.0;
}

app::ClosedLoopSettings site_of(const sim::Day& day, control::Preset preset) {
    app::ClosedLoopSettings site;
    site.controller.control.curves = control::cell_curves(preset);
    for (std::size_t i = 0; i < day.packs.size(); ++i) {
        site.controller.control.packs.push_back(configured(day.packs[i], i, day.poll_period));
        site.packs.push_back(day.packs[i].spec);
    }
    site.inverter = day.inverter;
    site.wish = [&day, midnight = site.start](TimePoint now) { return day.wish_at(now - midnight); };
    return site;
}

LeverRules lever_rules(const sim::Day& day, control::Preset preset) {
    LeverRules rules;
    // A cell that rises just after a reading is not known before the next one.
    rules.within = std::max(rules.within, day.poll_period + answer_time);
    if (preset == control::Preset::original) rules.stop_from = rules.protection_from;
    return rules;
}

DayResult run_day(const sim::Day& day, control::Preset preset, const Onlooker& onlooker) {
    return DayRun(day, preset, onlooker).run();
}

}  // namespace jkp::closed_loop
