// SPDX-License-Identifier: MIT
#include "closed_loop/loop/fight.hpp"

#include <algorithm>

namespace jkp::closed_loop {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration fight_lasts = minutes(25);
constexpr Duration judged_last = minutes(10);
constexpr double resolution_w = 60.0;  // smaller swings are none

// A quiet evening with both batteries half full, so that only the loops act.
sim::SiteDay quiet_house(std::uint64_t seed) {
    sim::SiteDay day = sim::draw_site_day(seed, sim::Manner::fights);
    for (sim::DayPack& pack : day.day.packs) pack.spec.soc = Permille(500);
    day.site.second.soc = Permille(500);
    day.day.conduct = sim::Conduct::obeys;
    day.day.inverter.leak = Milliamps(0);
    day.peer_loses = Permille(0);
    return day;
}

sim::SelfUseSpec calm(sim::SelfUseSpec spec) {
    spec.gain_per_s *= 0.2;
    return spec;
}

// What was seen of one run.
struct Seen {
    SwingWatch grid{resolution_w};
    SwingWatch large{300.0};
    SwingWatch own{resolution_w};
    std::optional<TimePoint> found;
};

class Fight {
  public:
    Fight(const sim::SiteDay& day, Coordination coordination, const Onlooker& onlooker)
        : day_(day), coordination_(coordination), onlooker_(onlooker), settings_(site_of(day, coordination)) {
        const double first_w = day.day.maximum().count() / 1000.0 * day.day.nominal_volts();
        const double least_w = std::min<double>(first_w, day.site.second.max_charge.count());
        base_w_ = 0.5 * least_w;
        step_w_ = 0.5 * least_w;
    }

    Seen run() {
        settings_.site->site.first = calm(day_.site.first);
        settings_.site->site.second.self_use = calm(day_.site.second.self_use);
        const TimePoint injected = settings_.start + fight_begins;
        settings_.site->supply = [this, injected](TimePoint now) {
            const double load_w = base_w_ + (now >= injected ? step_w_ : 0.0);
            return sim::SunHouse{Watts(0), Watts(static_cast<std::int32_t>(load_w))};
        };
        app::ClosedLoop loop(settings_);
        std::optional<OriginalGateway> original;
        if (coordination_ == Coordination::original) {
            original.emplace(loop, day_.day.maximum(), day_.meter_interval);
        }
        loop.site()->on_step([&](const sim::Site& site) {
            if (original) original->on_house();
            if (site.next() > injected + sim::Site::step_time) watch(site);
        });
        loop.on_plant([&] {
            if (onlooker_) onlooker_(loop);
        });
        loop.advance(injected);
        inject(loop, injected);
        loop.advance(injected + fight_lasts);
        return std::move(seen_);
    }

  private:
    void watch(const sim::Site& site) {
        const TimePoint at = site.next();
        seen_.grid.see(at, site.flow().grid_w);
        seen_.large.see(at, site.flow().grid_w);
        seen_.own.see(at, site.flow().first_w);
    }

    void inject(app::ClosedLoop& loop, TimePoint injected) {
        loop.site()->site().first().spec = day_.site.first;
        loop.site()->site().second().self_use.spec = day_.site.second.self_use;
        loop.on_cycle([this, &loop, injected] {
            for (const control::Event& event : loop.decision().events) {
                const bool found = event.code == control::EventCode::oscillation_found;
                if (found && !seen_.found && loop.now() > injected) seen_.found = loop.now();
            }
        });
    }

    const sim::SiteDay& day_;
    Coordination coordination_;
    const Onlooker& onlooker_;
    app::ClosedLoopSettings settings_;
    double base_w_ = 0.0;
    double step_w_ = 0.0;
    Seen seen_;
};

// The quietest two periods that begin in the span.
double quietest_w(const SwingWatch& swings, TimePoint from, TimePoint to, Duration period) {
    double least = swings.largest_w(from, to);
    for (TimePoint at = from; at + 2 * period <= to; at += seconds(1)) {
        least = std::min(least, swings.largest_w(at, at + 2 * period));
    }
    return least;
}

double median_w(const SwingWatch& swings, TimePoint from) {
    std::vector<double> values;
    for (const SwingWatch::HalfWave& w : swings.half_waves()) {
        if (w.begin >= from) values.push_back(w.swing_w);
    }
    if (values.empty()) return 0.0;
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

}  // namespace

bool FightResult::fights() const {
    return period >= std::max<Duration>(seconds(2), 4 * meter_interval) && period <= minutes(10) &&
           untouched_w >= 300.0;
}

FightResult run_fight(std::uint64_t seed) {
    const sim::SiteDay day = quiet_house(seed);
    const TimePoint injected = app::ClosedLoopSettings{}.start + fight_begins;
    const TimePoint end = injected + fight_lasts;
    const Seen alone = Fight(day, Coordination::none, {}).run();
    FightResult r{.seed = seed, .meter_interval = day.meter_interval};
    const TimePoint last = end - judged_last;
    if (alone.large.count(last, end) >= 10) {
        r.period = alone.large.period(last, end).value_or(Duration{});
        r.untouched_w = median_w(alone.grid, last);
        r.untouched_own_w = median_w(alone.own, last);
    }
    if (!r.fights()) return r;
    const Seen original = Fight(day, Coordination::original, {}).run();
    const Seen ours = Fight(day, Coordination::ours, {}).run();
    r.swings[0].add(alone.grid.half_waves(), fight_lasts);
    r.swings[1].add(original.grid.half_waves(), fight_lasts);
    r.swings[2].add(ours.grid.half_waves(), fight_lasts);
    r.lasting_w = median_w(ours.grid, last);
    if (!ours.found) return r;
    r.found_after = *ours.found - injected;
    r.half_waves = ours.large.count(injected, *ours.found);
    r.before_w = ours.grid.largest_w(injected, *ours.found + 2 * r.period);
    const Duration within = std::max<Duration>(minutes(2), 5 * r.period);
    r.after_w = quietest_w(ours.grid, *ours.found, *ours.found + within, r.period);
    return r;
}

void watch_fight(std::uint64_t seed, Coordination coordination, const Onlooker& onlooker) {
    const sim::SiteDay day = quiet_house(seed);
    Fight(day, coordination, onlooker).run();
}

}  // namespace jkp::closed_loop
