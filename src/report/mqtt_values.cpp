// SPDX-License-Identifier: MIT
#include "report/mqtt_values.hpp"

#include <algorithm>
#include <cstdio>

#include "core/ensure.hpp"
#include "report/known.hpp"
#include "report/words.hpp"

namespace jkp::report {
namespace {

// How much a number must move to be told at once.
namespace band {
constexpr double voltage_v = 0.05, current_a = 0.3, power_w = 20, soc_pct = 0.1, temperature_c = 0.5;
constexpr double cell_v = 0.003, cell_mv = 3, energy_kwh = 0.01, grid_w = 20;
}  // namespace band

constexpr std::size_t longest_text = 250;  // Home Assistant takes 255

std::string decimals(double value, int digits) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    std::string result = text.data();
    const bool nothing = result.find_first_not_of("-0.") == std::string::npos;
    return nothing && result.front() == '-' ? result.substr(1) : result;
}

// Not in the middle of a letter.
std::string shortened(std::string text) {
    if (text.size() <= longest_text) return text;
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    return text;
}

double per(std::int64_t count, double unit) {
    return static_cast<double>(count) / unit;
}

class Writer {
  public:
    Writer(std::vector<MqttValue>& values, MqttGroup group, std::string folder)
        : values_(values), group_(group), folder_(std::move(folder)) {}

    void text(std::string_view key, std::string value) {
        values_.push_back({group_, folder_ + std::string(key), shortened(std::move(value)), {}, 0});
    }
    void flag(std::string_view key, bool on) { text(key, on ? "ON" : "OFF"); }
    void number(std::string_view key, double value, int digits, double dead_band) {
        values_.push_back({group_, folder_ + std::string(key), decimals(value, digits), value, dead_band});
    }
    void number(std::string_view key, const std::optional<double>& value, int digits, double dead_band) {
        if (value) return number(key, *value, digits, dead_band);
        text(key, std::string(mqtt_unknown));
    }

  private:
    std::vector<MqttValue>& values_;
    MqttGroup group_;
    std::string folder_;
};

std::optional<double> when(bool known, double value) {
    return known ? std::optional(value) : std::nullopt;
}

void battery(Writer w, const Snapshot& s, const MqttExtras& extras) {
    const control::Decision& d = s.decision;
    const bool known = measured(d);
    const double volt = per(d.voltage.count(), 1000);
    const double ampere = per(d.current.count(), 1000);
    w.text("phase", d.complete ? std::string(name(d.phase)) : std::string(mqtt_unknown));
    w.text("data", d.complete ? std::string(name(d.age_stage)) : std::string(mqtt_unknown));
    w.number("voltage_v", when(known, volt), 2, band::voltage_v);
    w.number("current_a", when(known, ampere), 1, band::current_a);
    w.number("power_w", when(known, volt * ampere), 0, band::power_w);
    w.number("soc_pct", when(known, per(d.soc.count(), 10)), 1, band::soc_pct);
    w.number("soh_pct", when(known, per(d.soh.count(), 10)), 1, band::soc_pct);
    w.number("temperature_c", when(known, per(d.temperature.count(), 10)), 1, band::temperature_c);
    w.number("cell_max_v", when(known, per(d.highest.voltage.count(), 1000)), 3, band::cell_v);
    w.number("cell_min_v", when(known, per(d.lowest.voltage.count(), 1000)), 3, band::cell_v);
    w.number("cell_delta_mv", when(known, per((d.highest.voltage - d.lowest.voltage).count(), 1)), 0,
             band::cell_mv);
    w.flag("charge_enable", d.complete && d.charge_enable);
    w.flag("discharge_enable", d.complete && d.discharge_enable);
    w.number("charged_kwh", extras.energy.charged, 3, band::energy_kwh);
    w.number("discharged_kwh", extras.energy.discharged, 3, band::energy_kwh);
}

template <control::Direction D>
std::string reason(const control::Bound<D>& bound, const control::Config& config) {
    return limiting(bound, config) ? explain(bound.reason(), config) : no_limit(bound.reason().rule);
}

void limits(Writer w, const Snapshot& s) {
    const control::Decision& d = s.decision;
    const bool known = d.complete;
    const std::string none(mqtt_unknown);
    w.number("charge_limit_a", when(known, per(d.charge.value().count(), 1000)), 1, 0);
    w.number("discharge_limit_a", when(known, per(d.discharge.value().count(), 1000)), 1, 0);
    w.number("charge_voltage_v", when(known, per(d.charge_voltage.count(), 1000)), 1, 0);
    w.number("discharge_voltage_v", when(known, per(d.discharge_voltage.count(), 1000)), 1, 0);
    w.text("charge_rule", known ? std::string(name(d.charge.reason().rule)) : none);
    w.text("discharge_rule", known ? std::string(name(d.discharge.reason().rule)) : none);
}

// The words hold numbers that move with each reading: told with the limit, and at the interval.
void reasons(std::vector<MqttValue>& values, const std::string& folder, const Snapshot& s,
             const control::Config& config) {
    const control::Decision& d = s.decision;
    // Another rule moves the number that is compared, whatever the limit.
    const auto add = [&](const char* key, const std::string& words, Milliamps limit, control::Rule rule) {
        const double compared = per(limit.count(), 1000) + 1e4 * static_cast<double>(rule);
        values.push_back({MqttGroup::limits, folder + key, shortened(words), compared, 0.05});
    };
    if (!d.complete) {
        Writer w(values, MqttGroup::limits, folder);
        w.text("charge_reason", std::string(mqtt_unknown));
        return w.text("discharge_reason", std::string(mqtt_unknown));
    }
    add("charge_reason", reason(d.charge, config), d.charge.value(), d.charge.reason().rule);
    add("discharge_reason", reason(d.discharge, config), d.discharge.value(), d.discharge.reason().rule);
}

void site(Writer w, const Snapshot& s, const control::Config& config, const MqttExtras& extras) {
    const control::SiteDecision& site = s.decision.site;
    if (config.coordination.expects_grid) {
        const auto& grid = site.view.grid;
        w.number("grid_w", grid ? std::optional(per(grid->value.count(), 1)) : std::nullopt, 0, band::grid_w);
        w.text("grid_state", std::string(name(site.grid_state)));
        w.number("imported_kwh", extras.energy.imported, 3, band::energy_kwh);
        w.number("exported_kwh", extras.energy.exported, 3, band::energy_kwh);
    }
    if (config.coordination.expects_peer) {
        const auto& peer = site.view.peer;
        w.number("peer_a", peer ? std::optional(per(peer->flow.value.current.count(), 1000)) : std::nullopt,
                 1, band::current_a);
        w.number("peer_w", peer ? std::optional(per(peer->flow.value.power.count(), 1)) : std::nullopt, 0,
                 band::power_w);
        w.text("peer_state", std::string(name(site.peer_state)));
        w.text("mode", std::string(name(site.mode)));
    }
    w.flag("oscillation", site.oscillation);
}

void can(Writer w, const Snapshot& s, const control::Config& config) {
    const auto& seen = s.bus.inverter_seen;
    w.text("link", s.bus.link.state);
    w.text("mode", s.bus.mode);
    w.flag("transmitting", s.decision.transmit && s.bus.mode == "normal" && s.bus.link.state == "up");
    w.flag("inverter", seen && *seen < config.inverter_lost_after);
    w.text("detail", s.bus.link.detail.empty() ? "none" : s.bus.link.detail);
}

template <class Flags, class Flag>
std::string listed(const Flags& flags, std::size_t count, Flag) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        const auto flag = static_cast<Flag>(i);
        if (flags.has(flag)) text += (text.empty() ? "" : ", ") + std::string(name(flag));
    }
    return text.empty() ? "none" : text;
}

bool stands(const PackSnapshot& p) {
    return p.hard_stop_latched || p.fault || p.lockout || (p.reading && p.reading->alarms.any());
}

void alarms(Writer w, const Snapshot& s) {
    const control::Decision& d = s.decision;
    const bool packs = std::ranges::any_of(s.packs, stands);
    w.flag("any", packs || (d.complete && (d.protections.any() || d.alarms.any())));
    w.text("protections", listed(d.protections, battery_flag_count, BatteryFlag{}));
    w.text("warnings", listed(d.alarms, battery_flag_count, BatteryFlag{}));
}

void pack_switches(Writer& w, const PackSnapshot& p, bool there) {
    w.flag("charge_mos", there && p.reading->charge_mos);
    w.flag("discharge_mos", there && p.reading->discharge_mos);
    w.flag("balancing", there && p.reading->balancing);
    w.flag("problem", stands(p));
    w.text("alarms",
           there ? listed(p.reading->alarms, pack_alarm_count, PackAlarm{}) : std::string(mqtt_unknown));
    w.text("link", p.link.state);
}

void pack_cells(Writer& w, const PackReading& r, bool there) {
    Millivolts lowest = Millivolts::max();
    Millivolts highest;
    for (std::size_t i = 0; i < r.cells.size(); ++i) {
        lowest = std::min(lowest, r.cells[i]);
        highest = std::max(highest, r.cells[i]);
        w.number(mqtt_cell_key(i + 1), when(there, per(r.cells[i].count(), 1000)), 3, band::cell_v);
    }
    const bool any = there && !r.cells.empty();
    w.number("cell_max_v", when(any, per(highest.count(), 1000)), 3, band::cell_v);
    w.number("cell_min_v", when(any, per(lowest.count(), 1000)), 3, band::cell_v);
    w.number("cell_delta_mv", when(any, per(highest.count() - lowest.count(), 1)), 0, band::cell_mv);
}

void pack(Writer w, const PackSnapshot& p, const control::Config& config) {
    const bool there = pack_there(p, config);
    w.text("available", there ? "online" : "offline");
    pack_switches(w, p, there);
    if (!p.reading) return;
    const PackReading& r = *p.reading;
    const double volt = per(r.voltage.count(), 1000);
    const double ampere = per(r.current.count(), 1000);
    w.number("voltage_v", when(there, volt), 2, band::voltage_v);
    w.number("current_a", when(there, ampere), 1, band::current_a);
    w.number("power_w", when(there, volt * ampere), 0, band::power_w);
    w.number("soc_pct", when(there, per(r.soc.count(), 10)), 1, band::soc_pct);
    for (std::size_t i = 0; i < probe_count; ++i) {
        const auto probe = static_cast<Probe>(i);
        const auto& value = r.temperatures[probe];
        w.number("temperature_" + std::string(name(probe)) + "_c",
                 when(there && value, value ? per(value->count(), 10) : 0), 1, band::temperature_c);
    }
    if (r.cycles) w.number("cycles", when(there, static_cast<double>(*r.cycles)), 0, 0);
    pack_cells(w, r, there);
}

}  // namespace

std::string_view name(MqttGroup group) {
    switch (group) {
        case MqttGroup::battery: return "battery";
        case MqttGroup::pack: return "pack";
        case MqttGroup::site: return "site";
        case MqttGroup::can: return "can";
        case MqttGroup::limits: return "limits";
        case MqttGroup::alarms: return "alarms";
    }
    broken("an MqttGroup of the list", std::source_location::current());
}

std::string mqtt_cell_key(std::size_t number) {
    return std::string("cell_") + (number < 10 ? "0" : "") + std::to_string(number) + "_v";
}

std::vector<MqttValue> mqtt_values(const Snapshot& s, const control::Config& config, const MqttExtras& extras,
                                   const std::string& base) {
    std::vector<MqttValue> values;
    values.reserve(64 + s.packs.size() * 40);
    const auto writer = [&](MqttGroup group) {
        return Writer(values, group, base + '/' + std::string(name(group)) + '/');
    };
    battery(writer(MqttGroup::battery), s, extras);
    limits(writer(MqttGroup::limits), s);
    reasons(values, base + "/limits/", s, config);
    site(writer(MqttGroup::site), s, config, extras);
    can(writer(MqttGroup::can), s, config);
    alarms(writer(MqttGroup::alarms), s);
    for (const PackSnapshot& p : s.packs) {
        pack(Writer(values, MqttGroup::pack, base + "/pack/" + p.name + '/'), p, config);
    }
    for (const MqttCommandState& command : extras.commands) {
        Writer(values, MqttGroup::limits, base + "/command/" + command.name + '/')
            .text("state", command.state);
    }
    return values;
}

std::vector<MqttValue> mqtt_compat_values(const Snapshot& s, const MqttExtras& extras) {
    const control::Decision& d = s.decision;
    const auto& peer = d.site.view.peer;
    const auto& grid = d.site.view.grid;
    std::vector<MqttValue> values;
    Writer limits(values, MqttGroup::limits, "jk_pylon/");
    limits.number("Battery_charge_current_limit", when(d.complete, per(d.charge.value().count(), 1000)), 1,
                  0);
    limits.number("Battery_discharge_current_limit", when(d.complete, per(d.discharge.value().count(), 1000)),
                  1, 0);
    Writer ours(values, MqttGroup::site, "jk_pylon/");
    Writer sems(values, MqttGroup::site, "sems/");
    const auto ampere = peer ? std::optional(per(peer->flow.value.current.count(), 1000)) : std::nullopt;
    ours.number("HMC_Sems_Average_A", ampere, 1, band::current_a);
    ours.number("SMA_Average_W", grid ? std::optional(per(grid->value.count(), 1)) : std::nullopt, 0,
                band::grid_w);
    sems.number("Ampere", ampere, 1, band::current_a);
    sems.number("Watt", peer ? std::optional(per(peer->flow.value.power.count(), 1)) : std::nullopt, 0,
                band::power_w);
    sems.number("soc", extras.peer_soc ? std::optional(per(extras.peer_soc->count(), 10)) : std::nullopt, 0,
                band::soc_pct);
    sems.text("oscillation_detected", d.site.oscillation ? "1" : "0");
    return values;
}

std::vector<std::string> mqtt_pack_topics(const std::string& base, const std::string& pack) {
    PackSnapshot all;
    all.name = pack;
    PackReading reading;
    while (reading.cells.size() < max_cells) reading.cells.push_back(Millivolts(0));
    reading.cycles = 0;
    all.reading = reading;
    std::vector<MqttValue> values;
    const std::string folder = base + "/pack/" + pack + '/';
    report::pack(Writer(values, MqttGroup::pack, folder), all, {});
    std::vector<std::string> topics{folder + "state"};
    for (const MqttValue& value : values) topics.push_back(value.topic);
    return topics;
}

}  // namespace jkp::report
