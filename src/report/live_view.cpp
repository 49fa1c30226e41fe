// SPDX-License-Identifier: MIT
#include "report/live_view.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>

#include "report/words.hpp"

namespace jkp::report {
namespace {

constexpr std::size_t bar_width = 30;

std::string bar(Milliamps value, Milliamps maximum) {
    const auto full = static_cast<std::int64_t>(bar_width);
    const std::int64_t filled =
        maximum.count() <= 0 ? 0 : std::clamp<std::int64_t>(value.count() * full / maximum.count(), 0, full);
    return std::string(static_cast<std::size_t>(filled), '#') +
           std::string(bar_width - static_cast<std::size_t>(filled), '.');
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.insert(0, width - text.size(), ' ');
    return text;
}

template <control::Direction D>
std::string limit_lines(const char* label, const control::Bound<D>& bound, Milliamps maximum,
                        const control::Config& config) {
    return std::string("  ") + label + padded(amps(bound.value()), 8) + "  [" + bar(bound.value(), maximum) +
           "]\n               because: " + explain(bound.reason(), config) + "\n";
}

std::string flag_list(BatteryFlags flags) {
    std::string text;
    for (std::size_t i = 0; i < battery_flag_count; ++i) {
        const auto flag = static_cast<BatteryFlag>(i);
        if (flags.has(flag)) text += (text.empty() ? "" : ", ") + std::string(name(flag));
    }
    return text.empty() ? "none" : text;
}

std::string cell_text(const control::CellExtreme& cell) {
    return cell_volts(cell.voltage) + " (cell " + std::to_string(cell.number) + ")";
}

std::string signed_watts(Watts power, const char* plus, const char* minus) {
    return std::to_string(std::abs(power.count())) + " W " + (power < Watts(0) ? minus : plus);
}

std::string grid_text(const control::SiteDecision& site, TimePoint now) {
    if (!site.view.grid) return "grid " + std::string(name(site.grid_state));
    return "grid " + signed_watts(site.view.grid->value, "sold", "bought") + " (" +
           seconds_text(site.view.grid->age(now)) + " ago)";
}

std::string peer_text(const control::SiteDecision& site, TimePoint now) {
    if (!site.view.peer) return "second battery " + std::string(name(site.peer_state));
    const Stamped<control::PeerFlow>& flow = site.view.peer->flow;
    return "second battery " + signed_watts(flow.value.power, "charging", "discharging") + " (" +
           seconds_text(flow.age(now)) + " ago)";
}

// Nothing for a site without meter and second inverter.
std::string site_lines(const control::Decision& d) {
    using control::SourceState;
    const control::SiteDecision& site = d.site;
    if (site.grid_state == SourceState::absent && site.peer_state == SourceState::absent) return "";
    std::string text = "  site        " + grid_text(site, d.at) + "   " + peer_text(site, d.at) + "\n" +
                       "              coordination " + std::string(name(site.mode));
    if (site.oscillation) text += ", both limits cut because the inverters chase each other";
    return text + "\n\n";
}

std::string bus_line(const Snapshot& s, double frames_per_second) {
    std::array<char, 120> text{};
    std::snprintf(text.data(), text.size(), "  CAN            %s, %s, %.1f frames/s, inverter %s\n",
                  s.bus.link.state.c_str(), s.bus.mode.c_str(), frames_per_second,
                  s.bus.inverter_seen ? (seconds_text(*s.bus.inverter_seen) + " ago").c_str() : "not heard");
    return text.data();
}

}  // namespace

std::string live_view(const Snapshot& s, const control::Config& config, double frames_per_second) {
    const control::Decision& d = s.decision;
    std::string text = "jk-pylon " + s.version + "   up " + seconds_text(s.uptime) + "\n\n";
    if (!d.complete)
        return text + "  waiting for the first complete reading; nothing is on the bus\n" +
               bus_line(s, frames_per_second);
    text += "  battery     " + volts(d.voltage) + "   " + amps(d.current) + " (+ charge)   SOC " +
            percent(d.soc) + "   " + celsius(d.temperature) + "\n";
    text += "  cells       highest " + cell_text(d.highest) + "   lowest " + cell_text(d.lowest) +
            "   difference " + std::to_string((d.highest.voltage - d.lowest.voltage).count()) + " mV\n\n";
    text += site_lines(d);
    text += limit_lines("charge    ", d.charge, config.packs[0].max_charge, config);
    text += limit_lines("discharge ", d.discharge, config.packs[0].max_discharge, config);
    text += "\n  CVL, DVL       " + volts(d.charge_voltage) + ", " + volts(d.discharge_voltage) +
            "   phase " + std::string(name(d.phase)) + "   data " + std::string(name(d.age_stage)) + " (" +
            seconds_text(d.age) + ")\n";
    text +=
        "  protections    " + flag_list(d.protections) + "\n  alarms         " + flag_list(d.alarms) + "\n";
    return text + bus_line(s, frames_per_second);
}

std::string live_line(const Snapshot& s, const control::Config& config, double frames_per_second) {
    const control::Decision& d = s.decision;
    std::array<char, 32> rate{};
    std::snprintf(rate.data(), rate.size(), "%.1f frames/s", frames_per_second);
    if (!d.complete) return "waiting for the first complete reading, " + std::string(rate.data());
    return volts(d.voltage) + " " + padded(amps(d.current), 8) + "  SOC " + percent(d.soc) + "  highest " +
           cell_volts(d.highest.voltage) + "  charge " + amps(d.charge.value()) + " (" +
           explain(d.charge.reason(), config) + ")  discharge " + amps(d.discharge.value()) + " (" +
           explain(d.discharge.reason(), config) + ")  " + rate.data();
}

}  // namespace jkp::report
