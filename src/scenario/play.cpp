// SPDX-License-Identifier: MIT
#include "scenario/play.hpp"

#include <algorithm>

#include "scenario/record.hpp"
#include "scenario/site.hpp"
#include "scenario/teller.hpp"

namespace jkp::scenario {
namespace {

constexpr Duration foreign_period = std::chrono::seconds(1);
constexpr Duration ask_period = std::chrono::seconds(30);
constexpr Duration progress_each = std::chrono::minutes(10);

struct Action {
    Duration at;
    bool begins;
    bool told;
    const Event* event;
};

// What is done again and again while it lasts.
std::optional<Duration> again_each(const Event& event) {
    if (event.what == What::foreign_battery) return foreign_period;
    if (event.what == What::order && !tightens(event.command)) return ask_period;
    return std::nullopt;
}

// In order of time; at the same instant what ends comes before what begins.
std::vector<Action> actions_of(const Scenario& scenario) {
    std::vector<Action> actions;
    for (const Event& event : scenario.events) {
        actions.push_back({*event.at, true, true, &event});
        const Duration end = *event.at + event.lasts.value_or(Duration{});
        if (const auto period = again_each(event)) {
            for (Duration at = *event.at + *period; at < end; at += *period) {
                actions.push_back({at, true, false, &event});
            }
        } else if (event.lasts) {
            actions.push_back({end, false, true, &event});
        }
    }
    std::ranges::stable_sort(actions, [](const Action& a, const Action& b) {
        return std::pair(a.at, a.begins) < std::pair(b.at, b.begins);
    });
    return actions;
}

class Player {
  public:
    Player(const Scenario& scenario, const Progress& progress)
        : scenario_(scenario),
          progress_(progress),
          loop_(site_settings(scenario)),
          start_(loop_.now()),
          teller_(scenario.gateway.control),
          actions_(actions_of(scenario)) {
        outcome_.record = empty_record(scenario);
        for (const Expectation& expectation : scenario.expectations)
            judges_.emplace_back(expectation, scenario);
        loop_.on_cycle([this] { after_cycle(); });
        loop_.on_plant([this] { look(false); });
    }

    Outcome run() {
        const Duration end = scenario_.duration();
        const Duration sample = scenario_.head.sample;
        Duration next_progress{};
        for (Duration at{}; at <= end; at += sample) {
            advance_to(at);
            add_row(outcome_.record, moment(false), at);
            if (!progress_ || at < next_progress) continue;
            progress_(at);
            next_progress = at + progress_each;
        }
        advance_to(end);
        return finish();
    }

  private:
    [[nodiscard]] Duration passed() const { return loop_.now() - start_; }
    [[nodiscard]] Moment moment(bool after_cycle) const { return {loop_, last_sent_, after_cycle}; }

    void look(bool after_cycle) {
        for (Judge& judge : judges_) judge.look(moment(after_cycle), passed());
    }

    void advance_to(Duration until) {
        while (next_action_ < actions_.size() && actions_[next_action_].at <= until) {
            const Action& action = actions_[next_action_++];
            loop_.advance(start_ + action.at);
            act(action);
        }
        loop_.advance(start_ + until);
    }

    void act(const Action& action) {
        const std::string text = words(*action.event, scenario_);
        if (action.told) teller_.scenario(action.begins ? text : "over: " + text, passed());
        if (!action.begins) {
            end(*action.event, loop_, scenario_.inverter);
        } else if (!possible(*action.event) || !begin(*action.event, loop_)) {
            refused_.push_back({action.event->line, false, text + " is accepted", "it was refused"});
        }
    }

    // While no program runs, nobody can stop it or command it.
    [[nodiscard]] bool possible(const Event& event) const {
        const bool needs_program = event.what == What::gateway_crash || event.what == What::gateway_stop ||
                                   event.what == What::acknowledge || event.what == What::recover ||
                                   event.what == What::order;
        return loop_.running() || !needs_program;
    }

    void after_cycle() {
        const control::Decision& decision = loop_.decision();
        if (!loop_.sent().empty()) last_sent_ = loop_.now();
        count_winners(decision);
        teller_.decision(decision, passed());
        const auto phase = name(decision.phase);
        if (outcome_.phases.empty() || outcome_.phases.back().phase != phase) {
            outcome_.phases.push_back({passed(), std::string(phase)});
        }
        look(true);
    }

    void count_winners(const control::Decision& decision) {
        if (winning_) {
            const Duration lasted = passed() - winning_->since;
            outcome_.charge_winners[static_cast<std::size_t>(winning_->charge)] += lasted;
            outcome_.discharge_winners[static_cast<std::size_t>(winning_->discharge)] += lasted;
        }
        winning_ = Winning{decision.charge.reason().rule, decision.discharge.reason().rule, passed()};
    }

    Outcome finish() {
        outcome_.story = std::move(teller_.story);
        outcome_.verdicts = refused_;
        for (const Judge& judge : judges_) outcome_.verdicts.push_back(judge.verdict());
        return std::move(outcome_);
    }

    struct Winning {
        control::Rule charge;
        control::Rule discharge;
        Duration since;
    };

    const Scenario& scenario_;
    const Progress& progress_;
    app::ClosedLoop loop_;
    TimePoint start_;
    Teller teller_;
    std::vector<Action> actions_;
    std::size_t next_action_ = 0;
    std::vector<Judge> judges_;
    std::vector<Verdict> refused_;
    std::optional<TimePoint> last_sent_;
    std::optional<Winning> winning_;
    Outcome outcome_;
};

}  // namespace

bool Outcome::holds() const {
    return std::ranges::all_of(verdicts, &Verdict::holds);
}

Outcome play(const Scenario& scenario, const Progress& progress) {
    return Player(scenario, progress).run();
}

}  // namespace jkp::scenario
