// SPDX-License-Identifier: MIT
#include "control/swing.hpp"

#include "control/sources.hpp"

namespace jkp::control {
namespace {

constexpr std::size_t wanted_half_waves = 4;
constexpr Duration longest_lag = std::chrono::seconds(5);

// Of at least two samples.
Duration mean_interval(std::span<const SwingSample> samples) {
    return (samples.back().at - samples.front().at) / static_cast<std::int64_t>(samples.size() - 1);
}

// The level between both sides of a swing, and their distance. The tenth parts at both ends do not count: a
// single spike is no side. (The median of a square wave would be one of its sides.)
struct Levels {
    std::int32_t middle{};
    std::int32_t swing{};
};

template <class Value>
Levels levels_of(std::span<const SwingSample> samples, Value value) {
    FixedVector<std::int32_t, most_samples> values;
    for (const SwingSample& sample : samples) values.push_back(value(sample));
    const auto tenth = static_cast<std::ptrdiff_t>(values.size() / 10);
    const auto value_at = [&](std::int32_t* place) {
        std::nth_element(values.begin(), place, values.end());
        return *place;
    };
    const std::int32_t low = value_at(values.begin() + tenth);
    const std::int32_t high = value_at(values.end() - 1 - tenth);
    return {low + (high - low) / 2, high - low};
}

enum class Side : std::uint8_t { neither, above, below };

// The instants at which the power arrives on the other side of the band.
using Turns = FixedVector<TimePoint, most_samples>;

Turns turns_of(std::span<const SwingSample> samples, std::int32_t middle, std::int32_t band) {
    Turns turns;
    Side side = Side::neither;
    for (const SwingSample& sample : samples) {
        const std::int32_t away = sample.grid.count() - middle;
        Side now = side;
        if (away >= band) now = Side::above;
        if (away <= -band) now = Side::below;
        // Where the samples begin is no turn.
        if (now != side && &sample != &samples.front()) turns.push_back(sample.at);
        side = now;
    }
    return turns;
}

struct Waves {
    Duration half{};    // mean length of the last ones
    int count{};        // alike, back from now
    TimePoint begun{};  // the first of them
};

// How many of the latest half-waves are alike; 0 when the latest is already too long to be one. There are
// more turns than wanted half-waves.
Waves alike_waves(const Turns& turns, TimePoint end, Permille alike, Duration interval) {
    const std::size_t last = turns.size() - 1;
    const Duration half =
        (turns[last] - turns[last - wanted_half_waves]) / static_cast<std::int64_t>(wanted_half_waves);
    // A turn is seen up to one interval late.
    const Duration tolerance = half * alike.count() / 1000 + interval;
    if (end - turns[last] > half + tolerance) return {};
    int count = 0;
    for (std::size_t i = last; i > 0; --i) {
        const Duration off = turns[i] - turns[i - 1] - half;
        if (off > tolerance || off < -tolerance) break;
        ++count;
    }
    return {half, count, turns[last - static_cast<std::size_t>(count)]};
}

// The part of the time, at the best lag, in which our current is on the same side of its middle as the power
// of the meter, or always on the other one. A lag of more than a half-wave is a shorter one with the other
// sign. `samples`: four half-waves and more.
std::int64_t agreement(std::span<const SwingSample> samples, const Levels& grid, const Levels& own,
                       Duration half_wave) {
    const Duration longest = std::min(longest_lag, half_wave);
    const auto most = static_cast<std::size_t>(longest / mean_interval(samples));
    std::int64_t best{};
    for (std::size_t lag = 0; lag <= most; ++lag) {
        const auto all = static_cast<std::int64_t>(samples.size() - lag);
        std::int64_t same{};
        for (std::size_t i = lag; i < samples.size(); ++i) {
            const bool above = samples[i - lag].grid.count() >= grid.middle;
            const bool own_above = samples[i].own.count() >= own.middle;
            if (above == own_above) ++same;
        }
        best = std::max(best, std::max(same, all - same) * 1000 / all);
    }
    return best;
}

Milliamps peak_since(std::span<const SwingSample> samples, TimePoint since) {
    Milliamps peak;
    for (const SwingSample& sample : samples) {
        if (sample.at >= since) peak = std::max(peak, magnitude(sample.own));
    }
    return peak;
}

}  // namespace

std::optional<Swing> find_swing(const OscillationSettings& settings, std::span<const SwingSample> samples,
                                Duration window, Millivolts voltage) {
    if (samples.empty()) return std::nullopt;
    const Levels grid = levels_of(samples, [](const SwingSample& s) { return s.grid.count(); });
    if (grid.swing < settings.swing.count()) return std::nullopt;
    const Turns turns = turns_of(samples, grid.middle, settings.crossing.count());
    if (turns.size() <= wanted_half_waves) return std::nullopt;
    const TimePoint end = samples.back().at;
    const Duration interval = mean_interval(samples);
    const Waves waves = alike_waves(turns, end, settings.alike, interval);
    if (waves.count < static_cast<int>(wanted_half_waves)) return std::nullopt;
    const Duration period = 2 * waves.half;
    const bool too_short = period < std::max(settings.shortest_period, 4 * interval);
    if (too_short || period > settings.longest_period || 5 * period > 2 * window) return std::nullopt;

    // What was before it began says nothing about whose it is.
    const auto first = std::find_if(samples.begin(), samples.end(),
                                    [&](const SwingSample& sample) { return sample.at >= waves.begun; });
    const std::span<const SwingSample> during(first, samples.end());
    const Levels own = levels_of(during, [](const SwingSample& s) { return s.own.count(); });
    const Watts own_power = power_of(Milliamps(own.swing), voltage);
    const bool large =
        std::int64_t{own_power.count()} * 1000 >= std::int64_t{grid.swing} * settings.own_part.count();
    const bool in_step = agreement(during, grid, own, waves.half) >= settings.own_agreement.count();
    return Swing{.period = period,
                 .swing = Watts(grid.swing),
                 .own = own_power,
                 .peak = peak_since(samples, end - 2 * period),
                 .half_waves = waves.count,
                 .ours = large && in_step};
}

}  // namespace jkp::control
