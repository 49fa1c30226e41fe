// SPDX-License-Identifier: MIT
#include "scenario/site.hpp"

#include <algorithm>
#include <numeric>

#include "app/wiring.hpp"
#include "core/ensure.hpp"
#include "sim/day.hpp"

namespace jkp::scenario {
namespace {

Milliamps between(const WishPoint& from, const WishPoint& to, Duration at) {
    const auto part =
        static_cast<double>((at - from.at).count()) / static_cast<double>((to.at - from.at).count());
    const double change = (to.current - from.current).count() * part;
    return from.current + Milliamps(static_cast<std::int32_t>(change));
}

// Nothing is wished before the first point.
Milliamps wish_of(const std::vector<WishPoint>& points, Duration at) {
    const auto next = std::ranges::upper_bound(points, at, {}, &WishPoint::at);
    if (next == points.begin()) return Milliamps(0);
    const WishPoint& last = *std::prev(next);
    return last.ramp && next != points.end() ? between(last, *next, at) : last.current;
}

sim::Inverter::Wish drawn_wish(const Scenario& scenario, TimePoint start) {
    const auto& packs = scenario.gateway.control.packs;
    const Milliamps maximum =
        std::accumulate(packs.begin(), packs.end(), Milliamps(0),
                        [](Milliamps sum, const control::PackConfig& pack) { return sum + pack.max_charge; });
    return
        [day = sim::draw_day(scenario.day->seed), from = scenario.day->from, maximum, start](TimePoint now) {
            const Duration at = (from + (now - start)) % std::chrono::hours(24);
            const std::int64_t wish = day.wish_at(at).count();
            return Milliamps(static_cast<std::int32_t>(wish * maximum.count() / day.maximum().count()));
        };
}

sim::Misbehaviour& misbehaviour(const Event& event, app::ClosedLoop& loop) {
    return loop.device(event.pack).misbehaviour;
}

void force_temperature(const Event& event, app::ClosedLoop& loop, std::optional<Decicelsius> value) {
    loop.pack(event.pack).force_temperature(Probe::t1, value);
    loop.pack(event.pack).force_temperature(Probe::t2, value);
}

void put_foreign_frame(app::ClosedLoop& loop) {
    loop.put_on_bus({.id = 0x351, .size = 8, .data = {}});
}

control::Command command_of(const Event& event) {
    const std::int32_t value = is_current(event.command) ? event.value : event.value / 1000;
    // What asks for more has its own end.
    const auto expires = tightens(event.command) ? event.lasts : std::nullopt;
    return {.kind = event.command, .value = value, .expires = expires, .who = "scenario"};
}

}  // namespace

app::ClosedLoopSettings site_settings(const Scenario& scenario) {
    app::ClosedLoopSettings settings;
    settings.controller = app::controller_settings(scenario.gateway, true);
    settings.packs = scenario.packs;
    settings.inverter = scenario.inverter;
    if (scenario.day) {
        settings.wish = drawn_wish(scenario, settings.start);
    } else {
        settings.wish = [points = scenario.wish, start = settings.start](TimePoint now) {
            return wish_of(points, now - start);
        };
    }
    return settings;
}

bool begin(const Event& event, app::ClosedLoop& loop) {
    sim::Pack& pack = loop.pack(event.pack);
    const std::size_t cell = event.cell == 0 ? 0 : event.cell - 1;
    switch (event.what) {
        case What::cell_forced: pack.force_cell(cell, event.voltage); break;
        case What::cell_misread: misbehaviour(event, loop).misread_cell = {cell, event.voltage}; break;
        case What::temperature_forced: force_temperature(event, loop, event.temperature); break;
        case What::soc_forced: pack.force_soc(event.soc); break;
        case What::current_forced: pack.force_current(event.current); break;
        case What::bms_alarm: pack.force_alarms(PackAlarms{event.alarm}); break;
        case What::bms_silent: loop.connect_pack(event.pack, false); break;
        case What::bms_frozen: misbehaviour(event, loop).frozen = true; break;
        case What::start_up_frames: misbehaviour(event, loop).start_up = true; break;
        case What::damaged_answers: misbehaviour(event, loop).wrong_checksum = true; break;
        case What::cells_lost: misbehaviour(event, loop).cells = event.cells; break;
        case What::sum_mismatch: misbehaviour(event, loop).voltage_error = event.voltage; break;
        case What::charge_switch_open: pack.switch_charge(false); break;
        case What::discharge_switch_open: pack.switch_discharge(false); break;
        case What::gateway_crash: loop.restart(*event.lasts, app::StopKind::crash); break;
        case What::gateway_stop: loop.restart(*event.lasts, app::StopKind::orderly); break;
        case What::wall_clock_step:
            loop.step_wall_clock(std::chrono::duration_cast<std::chrono::seconds>(event.step));
            break;
        case What::can_cut: loop.connect_can(false); break;
        case What::foreign_battery: put_foreign_frame(loop); break;
        case What::inverter_ignores_limits: loop.inverter().spec.ignore_limits = true; break;
        case What::inverter_leaks: loop.inverter().spec.leak = event.current; break;
        case What::acknowledge: return loop.controller().acknowledge(event.pack, loop.now()).has_value();
        case What::recover: return loop.controller().recover(event.pack, loop.now()).has_value();
        case What::order: return loop.order(command_of(event));
    }
    return true;
}

void end(const Event& event, app::ClosedLoop& loop, const sim::InverterSpec& normal) {
    sim::Pack& pack = loop.pack(event.pack);
    switch (event.what) {
        case What::cell_forced: pack.force_cell(event.cell - 1, std::nullopt); break;
        case What::cell_misread: misbehaviour(event, loop).misread_cell.reset(); break;
        case What::temperature_forced: force_temperature(event, loop, std::nullopt); break;
        case What::soc_forced: pack.force_soc(std::nullopt); break;
        case What::current_forced: pack.force_current(std::nullopt); break;
        case What::bms_alarm: pack.force_alarms(std::nullopt); break;
        case What::bms_silent: loop.connect_pack(event.pack, true); break;
        case What::bms_frozen: misbehaviour(event, loop).frozen = false; break;
        case What::start_up_frames: misbehaviour(event, loop).start_up = false; break;
        case What::damaged_answers: misbehaviour(event, loop).wrong_checksum = false; break;
        case What::cells_lost: misbehaviour(event, loop).cells.reset(); break;
        case What::sum_mismatch: misbehaviour(event, loop).voltage_error = Millivolts(0); break;
        case What::charge_switch_open: pack.switch_charge(true); break;
        case What::discharge_switch_open: pack.switch_discharge(true); break;
        case What::can_cut: loop.connect_can(true); break;
        case What::inverter_ignores_limits: loop.inverter().spec.ignore_limits = normal.ignore_limits; break;
        case What::inverter_leaks: loop.inverter().spec.leak = normal.leak; break;
        case What::gateway_crash:
        case What::gateway_stop:
        case What::wall_clock_step:
        case What::foreign_battery:
        case What::acknowledge:
        case What::recover:
        case What::order: break;
    }
}

}  // namespace jkp::scenario
