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
constexpr std::int64_t clear_flow = 20'000;

constexpr bool within(std::int64_t value, std::int64_t limit) {
    return value <= limit && value >= -limit;
}

bool opposite(std::int64_t a, std::int64_t b) {
    return (a > clear_sign && b < -clear_sign) || (a < -clear_sign && b > clear_sign);
}

// A dead shunt beside a living power, or the other way round. Only clear cases: the voltage may be a guess.
bool one_is_dead(std::int64_t told, std::int64_t computed) {
    return (within(told, clear_sign) && !within(computed, clear_flow)) ||
           (within(computed, clear_sign) && !within(told, clear_flow));
}

void take_grid(Sources& sources, const CoordinationSettings& settings, const Stamped<GridReading>& reading) {
    if (sources.grid_newest && reading.at <= *sources.grid_newest) return;
    sources.grid_newest = reading.at;
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

void add_opinion(PeerView& view, const Stamped<PeerFlow>& other) {
    if (view.flow.at - other.at > same_moment) return;
    const Stamped<Milliamps> current{other.value.current, other.at};
    if (current.value > view.highest.value) view.highest = current;
    if (current.value < view.lowest.value) view.lowest = current;
}

std::optional<PeerView> view_of_peer(const Sources& sources, const CoordinationSettings& settings,
                                     TimePoint now) {
    std::optional<PeerView> view;
    TimePoint told = TimePoint::min();  // the newest word of a more preferred source, however old by now
    for (std::size_t i = 0; i < peer_source_count; ++i) {
        const auto& known = sources.peers[i].believed;
        if (!known) continue;
        const bool old = known->age(now) > settings.peer_max_age[i];
        // What a portal said before the inverter itself fell silent is no news.
        const bool overtaken = known->at < told;
        told = std::max(told, known->at);
        if (old) continue;
        if (view) {
            add_opinion(*view, *known);
        } else if (!overtaken) {
            const Stamped<Milliamps> current{known->value.current, known->at};
            view = {static_cast<PeerSource>(i), *known, current, current};
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
    if (!reading.current) told = computed;
    if (!within(computed, most) || opposite(told, computed) || one_is_dead(told, computed)) {
        return std::nullopt;
    }
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
