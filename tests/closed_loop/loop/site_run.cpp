// SPDX-License-Identifier: MIT
#include "closed_loop/loop/site_run.hpp"

#include <algorithm>

#include "core/ensure.hpp"
#include "pylontech/codec.hpp"

namespace jkp::closed_loop {
namespace {

constexpr Duration portal_age = std::chrono::minutes(3);

class SiteRun {
  public:
    SiteRun(const sim::SiteDay& day, Coordination coordination, const Onlooker& onlooker)
        : day_(day), onlooker_(onlooker), loop_(site_of(day, coordination)) {
        if (coordination == Coordination::portal) loop_.site()->peer().fault.old = portal_age;
        if (coordination == Coordination::original) {
            original_.emplace(loop_, day.day.maximum(), day.meter_interval);
        }
        loop_.site()->on_step([this](const sim::Site& site) { on_step(site); });
        loop_.on_cycle([this] { on_cycle(); });
        loop_.on_plant([this] { on_plant(); });
    }

    SiteResult run(Duration lasts) {
        loop_.advance(loop_.now() + lasts);
        result_.seed = day_.day.seed;
        result_.enough_sun = day_.enough_sun;
        result_.obeys = day_.day.conduct == sim::Conduct::obeys;
        result_.peak = cells_.peak();
        result_.lowest = cells_.lowest();
        result_.charge_reversals = charge_.count();
        result_.discharge_reversals = discharge_.count();
        return result_;
    }

  private:
    void on_step(const sim::Site& site) {
        result_.energy.add(site.flow(), sim::Site::step_time);
        if (!original_ || !original_->on_house()) return;
        if (original_->found_oscillation()) ++result_.alarms;
        hear({original_->sent().data(), original_->sent().size()});
    }

    void on_cycle() {
        if (original_) return;  // ours is not on the bus
        for (const control::Event& event : loop_.decision().events) {
            if (event.code == control::EventCode::oscillation_found) ++result_.alarms;
        }
        hear(loop_.sent());
    }

    void hear(std::span<const CanFrame> frames) {
        for (const CanFrame& frame : frames) {
            const auto message = pylontech::decode(frame);
            if (!message) continue;
            const auto* limits = std::get_if<pylontech::Limits>(&*message);
            if (limits == nullptr) continue;
            charge_.see(limits->charge_current_limit);
            discharge_.see(limits->discharge_current_limit);
        }
    }

    void on_plant() {
        Millivolts highest{0};
        Millivolts lowest = Millivolts::max();
        for (std::size_t i = 0; i < loop_.bank().size(); ++i) {
            const sim::Pack& pack = loop_.bank().pack(i);
            highest = std::max(highest, pack.cell(pack.highest()));
            lowest = std::min(lowest, pack.cell(pack.lowest()));
            result_.fullest_soc = std::max(result_.fullest_soc, pack.true_soc(pack.highest()));
        }
        cells_.see(loop_.now(), highest, lowest);
        if (onlooker_) onlooker_(loop_);
    }

    const sim::SiteDay& day_;
    const Onlooker& onlooker_;
    app::ClosedLoop loop_;
    std::optional<OriginalGateway> original_;
    CellWatch cells_;
    Reversals charge_;
    Reversals discharge_;
    SiteResult result_;
};

}  // namespace

std::string_view name(Coordination coordination) {
    switch (coordination) {
        case Coordination::none: return "none";
        case Coordination::original: return "original";
        case Coordination::ours: return "ours";
        case Coordination::portal: return "ours, portal";
    }
    broken("a Coordination of the list", std::source_location::current());
}

double SiteResult::reversals_per_hour() const {
    return std::max(charge_reversals, discharge_reversals) / 24.0;
}

app::ClosedLoopSettings site_of(const sim::SiteDay& day, Coordination coordination) {
    app::ClosedLoopSettings settings = site_of(day.day, control::Preset::smooth);
    settings.wish = {};
    app::VirtualSiteSettings site;
    site.site = day.site;
    site.supply = [&day, midnight = settings.start](TimePoint now) { return day.power_at(now - midnight); };
    site.meter.interval = day.meter_interval;
    site.peer = {.answers_after = day.peer_answers_after, .loses = day.peer_loses, .seed = day.day.seed};
    settings.site = site;
    control::Config& config = settings.controller.control;
    config.coordination.enabled = config.oscillation.enabled =
        coordination == Coordination::ours || coordination == Coordination::portal;
    config.coordination.expects_grid = config.coordination.expects_peer = true;
    return settings;
}

SiteResult run_site_day(const sim::SiteDay& day, Coordination coordination, const Onlooker& onlooker,
                        Duration lasts) {
    return SiteRun(day, coordination, onlooker).run(lasts);
}

}  // namespace jkp::closed_loop
