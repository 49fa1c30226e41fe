// SPDX-License-Identifier: MIT
#include "control/coordination.hpp"

#include "core/ensure.hpp"

namespace jkp::control {
namespace {

constexpr Milliamps small_fall{1000};  // a smaller one does not delay the next step up
constexpr int watchful_divisor = 4;

constexpr Watts positive(Watts value) {
    return std::max(value, Watts{});
}

std::int32_t whole(std::int64_t value) {
    return static_cast<std::int32_t>(value);
}

// One control step of the site, from top to bottom of `run`.
class SiteStep {
  public:
    SiteStep(const Config& config, SiteState& state, const OwnSide& own, Events& events)
        : config_(config), rules_(config.coordination), state_(state), own_(own), events_(events) {}

    SiteLimits run(const std::optional<Stamped<GridReading>>& grid, std::span<const PeerSeen> peers) {
        if (!state_.begun) state_.begun = own_.now;
        view_ = see(state_.sources, rules_, grid, peers, own_.now);
        own_power_ = power_of(own_.current, own_.voltage);
        remember_own_part();
        tell_sources();
        observe_swing();
        count_energy();
        learn_answer(state_.response, rules_.response, own_.current, own_.sample_at);
        watch_peer();
        SiteLimits limits;
        add_targets(limits);
        move(state_.charge, limits.charge_limiters, own_.charge, own_.charge_maximum);
        move(state_.discharge, limits.discharge_limiters, own_.discharge, own_.discharge_maximum);
        limits.charge = state_.charge.bound;
        limits.discharge = state_.discharge.bound;
        limits.decision = decision();
        return limits;
    }

  private:
    [[nodiscard]] bool expected() const { return rules_.expects_peer || state_.peer_known.has_value(); }
    [[nodiscard]] Duration peer_unknown_for() const {
        return own_.now - state_.peer_known.value_or(*state_.begun);
    }
    [[nodiscard]] bool given_up() const { return !view_.peer && peer_unknown_for() > rules_.unknown_hold; }
    [[nodiscard]] Duration response() const { return state_.response.learned.value_or(rules_.response); }
    [[nodiscard]] bool watchful() const { return state_.transfer.too_much(rules_.transfer_budget); }

    // --- sources -------------------------------------------------------------------------------------

    void tell(bool& told, bool now, EventCode lost, EventCode back, std::int32_t value) {
        if (now != told) events_.offer({now ? lost : back, 0, now ? value : 0});
        told = now;
    }

    // What we took or gave is in the value of the meter. Once our inverter follows, adding its new power to
    // the old value would count the same watts twice.
    void remember_own_part() {
        if (!view_.grid || state_.own_part_at == view_.grid->at) return;
        state_.own_part = own_power_;
        state_.own_part_at = view_.grid->at;
    }

    void tell_sources() {
        if (view_.peer) state_.peer_known = own_.now;
        if (state_.peer_known) {
            tell(state_.peer_lost, !view_.peer, EventCode::peer_lost, EventCode::peer_back,
                 whole(milliseconds(peer_unknown_for()) / 1000));
        }
        if (state_.sources.grid) {
            tell(state_.grid_lost, !view_.grid, EventCode::meter_lost, EventCode::meter_back,
                 whole(milliseconds(state_.sources.grid->age(own_.now)) / 1000));
        }
        const bool differ = view_.peer && view_.peer->highest.value > rules_.charging_enter &&
                            view_.peer->lowest.value < -rules_.discharging_enter;
        if (differ && !state_.differ) {
            events_.offer(
                {EventCode::peers_differ, 0, (view_.peer->highest.value - view_.peer->lowest.value).count()});
        }
        state_.differ = differ;
    }

    // --- oscillation ---------------------------------------------------------------------------------

    void observe_swing() {
        if (view_.grid) {
            state_.observer.take(config_.oscillation, {view_.grid->at, view_.grid->value, own_.current},
                                 own_.voltage);
        }
        const auto swing = view_.grid ? state_.observer.swing() : std::nullopt;
        damp(state_.damping, config_.oscillation, config_.oscillation.enabled ? swing : std::nullopt,
             config_.smallest_useful, std::max(own_.charge_maximum, own_.discharge_maximum), own_.now,
             events_);
    }

    // --- what is counted and learned -------------------------------------------------------------------

    void count_energy() {
        std::optional<BothPowers> powers;
        if (view_.peer && own_.age_stage == AgeStage::fresh) {
            powers = BothPowers{own_power_, view_.peer->flow.value.power};
        }
        count(state_.transfer, rules_.transfer_budget, powers, own_.now);
    }

    // --- the second battery --------------------------------------------------------------------------

    // What the meter shows beyond what the second battery gives or takes.
    [[nodiscard]] Watts real_surplus() const {
        return view_.grid->value - positive(-power_of_peer(view_.peer->lowest.value));
    }
    [[nodiscard]] Watts real_shortage() const {
        return -view_.grid->value - positive(power_of_peer(view_.peer->highest.value));
    }
    // At the voltage of the preferred source.
    [[nodiscard]] Watts power_of_peer(Milliamps current) const {
        return current == view_.peer->flow.value.current ? view_.peer->flow.value.power
                                                         : power_of(current, rules_.peer_voltage);
    }

    [[nodiscard]] ContraryRules rules_for(Milliamps enter, Milliamps leave, bool needed) const {
        const int divisor = watchful() ? watchful_divisor : 1;
        return {enter / divisor, leave / divisor, needed ? rules_.quick_hold : rules_.leave_hold,
                rules_.repeat_within};
    }

    void watch_peer() {
        if (!rules_.enabled || (given_up() && rules_.on_unknown != OnUnknown::keep)) {
            leave(state_.charging, own_.now);
            leave(state_.discharging, own_.now);
            return;
        }
        if (!view_.peer) {
            hold(state_.charging, own_.now);
            hold(state_.discharging, own_.now);
            return;
        }
        const bool shortage = view_.grid && real_shortage() > rules_.surplus;
        const bool surplus = view_.grid && real_surplus() > rules_.surplus;
        watch(state_.charging, rules_for(rules_.charging_enter, rules_.charging_leave, shortage),
              view_.peer->highest.value, own_.now);
        watch(state_.discharging, rules_for(rules_.discharging_enter, rules_.discharging_leave, surplus),
              -view_.peer->lowest.value, own_.now);
    }

    // --- limits --------------------------------------------------------------------------------------

    [[nodiscard]] Reason unknown_reason(Rule rule) const { return {.rule = rule, .age = peer_unknown_for()}; }
    [[nodiscard]] Reason peer_reason(Rule rule, Stamped<Milliamps> PeerView::* which) const {
        if (!view_.peer) return unknown_reason(rule);
        const Stamped<Milliamps>& current = (*view_.peer).*which;
        return {.rule = rule,
                .input = Input::peer_current,
                .value = current.value.count(),
                .age = current.age(own_.now)};
    }

    // What we may charge with while the second battery discharges: what we took when the meter spoke and what
    // was left over then. What we gave was not left over.
    [[nodiscard]] Milliamps from_surplus() const {
        if (!view_.peer || !view_.grid) return {};
        const std::int64_t watts = std::int64_t{state_.own_part.count()} + real_surplus().count();
        if (watts <= rules_.surplus.count()) return {};
        return Milliamps(whole(
            std::min<std::int64_t>(watts * 1'000'000 / own_.voltage.count(), own_.charge_maximum.count())));
    }

    [[nodiscard]] bool stop_because_unknown() const {
        if (!rules_.enabled || view_.peer || !expected()) return false;
        if (given_up()) return rules_.on_unknown == OnUnknown::zero;
        return !state_.peer_known;  // just started, and not told yet
    }

    void add_targets(SiteLimits& limits) {
        if (state_.charging.active) {
            limits.discharge_limiters.push_back(
                {Milliamps{}, peer_reason(Rule::peer_charging, &PeerView::highest)});
        }
        if (state_.discharging.active) {
            limits.charge_limiters.push_back(
                {from_surplus(), peer_reason(Rule::peer_discharging, &PeerView::lowest)});
        }
        if (stop_because_unknown()) add_both(limits, Milliamps{}, unknown_reason(Rule::peer_unknown));
        if (state_.damping.cap) {
            const Reason reason{.rule = Rule::oscillation,
                                .input = Input::period,
                                .value = whole(milliseconds(state_.damping.period)),
                                .age = own_.now - state_.damping.cut_at};
            add_both(limits, *state_.damping.cap, reason);
        }
        add_age(limits);
    }

    template <Direction D>
    static bool neutral(const Gate<D>& gate) {
        return gate.bound.value() == Milliamps::max();
    }

    static void add_both(SiteLimits& limits, Milliamps value, const Reason& reason) {
        limits.charge_limiters.push_back({value, reason});
        limits.discharge_limiters.push_back({value, reason});
    }

    // Rule S6 for a limit that is below the battery's own: it may not rise on old data, and is reduced alike.
    void add_age(SiteLimits& limits) {
        const LadderBounds old = climb(config_.age, state_.ladder, config_.age.reduce_from, own_.age,
                                       state_.charge.sent, state_.discharge.sent, {.rule = Rule::age});
        if (state_.ladder.stage == AgeStage::fresh) return;
        if (!neutral(state_.charge)) limits.charge_limiters.push_back(old.charge);
        if (!neutral(state_.discharge)) limits.discharge_limiters.push_back(old.discharge);
    }

    [[nodiscard]] bool large() const {
        return view_.grid && Watts(std::abs(view_.grid->value.count())) > rules_.large_surplus;
    }

    [[nodiscard]] Milliamps release_step() const {
        const Milliamps rate = large() ? rules_.large_rise_per_second : rules_.rise_per_second;
        return Milliamps(whole(std::int64_t{rate.count()} * response().count() / 1'000'000));
    }

    // A step upwards needs the answer to the one before: the response is over and the meter, if there is one,
    // has told something since.
    // While the second battery does the opposite, what is left over comes and goes with each cloud and
    // kettle: a small one must last.
    template <Direction D>
    [[nodiscard]] bool answered(TimePoint moved_at) const {
        const bool opposed = D == Direction::charge && state_.discharging.active;
        const Duration wait = opposed && !large() ? std::max(response(), rules_.leave_hold) : response();
        if (own_.age_stage != AgeStage::fresh || own_.now - moved_at < wait) return false;
        return !view_.grid || view_.grid->at >= moved_at + response();
    }

    template <Direction D>
    void move(Gate<D>& gate, FixedVector<Bound<D>, 5>& limiters, const Bound<D>& own, Milliamps maximum) {
        Bound<D> target;
        for (const Bound<D>& bound : limiters) target.tighten(bound);
        if (target.value() <= gate.bound.value()) {
            const Milliamps fall = gate.bound.value() - target.value();
            if (fall == Milliamps(0) || fall > small_fall) gate.moved_at = own_.now;
            if (fall > Milliamps(0)) {
                expect_answer(state_.response, D == Direction::charge, target.value(), own_.current,
                              own_.now);
            }
            gate.bound = target;
        } else {
            release(gate, target, maximum);
            if (gate.bound.reason().rule == Rule::site_release) limiters.push_back(gate.bound);
        }
        gate.sent = std::min(gate.bound.value(), own.value());
    }

    template <Direction D>
    void release(Gate<D>& gate, const Bound<D>& target, Milliamps maximum) {
        // What was measured at the cut is over.
        const Reason reason{.rule = Rule::site_release};
        Milliamps value = gate.bound.value();
        if (answered<D>(gate.moved_at)) {
            value = std::max(value + release_step(), config_.smallest_useful);
            gate.moved_at = own_.now;
        }
        gate.bound = {value, reason};
        if (value >= std::min(target.value(), maximum)) gate.bound = target;
    }

    // --- for people ----------------------------------------------------------------------------------

    [[nodiscard]] SiteMode mode() const {
        if (!rules_.enabled || !expected()) return SiteMode::off;
        if (!view_.peer) return SiteMode::unknown;
        if (state_.charging.active && state_.discharging.active) return SiteMode::peer_contradicts;
        if (state_.charging.active) return SiteMode::peer_charging;
        if (state_.discharging.active) return SiteMode::peer_discharging;
        const bool all_given = neutral(state_.charge) && neutral(state_.discharge);
        return all_given ? SiteMode::neutral : SiteMode::releasing;
    }

    [[nodiscard]] static SourceState source_state(bool expected, bool known) {
        if (known) return SourceState::known;
        return expected ? SourceState::unknown : SourceState::absent;
    }

    [[nodiscard]] SiteDecision decision() const {
        const bool meter = rules_.expects_grid || state_.sources.grid.has_value();
        SiteDecision d{.mode = mode(),
                       .grid_state = source_state(meter, view_.grid.has_value()),
                       .peer_state = source_state(expected(), view_.peer.has_value()),
                       .view = view_,
                       .refused = state_.sources.refused,
                       .transfer_mwh = state_.transfer.total_mwh(),
                       .moved_mwh = state_.transfer.moved_mwh(),
                       .watchful = watchful(),
                       .response = response(),
                       .swing = view_.grid ? state_.observer.swing() : std::nullopt,
                       .oscillation = state_.damping.cap.has_value()};
        for (std::size_t i = 0; i < peer_source_count; ++i) {
            if (const auto& known = state_.sources.peers[i].believed) d.peer_told[i] = known->at;
        }
        return d;
    }

    const Config& config_;
    const CoordinationSettings& rules_;
    SiteState& state_;
    const OwnSide& own_;
    Events& events_;
    SiteView view_;
    Watts own_power_;
};

}  // namespace

void forget_sources(SiteState& state, const CoordinationSettings& settings) {
    if (!settings.expects_grid) {
        state.sources.grid.reset();
        state.sources.grid_newest.reset();
        state.grid_lost = false;
    }
    if (!settings.expects_peer) {
        state.sources.peers = {};
        state.peer_known.reset();
        state.peer_lost = false;
        state.charging = {};
        state.discharging = {};
    }
    if (!state.peer_known) state.begun.reset();
}

SiteLimits coordinate(const Config& config, SiteState& state, const OwnSide& own,
                      const std::optional<Stamped<GridReading>>& grid, std::span<const PeerSeen> peers,
                      Events& events) {
    return SiteStep(config, state, own, events).run(grid, peers);
}

std::string_view name(SourceState state) {
    switch (state) {
        case SourceState::absent: return "absent";
        case SourceState::unknown: return "unknown";
        case SourceState::known: return "known";
    }
    broken("a SourceState of the list", std::source_location::current());
}

std::string_view name(SiteMode mode) {
    switch (mode) {
        case SiteMode::off: return "off";
        case SiteMode::neutral: return "neutral";
        case SiteMode::peer_charging: return "peer_charging";
        case SiteMode::peer_discharging: return "peer_discharging";
        case SiteMode::peer_contradicts: return "peer_contradicts";
        case SiteMode::unknown: return "unknown";
        case SiteMode::releasing: return "releasing";
    }
    broken("a SiteMode of the list", std::source_location::current());
}

}  // namespace jkp::control
