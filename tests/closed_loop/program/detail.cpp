// SPDX-License-Identifier: MIT
#include "closed_loop/program/detail.hpp"

#include <cstdio>

namespace jkp::closed_loop {
namespace {

double amps(Milliamps i) {
    return i.count() / 1000.0;
}
double volts(Millivolts v) {
    return v.count() / 1000.0;
}
double number(Duration d) {
    return std::chrono::duration<double>(d).count();
}

void print_site(const sim::Day& day) {
    const auto weather = name(day.weather);
    const auto conduct = name(day.conduct);
    std::printf("day %llu: %.*s, inverter %.*s, %s\n", static_cast<unsigned long long>(day.seed),
                static_cast<int>(weather.size()), weather.data(), static_cast<int>(conduct.size()),
                conduct.data(), day.enough_sun ? "enough sun" : "not enough sun to be full");
    for (const sim::DayPack& pack : day.packs) {
        const sim::PackSpec& s = pack.spec;
        std::printf(
            "  pack: %u cells, %lld Ah, Imax %.0f A, SOC %.1f %% +- %.1f, capacity +- %.1f %%, %.1f C\n",
            s.cells, static_cast<long long>(s.capacity.count() / 1000), amps(pack.maximum),
            s.soc.count() / 10.0, s.soc_spread.count() / 10.0, s.capacity_spread.count() / 10.0,
            s.ambient.count() / 10.0);
    }
    const sim::InverterSpec& i = day.inverter;
    std::printf(
        "  inverter: dead time %.1f s, %.1f A/s, gain %.3f, offset %+.2f A, %s CVL, leak %.2f A; poll %.2f "
        "s\n",
        number(i.dead_time), amps(i.slew_per_second), i.limit_gain.count() / 1000.0, amps(i.limit_offset),
        i.obeys_cvl ? "obeys" : "ignores", amps(i.leak), number(day.poll_period));
}

// A line each `every`, and one for each event.
class Printer {
  public:
    explicit Printer(unsigned every) : every_(std::chrono::seconds(every)) {}

    void look(app::ClosedLoop& loop) {
        if (!midnight_) midnight_ = next_ = loop.now();
        if (loop.decision().at != told_) {
            told_ = loop.decision().at;
            for (const control::Event& e : loop.decision().events) tell(loop.now(), e);
        }
        if (loop.now() < next_) return;
        while (next_ <= loop.now()) next_ += every_;
        line(loop);
    }

  private:
    void clock(TimePoint now) const {
        const auto s = static_cast<long>(number(now - *midnight_));
        std::printf("%02ld:%02ld:%02ld ", s / 3600, s / 60 % 60, s % 60);
    }

    void tell(TimePoint now, const control::Event& e) const {
        const auto code = name(e.code);
        clock(now);
        std::printf("  event %.*s, pack %u, %d\n", static_cast<int>(code.size()), code.data(), e.pack,
                    e.value);
    }

    void line(app::ClosedLoop& loop) const {
        const control::Decision& d = loop.decision();
        const auto phase = name(d.phase);
        const auto charge = name(d.charge.reason().rule);
        const auto discharge = name(d.discharge.reason().rule);
        Millivolts high{0}, low = Millivolts::max();
        for (std::size_t i = 0; i < loop.bank().size(); ++i) {
            const sim::Pack& p = loop.pack(i);
            high = std::max(high, p.cell(p.highest()));
            low = std::min(low, p.cell(p.lowest()));
        }
        clock(loop.now());
        std::printf(
            "wish %7.1f A  flows %7.1f A  H %.3f  L %.3f  V %.2f  SOC %5.1f  CCL %6.1f (%.*s)  DCL %6.1f "
            "(%.*s)  CVL %.1f  %.*s\n",
            amps(loop.inverter().wish(loop.now())), amps(loop.bank().current()), volts(high), volts(low),
            volts(loop.bank().voltage()), loop.pack(0).mean_soc() * 100.0, amps(d.charge.value()),
            static_cast<int>(charge.size()), charge.data(), amps(d.discharge.value()),
            static_cast<int>(discharge.size()), discharge.data(), volts(d.charge_voltage),
            static_cast<int>(phase.size()), phase.data());
    }

    Duration every_;
    std::optional<TimePoint> midnight_;
    TimePoint next_{};
    TimePoint told_{};
};

}  // namespace

void print_day(const Options& options) {
    const sim::Day day = sim::draw_day(*options.day);
    print_site(day);
    std::vector<PresetResult> results;
    for (const control::Preset preset : options.plan.presets) {
        const auto preset_name = name(preset);
        std::printf("\n%.*s\n", static_cast<int>(preset_name.size()), preset_name.data());
        Printer printer(options.every);
        const DayResult r = run_day(day, preset, [&](app::ClosedLoop& loop) { printer.look(loop); });
        const LeverFaults& f = r.levers;
        std::printf(
            "highest %.3f V, lowest %.3f V, above 3.50 V %.0f s, above 3.55 V %.0f s, reversals %d + %d, "
            "fullest "
            "cell %.1f %%\n",
            volts(r.peak), volts(r.lowest), number(r.above_3500), number(r.above_3550), r.charge_reversals,
            r.discharge_reversals, r.fullest_soc * 100.0);
        std::printf("charged %.0f of %.0f Wh, discharged %.0f of %.0f Wh\n", r.charged_wh, r.ideal_charged_wh,
                    r.discharged_wh, r.ideal_discharged_wh);
        std::printf(
            "levers %s, slowest %.1f s; missing: CCL %d, CVL %d, 35C %d, protection %d, name %d, BMS %d\n",
            r.levers_tested ? "needed" : "not needed", number(r.slowest_lever), f.current_limit,
            f.charge_voltage, f.enable, f.protection, f.not_named, f.not_opened);
        results.push_back({preset, {r}});
    }
    std::printf("\n%s", acceptance_text(results).c_str());
}

}  // namespace jkp::closed_loop
