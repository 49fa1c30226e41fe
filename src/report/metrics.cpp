// SPDX-License-Identifier: MIT
#include "report/metrics.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "report/known.hpp"

namespace jkp::report {
namespace {

using control::Phase;
using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

// The order of the text; `list` says the same.
enum Id : std::uint8_t {
    build_info,
    uptime_seconds,
    data_complete,
    transmitting,
    battery_voltage_volts,
    battery_current_amperes,
    battery_power_watts,
    battery_soc_ratio,
    battery_soh_ratio,
    battery_temperature_celsius,
    battery_data_age_seconds,
    charge_limit_amperes,
    discharge_limit_amperes,
    charge_voltage_limit_volts,
    discharge_voltage_limit_volts,
    limit_reason_info,
    charge_enabled,
    discharge_enabled,
    phase,
    protection_active,
    alarm_active,
    cell_voltage_max_volts,
    cell_voltage_min_volts,
    pack_voltage_volts,
    pack_current_amperes,
    pack_soc_ratio,
    pack_cell_voltage_volts,
    pack_cell_voltage_max_volts,
    pack_cell_voltage_min_volts,
    pack_temperature_celsius,
    pack_data_age_seconds,
    pack_charge_switch_closed,
    pack_discharge_switch_closed,
    pack_balancing,
    pack_alarm_active,
    pack_latched,
    pack_cycles_total,
    pack_rejected_readings_total,
    grid_power_watts,
    grid_data_age_seconds,
    peer_power_watts,
    peer_current_amperes,
    peer_data_age_seconds,
    oscillation_active,
    transferred_joules_total,
    source_refused_values_total,
    energy_joules_total,
    can_bursts_total,
    can_last_burst_age_seconds,
    can_inverter_age_seconds,
    can_mode,
    link_up,
    link_events_total,
    process_resident_memory_bytes,
    process_cpu_seconds_total,
    process_open_fds,
    count
};

constexpr std::array<MetricName, count> list{{
    {"jk_pylon_build_info", "Version of the program; the value is always 1", false},
    {"jk_pylon_uptime_seconds", "Time since the program started", false},
    {"jk_pylon_data_complete", "1 once every pack has given a complete valid reading", false},
    {"jk_pylon_transmitting", "1 while frames are put on the bus", false},
    {"jk_pylon_battery_voltage_volts", "Voltage of the bank", false},
    {"jk_pylon_battery_current_amperes", "Current of the bank, positive while charging", false},
    {"jk_pylon_battery_power_watts", "Power of the bank, positive while charging", false},
    {"jk_pylon_battery_soc_ratio", "State of charge as sent to the inverter, 0 to 1", false},
    {"jk_pylon_battery_soh_ratio", "State of health as sent to the inverter, 0 to 1", false},
    {"jk_pylon_battery_temperature_celsius", "Mean of the battery probes", false},
    {"jk_pylon_battery_data_age_seconds", "Age of the oldest data the limits rest on", false},
    {"jk_pylon_charge_limit_amperes", "Charge current limit sent to the inverter", false},
    {"jk_pylon_discharge_limit_amperes", "Discharge current limit sent to the inverter", false},
    {"jk_pylon_charge_voltage_limit_volts", "Charge voltage limit sent to the inverter", false},
    {"jk_pylon_discharge_voltage_limit_volts", "Discharge voltage limit sent to the inverter", false},
    {"jk_pylon_limit_reason_info", "Rule and pack that give a limit now; the value is always 1", false},
    {"jk_pylon_charge_enabled", "1 while charging is allowed at all", false},
    {"jk_pylon_discharge_enabled", "1 while discharging is allowed at all", false},
    {"jk_pylon_phase", "Phase of the charge cycle; 1 for the one that holds", false},
    {"jk_pylon_protection_active", "Protection bits sent to the inverter", false},
    {"jk_pylon_alarm_active", "Alarm bits sent to the inverter", false},
    {"jk_pylon_cell_voltage_max_volts", "Highest cell of the bank", false},
    {"jk_pylon_cell_voltage_min_volts", "Lowest cell of the bank", false},
    {"jk_pylon_pack_voltage_volts", "Voltage of the pack", false},
    {"jk_pylon_pack_current_amperes", "Current of the pack, positive while charging", false},
    {"jk_pylon_pack_soc_ratio", "State of charge as the BMS tells it, 0 to 1", false},
    {"jk_pylon_pack_cell_voltage_volts", "Voltage of each cell", false},
    {"jk_pylon_pack_cell_voltage_max_volts", "Highest cell of the pack", false},
    {"jk_pylon_pack_cell_voltage_min_volts", "Lowest cell of the pack", false},
    {"jk_pylon_pack_temperature_celsius", "Temperature of each probe", false},
    {"jk_pylon_pack_data_age_seconds", "Age of the last reading that was believed", false},
    {"jk_pylon_pack_charge_switch_closed", "1 while the BMS lets current in", false},
    {"jk_pylon_pack_discharge_switch_closed", "1 while the BMS lets current out", false},
    {"jk_pylon_pack_balancing", "1 while the BMS balances", false},
    {"jk_pylon_pack_alarm_active", "Alarms of the BMS; only those that are raised", false},
    {"jk_pylon_pack_latched", "Latches of the control rules", false},
    {"jk_pylon_pack_cycles_total", "Charge cycles as the BMS counts them", true},
    {"jk_pylon_pack_rejected_readings_total", "Readings that were not believed", true},
    {"jk_pylon_grid_power_watts", "Power at the grid meter, positive for export", false},
    {"jk_pylon_grid_data_age_seconds", "Age of the grid meter's value", false},
    {"jk_pylon_peer_power_watts", "Power of the second inverter's battery, positive while charging", false},
    {"jk_pylon_peer_current_amperes", "Current of the second inverter's battery, positive while charging",
     false},
    {"jk_pylon_peer_data_age_seconds", "Age of the second battery's value", false},
    {"jk_pylon_oscillation_active", "1 while the limits are cut because both inverters chase each other",
     false},
    {"jk_pylon_transferred_joules_total", "Energy moved from one battery into the other since the start",
     true},
    {"jk_pylon_source_refused_values_total", "Values of meter and second battery that were not believed",
     true},
    {"jk_pylon_energy_joules_total",
     "Energy counters; direction charged, discharged, imported, exported or transferred", true},
    {"jk_pylon_can_bursts_total", "Bursts of frames put on the bus", true},
    {"jk_pylon_can_last_burst_age_seconds", "Time since the last burst", false},
    {"jk_pylon_can_inverter_age_seconds", "Time since the inverter's frame 0x305 was seen", false},
    {"jk_pylon_can_mode", "State of sending; 1 for the one that holds", false},
    {"jk_pylon_link_up", "1 while the link can be used; kind is pack, can, source or outlet", false},
    {"jk_pylon_link_events_total", "What a link counts, by its name for it", true},
    {"process_resident_memory_bytes", "Resident memory size in bytes.", false},
    {"process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", true},
    {"process_open_fds", "Number of open file descriptors.", false},
}};

double volts_of(Millivolts value) {
    return value.count() / 1000.0;
}
double amps_of(Milliamps value) {
    return value.count() / 1000.0;
}
double seconds_of(Duration value) {
    return static_cast<double>(value.count()) / 1e6;
}
double ratio_of(Permille value) {
    return value.count() / 1000.0;
}
double celsius_of(Decicelsius value) {
    return value.count() / 10.0;
}
double joules_of_mwh(std::int64_t mwh) {
    return static_cast<double>(mwh) * 3.6;
}

class Families {
  public:
    Families() {
        families_.reserve(list.size());
        for (const MetricName& row : list) {
            MetricFamily family;
            family.name = row.name;
            family.help = row.help;
            family.type = row.counter ? MetricType::Counter : MetricType::Gauge;
            families_.push_back(std::move(family));
        }
    }

    void add(Id id, double value, Labels labels = {}) {
        ClientMetric metric;
        metric.label = std::move(labels);
        if (list[id].counter) {
            metric.counter.value = value;
        } else {
            metric.gauge.value = value;
        }
        families_[id].metric.push_back(std::move(metric));
    }
    void flag(Id id, bool value, Labels labels = {}) { add(id, value ? 1 : 0, std::move(labels)); }
    void age(Id id, const std::optional<Duration>& value) {
        if (value) add(id, seconds_of(*value));
    }

    [[nodiscard]] std::string text() {
        std::erase_if(families_, [](const MetricFamily& family) { return family.metric.empty(); });
        return prometheus::TextSerializer().Serialize(families_);
    }

  private:
    std::vector<MetricFamily> families_;
};

template <control::Direction D>
void add_reason(Families& f, const control::Bound<D>& bound, const control::Config& config) {
    const control::Reason& reason = bound.reason();
    const bool of_pack = reason.rule < control::Rule::no_pack && reason.pack < config.packs.size();
    const std::string pack = of_pack ? std::string(config.packs[reason.pack].name.view()) : "";
    const char* direction = D == control::Direction::charge ? "charge" : "discharge";
    f.add(limit_reason_info, 1,
          {{"direction", direction}, {"rule", std::string(name(reason.rule))}, {"pack", pack}});
}

void add_flags(Families& f, Id id, BatteryFlags flags) {
    for (std::size_t i = 0; i < battery_flag_count; ++i) {
        const auto flag = static_cast<BatteryFlag>(i);
        f.flag(id, flags.has(flag), {{"kind", std::string(name(flag))}});
    }
}

void add_measured(Families& f, const control::Decision& d) {
    f.add(battery_voltage_volts, volts_of(d.voltage));
    f.add(battery_current_amperes, amps_of(d.current));
    f.add(battery_power_watts, volts_of(d.voltage) * amps_of(d.current));
    f.add(battery_soc_ratio, ratio_of(d.soc));
    f.add(battery_soh_ratio, ratio_of(d.soh));
    f.add(battery_temperature_celsius, celsius_of(d.temperature));
    f.add(cell_voltage_max_volts, volts_of(d.highest.voltage));
    f.add(cell_voltage_min_volts, volts_of(d.lowest.voltage));
}

void add_battery(Families& f, const control::Decision& d, const control::Config& config) {
    if (measured(d)) add_measured(f, d);
    f.add(battery_data_age_seconds, seconds_of(d.age));
    f.add(charge_limit_amperes, amps_of(d.charge.value()));
    f.add(discharge_limit_amperes, amps_of(d.discharge.value()));
    f.add(charge_voltage_limit_volts, volts_of(d.charge_voltage));
    f.add(discharge_voltage_limit_volts, volts_of(d.discharge_voltage));
    add_reason(f, d.charge, config);
    add_reason(f, d.discharge, config);
    f.flag(charge_enabled, d.charge_enable);
    f.flag(discharge_enabled, d.discharge_enable);
    for (auto p = static_cast<int>(Phase::init); p <= static_cast<int>(Phase::fault); ++p) {
        const auto each = static_cast<Phase>(p);
        f.flag(phase, d.phase == each, {{"phase", std::string(name(each))}});
    }
    add_flags(f, protection_active, d.protections);
    add_flags(f, alarm_active, d.alarms);
}

void add_reading(Families& f, const PackReading& r, const std::string& pack) {
    f.add(pack_voltage_volts, volts_of(r.voltage), {{"pack", pack}});
    f.add(pack_current_amperes, amps_of(r.current), {{"pack", pack}});
    f.add(pack_soc_ratio, ratio_of(r.soc), {{"pack", pack}});
    for (std::size_t i = 0; i < r.cells.size(); ++i)
        f.add(pack_cell_voltage_volts, volts_of(r.cells[i]),
              {{"pack", pack}, {"cell", std::to_string(i + 1)}});
    if (!r.cells.empty()) {
        f.add(pack_cell_voltage_max_volts, volts_of(*std::ranges::max_element(r.cells)), {{"pack", pack}});
        f.add(pack_cell_voltage_min_volts, volts_of(*std::ranges::min_element(r.cells)), {{"pack", pack}});
    }
    for (std::size_t i = 0; i < probe_count; ++i) {
        const auto probe = static_cast<Probe>(i);
        if (const auto& value = r.temperatures[probe])
            f.add(pack_temperature_celsius, celsius_of(*value),
                  {{"pack", pack}, {"probe", std::string(name(probe))}});
    }
    f.flag(pack_charge_switch_closed, r.charge_mos, {{"pack", pack}});
    f.flag(pack_discharge_switch_closed, r.discharge_mos, {{"pack", pack}});
    f.flag(pack_balancing, r.balancing, {{"pack", pack}});
    for (std::size_t i = 0; i < pack_alarm_count; ++i) {
        const auto alarm = static_cast<PackAlarm>(i);
        if (r.alarms.has(alarm))
            f.add(pack_alarm_active, 1, {{"pack", pack}, {"alarm", std::string(name(alarm))}});
    }
    if (r.cycles) f.add(pack_cycles_total, *r.cycles, {{"pack", pack}});
}

void add_link(Families& f, const LinkView& link, const char* kind, const std::string& name) {
    if (link.health != LinkHealth::off)
        f.flag(link_up, link.health == LinkHealth::good, {{"kind", kind}, {"link", name}});
    for (const NamedCount& c : link.counters)
        f.add(link_events_total, static_cast<double>(c.count),
              {{"kind", kind}, {"link", name}, {"event", c.name}});
}

void add_pack(Families& f, const PackSnapshot& p, const control::Config& config) {
    const Labels labels{{"pack", p.name}};
    if (pack_there(p, config)) add_reading(f, *p.reading, p.name);
    if (p.reading) f.add(pack_data_age_seconds, seconds_of(p.age), labels);
    f.flag(pack_latched, p.hard_stop_latched, {{"pack", p.name}, {"latch", "hard_stop"}});
    f.flag(pack_latched, p.fault, {{"pack", p.name}, {"latch", "fault"}});
    f.flag(pack_latched, p.lockout, {{"pack", p.name}, {"latch", "lockout"}});
    f.add(pack_rejected_readings_total, static_cast<double>(p.rejected), labels);
    add_link(f, p.link, "pack", p.name);
}

void add_site(Families& f, const control::Decision& d) {
    const control::SiteDecision& site = d.site;
    if (const auto& grid = site.view.grid) {
        f.add(grid_power_watts, grid->value.count());
        f.add(grid_data_age_seconds, seconds_of(grid->age(d.at)));
    }
    if (const auto& peer = site.view.peer) {
        f.add(peer_power_watts, peer->flow.value.power.count());
        f.add(peer_current_amperes, amps_of(peer->flow.value.current));
        f.add(peer_data_age_seconds, seconds_of(peer->flow.age(d.at)));
    }
    if (site.peer_state == control::SourceState::absent) return;
    f.flag(oscillation_active, site.oscillation);
    f.add(transferred_joules_total, joules_of_mwh(site.transfer_mwh));
    f.add(source_refused_values_total, site.refused);
}

void add_can(Families& f, const BusSnapshot& bus) {
    f.add(can_bursts_total, static_cast<double>(bus.bursts));
    f.age(can_last_burst_age_seconds, bus.last_burst);
    f.age(can_inverter_age_seconds, bus.inverter_seen);
    for (const char* mode : {"normal", "unacknowledged", "foreign", "muted"})
        f.flag(can_mode, bus.mode == mode, {{"mode", mode}});
    add_link(f, bus.link, "can", bus.link.name);
}

void add_energy(Families& f, const Energy& energy) {
    const std::pair<const char*, std::optional<std::int64_t>> parts[] = {{"charged", energy.charged},
                                                                         {"discharged", energy.discharged},
                                                                         {"imported", energy.imported},
                                                                         {"exported", energy.exported},
                                                                         {"transferred", energy.transferred}};
    for (const auto& [direction, mwh] : parts) {
        if (mwh) f.add(energy_joules_total, joules_of_mwh(*mwh), {{"direction", direction}});
    }
}

}  // namespace

std::vector<MetricName> metric_names() {
    return {list.begin(), list.end()};
}

std::string metrics_text(const Snapshot& s, const control::Config& config, const MetricsExtra& extra) {
    Families f;
    f.add(build_info, 1, {{"version", s.version}});
    f.add(uptime_seconds, seconds_of(s.uptime));
    f.flag(data_complete, s.decision.complete);
    f.flag(transmitting, s.decision.transmit && s.bus.mode == "normal" && s.bus.link.state == "up");
    if (s.decision.complete) {
        add_battery(f, s.decision, config);
        add_site(f, s.decision);
    }
    for (const PackSnapshot& pack : s.packs) add_pack(f, pack, config);
    add_can(f, s.bus);
    for (const LinkView& source : s.sources) add_link(f, source, "source", source.name);
    for (const LinkView& outlet : extra.outlets) add_link(f, outlet, "outlet", outlet.name);
    if (extra.energy) add_energy(f, *extra.energy);
    if (extra.resident_bytes)
        f.add(process_resident_memory_bytes, static_cast<double>(*extra.resident_bytes));
    if (extra.cpu_seconds) f.add(process_cpu_seconds_total, *extra.cpu_seconds);
    if (extra.open_files) f.add(process_open_fds, static_cast<double>(*extra.open_files));
    return f.text();
}

}  // namespace jkp::report
