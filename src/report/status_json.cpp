// SPDX-License-Identifier: MIT
#include "report/status_json.hpp"

#include <nlohmann/json.hpp>

#include "report/known.hpp"
#include "report/remedy.hpp"
#include "report/words.hpp"

namespace jkp::report {
namespace {

using nlohmann::ordered_json;

double unit(std::int64_t count, double per) {
    return static_cast<double>(count) / per;
}
double seconds_of(Duration d) {
    return unit(milliseconds(d), 1000.0);
}

ordered_json age_of(const std::optional<Duration>& age) {
    return age ? ordered_json(seconds_of(*age)) : ordered_json(nullptr);
}

// Which pack a rule speaks of; null for those of the bank.
ordered_json pack_of(const control::Reason& reason, const control::Config& config) {
    if (reason.rule >= control::Rule::no_pack) return nullptr;
    return std::string(config.packs[reason.pack].name.view());
}

template <control::Direction D>
ordered_json bound_json(const control::Bound<D>& bound, const control::Rise& rise, const Snapshot& s,
                        const control::Config& config) {
    const bool limits = limiting(bound, config);
    const control::Reason& reason = bound.reason();
    return {{"limit_a", unit(bound.value().count(), 1000.0)},
            {"limiting", limits},
            {"rule", name(reason.rule)},
            {"pack", pack_of(reason, config)},
            {"share_pct", unit(reason.share_ppm, 10'000.0)},
            {"reason", limits ? explain(reason, config) : no_limit(reason.rule)},
            {"remedy", limits ? remedy(bound, rise, s.packs, config) : std::string()},
            {"age_s", seconds_of(reason.age)}};
}

template <control::Direction D>
ordered_json limit_json(const control::Bound<D>& sent, const control::Bounds<D>& all,
                        const control::Rise& rise, const Snapshot& s, const control::Config& config) {
    ordered_json result = bound_json(sent, rise, s, config);
    result["limiters"] = ordered_json::array();
    for (const auto& bound : all) result["limiters"].push_back(bound_json(bound, rise, s, config));
    return result;
}

ordered_json flags_json(BatteryFlags flags) {
    ordered_json result = ordered_json::array();
    for (std::size_t i = 0; i < battery_flag_count; ++i) {
        const auto flag = static_cast<BatteryFlag>(i);
        if (flags.has(flag)) result.push_back(name(flag));
    }
    return result;
}

ordered_json link_json(const LinkView& link) {
    ordered_json counters = ordered_json::object();
    for (const NamedCount& c : link.counters) counters[c.name] = c.count;
    const bool off = link.health == LinkHealth::off;
    return {{"name", link.name},
            {"state", link.state},
            {"good", off ? ordered_json(nullptr) : ordered_json(link.health == LinkHealth::good)},
            {"detail", link.detail},
            {"counters", counters}};
}

ordered_json reading_json(const PackReading& r) {
    ordered_json cells = ordered_json::array();
    for (const Millivolts cell : r.cells) cells.push_back(cell.count());
    ordered_json temperatures = ordered_json::object();
    for (std::size_t i = 0; i < probe_count; ++i) {
        const auto& value = r.temperatures[static_cast<Probe>(i)];
        if (value) temperatures[std::string(name(static_cast<Probe>(i)))] = unit(value->count(), 10.0);
    }
    ordered_json alarms = ordered_json::array();
    for (std::size_t i = 0; i < pack_alarm_count; ++i) {
        if (r.alarms.has(static_cast<PackAlarm>(i))) alarms.push_back(name(static_cast<PackAlarm>(i)));
    }
    return {{"cells_mv", cells},
            {"voltage_v", unit(r.voltage.count(), 1000.0)},
            {"current_a", unit(r.current.count(), 1000.0)},
            {"soc_pct", unit(r.soc.count(), 10.0)},
            {"temperatures_c", temperatures},
            {"alarms", alarms},
            {"charge_mos", r.charge_mos},
            {"discharge_mos", r.discharge_mos},
            {"balancing", r.balancing},
            {"firmware", std::string(r.firmware.view())}};
}

// What a pack allows by itself and how much of the bank's current is reckoned to flow through it; null while
// it is no part of the bank, a limit also while its switch is open.
ordered_json part_json(const control::PackPart& part) {
    if (!part.present) return nullptr;
    const auto limit = [](bool counts, Milliamps value) {
        return counts ? ordered_json(unit(value.count(), 1000.0)) : ordered_json(nullptr);
    };
    return {{"charge_limit_a", limit(part.charges, part.charge.value())},
            {"charge_share_pct", unit(part.charge_share, 10'000.0)},
            {"discharge_limit_a", limit(part.discharges, part.discharge.value())},
            {"discharge_share_pct", unit(part.discharge_share, 10'000.0)}};
}

ordered_json cell_json(const control::CellExtreme& cell, std::uint8_t pack, const control::Config& config) {
    return {{"mv", cell.voltage.count()},
            {"pack", std::string(config.packs[pack].name.view())},
            {"number", cell.number}};
}

ordered_json pack_json(const PackSnapshot& p) {
    return {{"name", p.name},
            {"age_s", p.reading ? ordered_json(seconds_of(p.age)) : ordered_json(nullptr)},
            {"rejected", p.rejected},
            {"hard_stop_latched", p.hard_stop_latched},
            {"fault", p.fault},
            {"lockout", p.lockout},
            {"recovering", p.recovering},
            {"path_resistance_mohm",
             p.path_micro_ohm ? ordered_json(unit(*p.path_micro_ohm, 1000.0)) : ordered_json(nullptr)},
            {"part", part_json(p.part)},
            {"reading", p.reading ? reading_json(*p.reading) : ordered_json(nullptr)},
            {"link", link_json(p.link)}};
}

ordered_json battery_json(const Snapshot& s, const control::Config& config) {
    const control::Decision& d = s.decision;
    return {
        {"phase", name(d.phase)},
        {"voltage_v", unit(d.voltage.count(), 1000.0)},
        // Control reckons with 0 A once the data are old; nobody measured that.
        {"current_a", measured(d) ? ordered_json(unit(d.current.count(), 1000.0)) : ordered_json(nullptr)},
        {"temperature_c", unit(d.temperature.count(), 10.0)},
        {"soc_pct", unit(d.soc.count(), 10.0)},
        {"soh_pct", unit(d.soh.count(), 10.0)},
        {"charge_voltage_v", unit(d.charge_voltage.count(), 1000.0)},
        {"discharge_voltage_v", unit(d.discharge_voltage.count(), 1000.0)},
        {"charge", limit_json(d.charge, d.charge_limiters, d.charge_rise, s, config)},
        {"discharge", limit_json(d.discharge, d.discharge_limiters, d.discharge_rise, s, config)},
        {"charge_enable", d.charge_enable},
        {"discharge_enable", d.discharge_enable},
        {"protections", flags_json(d.protections)},
        {"alarms", flags_json(d.alarms)},
        {"highest_cell", cell_json(d.highest, d.highest_pack, config)},
        {"lowest_cell", cell_json(d.lowest, d.lowest_pack, config)},
        {"data", name(d.age_stage)},
        {"age_s", seconds_of(d.age)}};
}

// A source that was never there and is not configured is null.
ordered_json grid_json(const control::SiteDecision& site, TimePoint now) {
    if (site.grid_state == control::SourceState::absent) return nullptr;
    const auto& grid = site.view.grid;
    return {{"state", name(site.grid_state)},
            {"power_w", grid ? ordered_json(grid->value.count()) : ordered_json(nullptr)},
            {"age_s", grid ? ordered_json(seconds_of(grid->age(now))) : ordered_json(nullptr)}};
}

ordered_json peer_json(const control::SiteDecision& site, TimePoint now) {
    if (site.peer_state == control::SourceState::absent) return nullptr;
    ordered_json ages = ordered_json::object();
    for (std::size_t i = 0; i < control::peer_source_count; ++i) {
        const auto& told = site.peer_told[i];
        if (told) ages[std::string(name(static_cast<control::PeerSource>(i)))] = seconds_of(now - *told);
    }
    ordered_json result = {{"state", name(site.peer_state)},
                           {"source", nullptr},
                           {"current_a", nullptr},
                           {"power_w", nullptr},
                           {"age_s", nullptr},
                           {"source_ages_s", ages}};
    if (const auto& peer = site.view.peer) {
        result["source"] = name(peer->source);
        result["current_a"] = unit(peer->flow.value.current.count(), 1000.0);
        result["power_w"] = peer->flow.value.power.count();
        result["age_s"] = seconds_of(peer->flow.age(now));
    }
    return result;
}

ordered_json swing_json(const std::optional<control::Swing>& swing) {
    if (!swing) return nullptr;
    return {{"period_s", seconds_of(swing->period)},
            {"swing_w", swing->swing.count()},
            {"half_waves", swing->half_waves},
            {"peak_a", unit(swing->peak.count(), 1000.0)},
            {"ours", swing->ours}};
}

ordered_json site_json(const control::Decision& d) {
    const control::SiteDecision& site = d.site;
    return {{"mode", name(site.mode)},
            {"grid", grid_json(site, d.at)},
            {"peer", peer_json(site, d.at)},
            {"refused", site.refused},
            {"transfer_wh", unit(site.transfer_mwh, 1000.0)},
            {"moved_wh", unit(site.moved_mwh, 1000.0)},
            {"watchful", site.watchful},
            {"response_s", seconds_of(site.response)},
            {"oscillation", site.oscillation},
            {"swing", swing_json(site.swing)}};
}

// Ampere, or true and false.
ordered_json value_json(control::CommandKind kind, const std::optional<std::int32_t>& value) {
    if (!value) return nullptr;
    return is_current(kind) ? ordered_json(unit(*value, 1000.0)) : ordered_json(*value != 0);
}

ordered_json command_json(const CommandView& c) {
    return {{"command", name(c.kind)},
            {"value", value_json(c.kind, c.value)},
            {"effective", value_json(c.kind, c.effective)},
            {"who", c.value ? ordered_json(c.who) : ordered_json(nullptr)},
            {"since_s", age_of(c.since)},
            {"expires_s", age_of(c.expires)},
            {"allowed", c.allowed}};
}

}  // namespace

ordered_json status_object(const Snapshot& s, const control::Config& config) {
    ordered_json packs = ordered_json::array();
    for (const PackSnapshot& p : s.packs) packs.push_back(pack_json(p));
    ordered_json sources = ordered_json::array();
    for (const LinkView& source : s.sources) sources.push_back(link_json(source));
    ordered_json outlets = ordered_json::array();
    for (const LinkView& outlet : s.outlets) outlets.push_back(link_json(outlet));
    ordered_json commands = ordered_json::array();
    for (const CommandView& command : s.commands) commands.push_back(command_json(command));
    return {{"ok", true},
            {"version", s.version},
            {"uptime_s", seconds_of(s.uptime)},
            {"transmitting", s.decision.transmit && s.bus.mode == "normal" && s.bus.link.state == "up"},
            {"battery", s.decision.complete ? battery_json(s, config) : ordered_json(nullptr)},
            {"site", s.decision.complete ? site_json(s.decision) : ordered_json(nullptr)},
            {"packs", packs},
            {"sources", sources},
            {"outlets", outlets},
            {"commands", commands},
            {"can",
             {{"link", link_json(s.bus.link)},
              {"mode", s.bus.mode},
              {"bursts", s.bus.bursts},
              {"last_burst_age_s", age_of(s.bus.last_burst)},
              {"inverter_age_s", age_of(s.bus.inverter_seen)}}}};
}

std::string status_json(const Snapshot& s, const control::Config& config) {
    return status_object(s, config).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace jkp::report
