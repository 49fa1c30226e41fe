// SPDX-License-Identifier: MIT
#include "control/sources.hpp"

namespace jkp::control {
namespace {

// Two sources speak of the same moment when their readings are no further apart; an older opinion is no
// contradiction.
constexpr Duration same_moment = std::chrono::seconds(10);
// Less is no voltage of a battery.
constexpr Millivolts least_voltage{10'000};
// Below this the sign of a current is a matter of rounding.
constexpr std::int64_t clear_sign = 1000;

constexpr bool within(std::int64_t value, std::int64_t limit) {
    return value <= limit && value >= -limit;
}

bool opposite(std::int64_t a, std::int64_t b) {
    return (a > clear_sign && b < -clear_sign) || (a < -clear_sign && b > clear_sign);
}

void take_grid(Sources& sources, const CoordinationSettings& settings, const Stamped<GridReading>& reading) {
    if (sources.grid && reading.at <= sources.grid->at) return;
    if (!within(reading.value.power.count(), settings.grid_maximum.count())) {
        ++sources.refused;
        return;
    }
    sources.grid = {reading.value.power, reading.at};
}

void take_peer(Sources& sources, const CoordinationSettings& settings, const PeerSeen& seen) {
    PeerBelief& belief = sources.peers[static_cast<std::size_t>(seen.source)];
    const TimePoint at = seen.reading.at;
    if (belief.newest && at <= *belief.newest) return;
    belief.newest = at;
    const auto flow = flow_of(settings, seen.reading.value);
    if (!flow) {
        ++sources.refused;
        return;
    }
    const auto agrees = [&](const std::optional<Stamped<PeerFlow>>& known) {
        return known && magnitude(flow->current - known->value.current) <= settings.peer_jump;
    };
    const bool jumped = belief.believed && !agrees(belief.believed) && !agrees(belief.doubted);
    if (jumped) {
        belief.doubted = {*flow, at};
        ++sources.refused;
        return;
    }
    belief.believed = {*flow, at};
    belief.doubted.reset();
}

std::optional<PeerView> view_of_peer(const Sources& sources, const CoordinationSettings& settings,
                                     TimePoint now) {
    std::optional<PeerView> view;
    for (std::size_t i = 0; i < peer_source_count; ++i) {
        const auto& known = sources.peers[i].believed;
        if (!known || known->age(now) > settings.peer_max_age[i]) continue;
        const Milliamps current = known->value.current;
        if (!view) {
            view = {static_cast<PeerSource>(i), *known, current, current};
        } else if (view->flow.at - known->at <= same_moment) {
            view->highest = std::max(view->highest, current);
            view->lowest = std::min(view->lowest, current);
        }
    }
    return view;
}

}  // namespace

std::optional<PeerFlow> flow_of(const CoordinationSettings& settings, const PeerReading& reading) {
    Millivolts voltage = settings.peer_voltage;
    if (reading.voltage && *reading.voltage >= least_voltage) voltage = *reading.voltage;
    const std::int64_t most = settings.peer_maximum.count();
    if (!reading.current && !reading.power) return std::nullopt;
    std::int64_t told{};
    if (reading.current) told = reading.current->count();
    if (!within(told, most)) return std::nullopt;
    if (!reading.power) {
        const Milliamps current(static_cast<std::int32_t>(told));
        return PeerFlow{current, power_of(current, voltage)};
    }
    const std::int64_t computed = std::int64_t{reading.power->count()} * 1'000'000 / voltage.count();
    if (!within(computed, most) || opposite(told, computed)) return std::nullopt;
    if (!reading.current) told = computed;
    return PeerFlow{Milliamps(static_cast<std::int32_t>(told)), *reading.power};
}

SiteView see(Sources& sources, const CoordinationSettings& settings,
             const std::optional<Stamped<GridReading>>& grid, std::span<const PeerSeen> peers,
             TimePoint now) {
    SiteView view;
    if (grid) take_grid(sources, settings, *grid);
    for (const PeerSeen& seen : peers) take_peer(sources, settings, seen);
    if (sources.grid && sources.grid->age(now) <= settings.grid_max_age) view.grid = sources.grid;
    view.peer = view_of_peer(sources, settings, now);
    return view;
}

}  // namespace jkp::control
