// SPDX-License-Identifier: MIT
#include "control/soc.hpp"

#include <algorithm>
#include <cstdlib>

namespace jkp::control {
namespace {

constexpr Ppm one_percent = 10'000;
constexpr Ppm whole = 100 * one_percent;
constexpr Duration longest_step = seconds(5);
constexpr Millivolts empty_hysteresis{70};
constexpr Duration top_hold_time = hours(1);
constexpr Ppm top_hold_from = 98 * one_percent;

Ppm ppm(Permille value) {
    return Ppm{value.count()} * 1000;
}

// What the current moves in this time, in ppm of the capacity; the remainder is kept.
Ppm moved_by_current(SocState& s, const BankView& bank, Duration dt) {
    if (bank.capacity.count() <= 0) return 0;
    const std::int64_t per_ppm = bank.capacity.count() * 3600;  // mA us that are one ppm
    s.counter_rest += std::int64_t{bank.current.count()} * dt.count();
    const Ppm moved = s.counter_rest / per_ppm;
    s.counter_rest -= moved * per_ppm;
    return moved;
}

// When packs come or go, another bank has another SOC; what is kept is how far the counter is from the BMS.
void follow_members(SocState& s, const BankView& bank) {
    const bool changed = s.members != 0 && s.members != bank.members;
    if (changed) s.counter = *s.counter + ppm(bank.soc) - s.bank_soc;
    s.members = bank.members;
    s.bank_soc = ppm(bank.soc);
}

void count(SocState& s, const BankView& bank, const PhaseState& phase, Ppm moved) {
    s.counter = std::clamp<Ppm>(s.counter.value_or(ppm(bank.soc)) + moved, 0, whole);
    if (phase.phase == Phase::full) s.counter = whole;
    if (s.is_empty) s.counter = std::min(*s.counter, one_percent);
}

void watch_drift(SocState& s, const Config& config, const BankView& bank, Events& events) {
    const Ppm difference = std::abs(*s.counter - ppm(bank.soc));
    const bool drifting = difference > ppm(config.soc.drift_alarm);
    if (drifting == s.drifting) return;
    s.drifting = drifting;
    events.offer({drifting ? EventCode::soc_drift : EventCode::soc_drift_over, 0,
                  static_cast<std::int32_t>(difference / 1000)});
}

void watch_empty(SocState& s, const Config& config, const BankView& bank, TimePoint at) {
    const Millivolts low = bank.lowest.voltage;
    const Duration empty = s.empty.observe(low <= config.soc.empty_voltage, at, longest_step);
    const Duration well =
        s.recovered.observe(low > config.soc.empty_voltage + empty_hysteresis, at, longest_step);
    if (empty >= config.soc.empty_time) s.is_empty = true;
    if (well >= config.soc.empty_time) s.is_empty = false;
}

Ppm source(const SocState& s, const Config& config, const BankView& bank, TimePoint at) {
    const Ppm value = config.soc.source == SocSource::counter ? *s.counter : ppm(bank.soc);
    const bool hold = config.soc.top_hold == SocTopHold::original && at - *s.first < top_hold_time &&
                      value >= top_hold_from;
    return hold ? value - 2 * one_percent : value;
}

Ppm target(const Config& config, const PhaseState& phase, Ppm from) {
    if (phase.claims_full()) return whole;
    return std::min(from, ppm(config.soc.before_full));
}

Ppm slew(const Config& config, Ppm explained, Duration dt) {
    const Ppm by_time = ppm(config.soc.per_minute) * dt.count() / Duration(minutes(1)).count();
    return std::max(by_time, std::abs(explained) * 3 / 2);
}

Permille shown(Ppm value) {
    return Permille(static_cast<std::int32_t>(value / 1000));
}

}  // namespace

Permille follow(SocState& s, const Config& config, const BankView& bank, const PhaseState& phase,
                TimePoint at, Events& events) {
    const bool first = !s.first;
    if (first) s.first = at;
    const Duration dt = first ? Duration{} : std::clamp(at - s.moved_at, Duration{}, longest_step);
    s.moved_at = at;
    watch_empty(s, config, bank, at);
    follow_members(s, bank);
    const Ppm moved = moved_by_current(s, bank, dt);
    count(s, bank, phase, moved);
    watch_drift(s, config, bank, events);

    const Ppm from = source(s, config, bank, at);
    const Ppm wanted = target(config, phase, from);
    if (!s.sent) s.sent = wanted;
    const Ppm most = slew(config, moved, dt);
    s.sent = std::clamp(wanted, *s.sent - most, *s.sent + most);
    if (!phase.claims_full()) {
        s.sent = std::min(*s.sent, std::max(from + ppm(config.soc.above_source), ppm(config.soc.low_floor)));
    }
    s.sent = s.is_empty ? one_percent : std::max(*s.sent, ppm(config.soc.low_floor));
    return shown(*s.sent);
}

}  // namespace jkp::control
