// SPDX-License-Identifier: MIT
#include "control/oscillation.hpp"

namespace jkp::control {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Each window holds 2.5 to 4 periods of what it can find, so that what was before does not hide it.
constexpr std::array quick_windows{seconds(5),  seconds(8),  seconds(12), seconds(18),
                                   seconds(27), seconds(40), seconds(60)};
constexpr std::array slow_windows{seconds(90),  seconds(135), seconds(200),  seconds(300),
                                  seconds(450), seconds(675), seconds(1000), seconds(1500)};
constexpr Duration least_spacing = milliseconds(150);  // of the samples that are kept
constexpr Duration slot_length = seconds(2);
constexpr Duration gap = seconds(30);  // without samples: what was before does not belong to it
constexpr Duration least_hold = seconds(30);
constexpr Milliamps least_step{500};

template <std::size_t N, std::size_t Windows>
std::optional<Swing> look(const OscillationSettings& settings, const SampleRing<N>& ring,
                          const std::array<seconds, Windows>& windows, TimePoint now, Millivolts voltage) {
    for (const seconds window : windows) {
        const SwingSamples samples = ring.since(now - window);
        if (const auto swing = find_swing(settings, samples, window, voltage)) return swing;
    }
    return std::nullopt;
}

Event found(const Swing& swing, Milliamps cap) {
    return {.code = EventCode::oscillation_found,
            .value = swing.swing.count(),
            .evidence = {swing.period, swing.half_waves, swing.own, cap}};
}

Duration hold_of(const OscillationSettings& settings, Duration period) {
    return std::max(settings.hold_periods * period, least_hold);
}

}  // namespace

void Observer::fill_slot(const OscillationSettings& settings, const SwingSample& sample, Millivolts voltage) {
    if (slot_.count > 0 && sample.at - slot_.begun >= slot_length) {
        means_.push({slot_.begun, Watts(static_cast<std::int32_t>(slot_.grid / slot_.count)),
                     Milliamps(static_cast<std::int32_t>(slot_.own / slot_.count))});
        slow_ = look(settings, means_, slow_windows, sample.at, voltage);
        slot_ = {};
    }
    if (slot_.count == 0) slot_.begun = sample.at;
    slot_.grid += sample.grid.count();
    slot_.own += sample.own.count();
    ++slot_.count;
}

void Observer::take(const OscillationSettings& settings, const SwingSample& sample, Millivolts voltage) {
    if (last_ && sample.at - *last_ < least_spacing) return;
    if (last_ && sample.at - *last_ > gap) *this = {};
    last_ = sample.at;
    recent_.push(sample);
    fill_slot(settings, sample, voltage);
    quick_ = look(settings, recent_, quick_windows, sample.at, voltage);
}

void damp(Damping& damping, const OscillationSettings& settings, const std::optional<Swing>& swing,
          Milliamps smallest, Milliamps maximum, TimePoint now, Events& events) {
    if (swing && swing->ours) {
        const bool begins = !damping.cap;
        // The peak shows what the last cut did only after two periods.
        if (begins || now - damping.cut_at >= 2 * swing->period) {
            const Milliamps cut = std::max(scaled(swing->peak, settings.cut_to), smallest);
            damping.cap = std::min(damping.cap.value_or(maximum), cut);
            damping.cut_at = now;
        }
        if (begins) events.offer(found(*swing, *damping.cap));
        damping.period = swing->period;
        damping.held_until = now + hold_of(settings, swing->period);
        return;
    }
    if (!damping.cap || now < damping.held_until) return;
    damping.cap = std::max(*damping.cap / 2 * 3, *damping.cap + least_step);
    damping.held_until = now + hold_of(settings, damping.period);
    if (*damping.cap < maximum) return;
    damping.cap.reset();
    events.offer({EventCode::oscillation_over});
}

}  // namespace jkp::control
