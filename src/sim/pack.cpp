// SPDX-License-Identifier: MIT
#include "sim/pack.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/ensure.hpp"
#include "sim/noise.hpp"

namespace jkp::sim {
namespace {

constexpr double longest_step_s = 1.0;
constexpr double voltage_delay_s = 5.0;
constexpr double current_delay_s = 10.0;
constexpr double current_release_s = 60.0;
constexpr double balance_from_v = 3.40;
constexpr double balance_difference_v = 0.010;
// The switches stand on a heat sink: what they reach at the over-current setting of their board, and the time
// they need for it.
constexpr double mosfet_kelvin = 45.0;
constexpr double mosfet_s = 180.0;

enum Channel : std::uint64_t {
    cell_noise = 0,
    capacity_of = 100,
    soc_of = 200,
    ohms_of = 300,
    amps_noise = 400,
    gain = 401
};

double share(Permille p) {
    return p.count() / 1000.0;
}
double amps(Milliamps i) {
    return i.count() / 1000.0;
}
double volts(Millivolts v) {
    return v.count() / 1000.0;
}
Milliamps milliamps(double amps) {
    return Milliamps(static_cast<std::int32_t>(std::lround(amps * 1000.0)));
}
// Half away from zero; the hottest line of the simulator, and lround is a call.
Millivolts millivolts(double volts) {
    return Millivolts(static_cast<std::int32_t>(volts * 1000.0 + (volts < 0.0 ? -0.5 : 0.5)));
}
Decicelsius decicelsius(double c) {
    return Decicelsius(static_cast<std::int32_t>(std::lround(c * 10.0)));
}

CellSpec cell_spec(const PackSpec& spec, std::uint64_t i) {
    const double ah = static_cast<double>(spec.capacity.count()) / 1000.0;
    return {
        .capacity_ah = ah * (1.0 + share(spec.capacity_spread) * noise(spec.seed, 0, capacity_of + i)),
        .soc = share(spec.soc) + share(spec.soc_spread) * noise(spec.seed, 0, soc_of + i),
        .resistance = 1.0 + share(spec.resistance_spread) * (noise(spec.seed, 0, ohms_of + i) + 1.0) / 2.0};
}

}  // namespace

Pack::Pack(const PackSpec& spec) : spec_(spec), ohms_(0.0), celsius_(spec.ambient.count() / 10.0) {
    ensure(spec.cells >= 1 && spec.cells <= max_cells, "a pack has 1..32 cells");
    for (unsigned i = 0; i < spec.cells; ++i) cells_.emplace_back(cell_spec(spec, i));
    ohms_ = std::accumulate(cells_.begin(), cells_.end(), spec.wiring_micro_ohm * 1e-6,
                            [](double sum, const Cell& cell) { return sum + cell.ohms(); });
    counted_soc_ = mean_soc() + share(spec.soc_error.value_or(Permille(0)));
    measure();
}

Milliamps Pack::step(Duration dt, Milliamps requested) {
    double left_s = std::chrono::duration<double>(dt).count();
    double charge_as = 0.0;
    const double total_s = left_s;
    if (total_s <= 0.0) return milliamps(allowed(amps(requested)));
    while (left_s > 1e-9) {
        const double dt_s = std::min(left_s, longest_step_s);
        const double flowing = allowed(amps(requested));
        step_once(dt_s, flowing);
        protect(dt_s, flowing);
        charge_as += flowing * dt_s;
        left_s -= dt_s;
    }
    return milliamps(charge_as / total_s);
}

double Pack::allowed(double amps) const {
    if (amps > 0.0 && !charge_mos()) return 0.0;
    if (amps < 0.0 && !discharge_mos()) return 0.0;
    return amps;
}

void Pack::step_once(double dt_s, double amps) {
    amps_ = amps;
    const Decay left = decay(dt_s);
    for (Cell& cell : cells_) cell.step(dt_s, amps, left);
    throughput_ah_ += std::abs(amps) * dt_s / 3600.0;
    measure();
    balance(dt_s);
    heat(dt_s, amps);
    count(dt_s);
}

void Pack::measure() {
    highest_ = lowest_ = 0;
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        shown_[i] = forced_.cells[i].value_or(millivolts(cells_[i].volts()));
        if (shown_[i] > shown_[highest_]) highest_ = i;
        if (shown_[i] < shown_[lowest_]) lowest_ = i;
    }
}

void Pack::force_cell(std::size_t i, std::optional<Millivolts> value) {
    forced_.cells.at(i) = value;
    measure();
}

// A counting BMS knows where it is only at the ends.
void Pack::count(double dt_s) {
    counted_soc_ += amps_ * gain() * dt_s / 3600.0 * 1000.0 / static_cast<double>(spec_.capacity.count());
    if (trips_.over_voltage.active()) counted_soc_ = 1.0;
    if (trips_.under_voltage.active()) counted_soc_ = 0.0;
    counted_soc_ = std::clamp(counted_soc_, 0.0, 1.0);
}

double Pack::gain() const {
    if (spec_.current_gain) return share(*spec_.current_gain);
    return spec_.noise ? 1.0 + 0.005 * noise(spec_.seed, 0, Channel::gain) : 1.0;
}

double Pack::reported_soc() const {
    return spec_.soc_error ? counted_soc_ : mean_soc();
}

double Pack::emf() const {
    return std::accumulate(cells_.begin(), cells_.end(), 0.0,
                           [](double sum, const Cell& cell) { return sum + cell.emf(); });
}

Milliamps Pack::current() const {
    return milliamps(amps_);
}

// An active balancer: what it takes from the highest cell it gives to the lowest.
void Pack::balance(double dt_s) {
    const std::size_t from = highest_;
    const std::size_t to = lowest_;
    balancing_ = volts(cell(from)) > balance_from_v &&
                 volts(cell(from)) - volts(cell(to)) > balance_difference_v &&
                 spec_.balance_current > Milliamps(0);
    if (!balancing_) return;
    cells_[from].move_charge(-amps(spec_.balance_current) * dt_s);
    cells_[to].move_charge(amps(spec_.balance_current) * dt_s);
    measure();
}

void Pack::heat(double dt_s, double amps) {
    const double joule_per_kelvin = 20.0 * static_cast<double>(spec_.capacity.count()) / 1000.0 * spec_.cells;
    const double watts_per_kelvin = 0.15 * spec_.cells;
    const double watts = amps * amps * (ohms_ - spec_.wiring_micro_ohm * 1e-6);
    const double ambient = spec_.ambient.count() / 10.0;
    celsius_ += (watts - (celsius_ - ambient) * watts_per_kelvin) * dt_s / joule_per_kelvin;
    const double load = amps / sim::amps(std::max(spec_.charge_over_current, Milliamps(1000)));
    mosfet_rise_ += (mosfet_kelvin * load * load - mosfet_rise_) * dt_s / mosfet_s;
}

void Pack::protect(double dt_s, double flowing) {
    const Millivolts high = cell(highest_);
    const Millivolts low = cell(lowest_);
    trips_.over_voltage.step(dt_s, high >= spec_.cell_over_voltage, voltage_delay_s,
                             high <= spec_.cell_over_voltage_recovery);
    trips_.under_voltage.step(dt_s, low <= spec_.cell_under_voltage, voltage_delay_s,
                              low >= spec_.cell_under_voltage_recovery);
    trips_.charge_current.step(dt_s, flowing > amps(spec_.charge_over_current), current_delay_s, true,
                               current_release_s);
    trips_.discharge_current.step(dt_s, -flowing > amps(spec_.discharge_over_current), current_delay_s, true,
                                  current_release_s);
    trips_.hot.step(dt_s, battery_celsius() >= 60.0, voltage_delay_s, battery_celsius() <= 55.0);
    trips_.cold.step(dt_s, battery_celsius() <= -5.0, voltage_delay_s, battery_celsius() >= 0.0);
    trips_.mosfet_hot.step(dt_s, mosfet_celsius() >= 90.0, voltage_delay_s, mosfet_celsius() <= 70.0);
}

bool Pack::charge_mos() const {
    return charge_switch_ && !(trips_.over_voltage.active() || trips_.charge_current.active() ||
                               trips_.hot.active() || trips_.cold.active() || trips_.mosfet_hot.active());
}

bool Pack::discharge_mos() const {
    return discharge_switch_ && !(trips_.under_voltage.active() || trips_.discharge_current.active() ||
                                  trips_.hot.active() || trips_.mosfet_hot.active());
}

Millivolts Pack::cell(std::size_t i) const {
    ensure(i < cells_.size(), "a cell of the pack");
    return shown_[i];
}

double Pack::mean_soc() const {
    const double sum = std::accumulate(cells_.begin(), cells_.end(), 0.0,
                                       [](double so_far, const Cell& cell) { return so_far + cell.soc(); });
    return sum / static_cast<double>(cells_.size());
}

double Pack::battery_celsius() const {
    const auto& forced = forced_.temperatures;
    const double t1 = forced[Probe::t1] ? forced[Probe::t1]->count() / 10.0 : celsius_;
    const double t2 = forced[Probe::t2] ? forced[Probe::t2]->count() / 10.0 : celsius_;
    // The one that is further from the middle of the range is the one that protects.
    return std::abs(t1 - 25.0) > std::abs(t2 - 25.0) ? t1 : t2;
}

double Pack::mosfet_celsius() const {
    const auto& forced = forced_.temperatures[Probe::mosfet];
    return forced ? forced->count() / 10.0 : celsius_ + mosfet_rise_;
}

Temperatures Pack::temperatures() const {
    Temperatures all;
    all[Probe::mosfet] = decicelsius(mosfet_celsius());
    all[Probe::t1] = forced_.temperatures[Probe::t1].value_or(decicelsius(celsius_));
    all[Probe::t2] = forced_.temperatures[Probe::t2].value_or(decicelsius(celsius_));
    return all;
}

PackAlarms Pack::alarms() const {
    PackAlarms active;
    const auto raise = [&active](const Trip& trip, PackAlarm alarm) {
        if (trip.active()) active.set(alarm);
    };
    raise(trips_.over_voltage, PackAlarm::cell_over_voltage);
    raise(trips_.under_voltage, PackAlarm::cell_under_voltage);
    raise(trips_.charge_current, PackAlarm::charge_over_current);
    raise(trips_.discharge_current, PackAlarm::discharge_over_current);
    raise(trips_.hot, PackAlarm::battery_over_temperature);
    raise(trips_.cold, PackAlarm::battery_under_temperature);
    raise(trips_.mosfet_hot, PackAlarm::mosfet_over_temperature);
    return active;
}

Milliamps Pack::measured_current(TimePoint now) const {
    if (!spec_.noise) return milliamps(amps_ * gain());
    const auto instant = static_cast<std::uint64_t>(now.time_since_epoch().count());
    const double measured =
        amps_ * gain() + (amps_ == 0.0 ? 0.0 : 0.4 * noise(spec_.seed, instant, amps_noise));
    // The shunt amplifier of the BMS does not see less.
    return std::abs(measured) < 0.2 ? Milliamps(0) : milliamps(measured);
}

PackReading Pack::reading(TimePoint now) const {
    PackReading r;
    const auto instant = static_cast<std::uint64_t>(now.time_since_epoch().count());
    for (std::size_t i = 0; i < cells_.size(); ++i) {
        const bool blurred = spec_.noise && !forced_.cells[i];
        const double error = blurred ? 0.001 * noise(spec_.seed, instant, cell_noise + i) : 0.0;
        r.cells.push_back(cell(i) + millivolts(error));
        r.voltage += r.cells.back();
    }
    r.current = forced_.current.value_or(measured_current(now));
    const auto soc = static_cast<std::int32_t>(std::lround(reported_soc() * 100.0) * 10);
    r.soc = forced_.soc.value_or(Permille(std::clamp(soc, 0, 1000)));
    r.temperatures = temperatures();
    r.alarms = forced_.alarms.value_or(alarms());
    r.charge_mos = charge_mos();
    r.discharge_mos = discharge_mos();
    r.balancing = balancing_;
    const double full_cycle_ah = 2.0 * static_cast<double>(spec_.capacity.count()) / 1000.0;
    r.cycles = 42 + static_cast<std::uint32_t>(throughput_ah_ / full_cycle_ah);
    r.capacity = spec_.capacity;
    r.settings = {.cell_over_voltage = spec_.cell_over_voltage,
                  .cell_under_voltage = spec_.cell_under_voltage,
                  .charge_over_current = spec_.charge_over_current,
                  .discharge_over_current = spec_.discharge_over_current,
                  .capacity = spec_.capacity};
    r.firmware = "11.XW_S11.26";
    return r;
}

}  // namespace jkp::sim
