// SPDX-License-Identifier: MIT
#include "scenario/keys.hpp"

#include <array>

#include "scenario/quantities.hpp"

namespace jkp::scenario {
namespace {

using namespace config;  // NOLINT(google-build-using-namespace): the words of the rows
using sim::InverterSpec;
using sim::PackSpec;

constexpr double year_h = 24 * 365;
constexpr std::size_t longest_title = 120;
constexpr std::size_t longest_name = 24;

const Key<Head> head_rows[] = {
    {"scenario", "title", text<&Head::title>(TextForm::ascii, longest_title),
     "What the scenario shows, in one sentence.", true},
    {"scenario", "duration", duration<&Head::duration>(), "How long it lasts.", true},
    {"scenario", "sample_s", number<&Head::sample>(seconds_, 0.5, 3600),
     "Time between two rows of the CSV file and two points of the plot."},
    {"scenario", "seed", number<&Head::seed>(plain, 0, 1e9),
     "Decides spread and noise of the cells; the same seed gives the same run, byte for byte."},
    {"scenario", "config", text<&Head::config>(TextForm::ascii, 255),
     "File with the gateway's configuration, relative to the scenario; instead of its tables in the scenario "
     "itself."},
};

const Key<PackSpec> pack_rows[] = {
    {"plant.pack", "capacity_ah", number<&PackSpec::capacity>(amp_hours, 5, 2000),
     "True capacity; without it that of the [[pack]], or else this default."},
    {"plant.pack", "cells", number<&PackSpec::cells>(plain, 3, 32),
     "Cells in series; without it cell_count of the [[pack]], or else this default."},
    {"plant.pack", "soc_pct", number<&PackSpec::soc>(percent, 0, 100), "True state of charge at the start."},
    {"plant.pack", "soc_spread_pct", number<&PackSpec::soc_spread>(percent, 0, 20),
     "The cells lie within plus and minus this."},
    {"plant.pack", "capacity_spread_pct", number<&PackSpec::capacity_spread>(percent, 0, 20),
     "The capacities of the cells lie within plus and minus this."},
    {"plant.pack", "resistance_spread_pct", number<&PackSpec::resistance_spread>(percent, 0, 100),
     "The worst cell may have so much more resistance than a good one."},
    {"plant.pack", "soc_error_pct", number<&PackSpec::soc_error>(percent, -100, 100),
     "The BMS counts its own SOC from one that is wrong by this; without it the true one is reported."},
    {"plant.pack", "current_gain_pct", number<&PackSpec::current_gain>(percent, 90, 110),
     "What the BMS reads of 100 % of the current."},
    {"plant.pack", "ambient_c", number<&PackSpec::ambient>(celsius, -30, 60),
     "Temperature around the battery, and of the battery at the start."},
    {"plant.pack", "noise", flag<&PackSpec::noise>(),
     "Whether readings are noisy (they are by default): 1 mV per cell, 0.4 A, a gain error up to 0.5 %."},
    {"plant.pack", "over_voltage_v", number<&PackSpec::cell_over_voltage>(volts, 3.3, 4),
     "Over-voltage protection (OVP) of the BMS; its charge MOS opens after 5 s."},
    {"plant.pack", "over_voltage_recovery_v", number<&PackSpec::cell_over_voltage_recovery>(volts, 3.2, 4),
     "At or below it the charge MOS closes again."},
    {"plant.pack", "under_voltage_v", number<&PackSpec::cell_under_voltage>(volts, 2, 3.2),
     "Under-voltage protection (UVP) of the BMS; its discharge MOS opens after 5 s."},
    {"plant.pack", "under_voltage_recovery_v", number<&PackSpec::cell_under_voltage_recovery>(volts, 2, 3.4),
     "At or above it the discharge MOS closes again."},
    {"plant.pack", "charge_over_current_a", number<&PackSpec::charge_over_current>(amps, 1, 1000),
     "Over-current protection of the BMS while charging."},
    {"plant.pack", "discharge_over_current_a", number<&PackSpec::discharge_over_current>(amps, 1, 1000),
     "Over-current protection of the BMS while discharging."},
    {"plant.pack", "balance_a", number<&PackSpec::balance_current>(amps, 0, 10),
     "Current of the active balancer, above 3.40 V."},
    {"plant.pack", "wiring_mohm", number<&PackSpec::wiring_micro_ohm>(milliohms, 0, 100),
     "Switches, shunt and cables up to the busbar."},
};

const Key<InverterSpec> inverter_rows[] = {
    {"plant.inverter", "dead_time_s", number<&InverterSpec::dead_time>(seconds_, 0, 60),
     "From the reception of a limit to the first reaction."},
    {"plant.inverter", "slew_a_per_s", number<&InverterSpec::slew_per_second>(amps, 0.1, 1000),
     "Greatest change of the current in a second."},
    {"plant.inverter", "can_timeout_s", number<&InverterSpec::can_timeout>(seconds_, 1, 600),
     "Without a frame for so long it stops."},
    {"plant.inverter", "leak_a", number<&InverterSpec::leak>(amps, 0, 50),
     "It goes on charging with this much at a charge limit of 0."},
    {"plant.inverter", "ignores_limits", flag<&InverterSpec::ignore_limits>(),
     "It takes what it wants as long as frames come."},
    {"plant.inverter", "obeys_cvl", flag<&InverterSpec::obeys_cvl>(),
     "It regulates to the charge voltage limit (CVL); many hybrids do not."},
    {"plant.inverter", "sends_alive", flag<&InverterSpec::send_alive>(), "It sends frame 0x305 each second."},
    {"plant.inverter", "limit_gain_pct", number<&InverterSpec::limit_gain>(percent, 50, 150),
     "It takes this share of the limit it was told."},
    {"plant.inverter", "limit_offset_a", number<&InverterSpec::limit_offset>(amps, -10, 10),
     "It takes so much more than the limit, unless that is 0."},
};

const Key<DrawnDay> day_rows[] = {
    {"plant.day", "seed", number<&DrawnDay::seed>(plain, 0, 1e9),
     "Sun, clouds and house of a day drawn from this seed, scaled to the bank's maximum; instead of "
     "[[wish]].",
     true},
    {"plant.day", "from", duration<&DrawnDay::from>(),
     "Time of the day at which the scenario begins: \"6h\" is six o'clock."},
};

const Key<WishPoint> wish_rows[] = {
    {"wish", "at", duration<&WishPoint::at>(), "From when on.", true},
    {"wish", "amps", number<&WishPoint::current>(amps, -1000, 1000),
     "What sun and house would have the battery do, + charge.", true},
    {"wish", "ramp", flag<&WishPoint::ramp>(),
     "Whether the current moves evenly to that of the next [[wish]] instead of keeping its value."},
};

const Kind kind_rows[] = {
    {"cell forced", What::cell_forced, Lasting::optional, "pack cell volts",
     "A cell has this voltage; the protections of the BMS act on it."},
    {"cell misread", What::cell_misread, Lasting::optional, "pack cell volts",
     "The BMS tells this voltage for a cell, as an upset measuring chip does; the cell itself is well."},
    {"temperature forced", What::temperature_forced, Lasting::optional, "pack celsius",
     "Both battery probes show this temperature; the protections of the BMS act on it."},
    {"soc forced", What::soc_forced, Lasting::optional, "pack soc_pct", "The BMS tells this SOC."},
    {"current forced", What::current_forced, Lasting::optional, "pack amps",
     "The BMS tells this current, + charge."},
    {"bms alarm", What::bms_alarm, Lasting::optional, "pack alarm", "The BMS tells this alarm and no other."},
    {"bms silent", What::bms_silent, Lasting::optional, "pack", "The serial cable of the BMS is unplugged."},
    {"bms frozen", What::bms_frozen, Lasting::optional, "pack",
     "The BMS answers with the values of its last answer, whatever happens."},
    {"start-up frames", What::start_up_frames, Lasting::optional, "pack",
     "SOC 0 and 0 cycles, as a BMS tells in its first seconds."},
    {"damaged answers", What::damaged_answers, Lasting::optional, "pack", "The checksum is wrong."},
    {"cells lost", What::cells_lost, Lasting::optional, "pack cells",
     "The BMS tells only the first `cells` cells; the pack voltage is that of all."},
    {"sum mismatch", What::sum_mismatch, Lasting::optional, "pack volts",
     "The pack voltage differs by this from the sum of the cells."},
    {"charge switch open", What::charge_switch_open, Lasting::optional, "pack",
     "The charge MOS of the pack is off, as by the switch in the app of the BMS."},
    {"discharge switch open", What::discharge_switch_open, Lasting::optional, "pack",
     "The discharge MOS of the pack is off."},
    {"gateway crash", What::gateway_crash, Lasting::always, "",
     "The program ends at once; a new one starts after `for`, with the state file."},
    {"gateway stop", What::gateway_stop, Lasting::always, "",
     "The program ends in order, with its three farewell bursts; a new one starts after `for`."},
    {"wall clock step", What::wall_clock_step, Lasting::never, "step_h",
     "The wall clock leaps by so many hours; negative = back."},
    {"can cut", What::can_cut, Lasting::optional, "", "The CAN cable is unplugged."},
    {"foreign battery", What::foreign_battery, Lasting::optional, "",
     "Another battery sends its limits on the same bus, each second."},
    {"inverter ignores limits", What::inverter_ignores_limits, Lasting::optional, "",
     "The inverter takes what it wants as long as frames come."},
    {"inverter leaks", What::inverter_leaks, Lasting::optional, "amps",
     "The inverter goes on charging with this much at a charge limit of 0."},
    {"acknowledge", What::acknowledge, Lasting::never, "pack", "`jk-pylon ack`; must be accepted."},
    {"recover", What::recover, Lasting::never, "pack", "`jk-pylon recover`; must be accepted."},
    {"order", What::order, Lasting::optional, "command value",
     "A command from outside; must be accepted. One that tightens ends after `for`; one that asks for more "
     "is sent "
     "again each 30 s for so long, or once."},
};

constexpr std::string_view ways[] = {"always", "once", "never"};

template <class Names>
std::vector<std::string_view> names_of(const Names& rows) {
    std::vector<std::string_view> names;
    for (const auto& row : rows) names.push_back(row.name);
    return names;
}

std::vector<std::string_view> alarm_names() {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < pack_alarm_count; ++i) names.push_back(name(static_cast<PackAlarm>(i)));
    return names;
}

std::vector<std::string_view> command_names() {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < control::command_count; ++i) {
        names.push_back(name(static_cast<control::CommandKind>(i)));
    }
    return names;
}

}  // namespace

std::span<const Key<Head>> head_keys() {
    return head_rows;
}
std::span<const Key<PackSpec>> pack_keys() {
    return pack_rows;
}
std::span<const Key<InverterSpec>> inverter_keys() {
    return inverter_rows;
}
std::span<const Key<DrawnDay>> day_keys() {
    return day_rows;
}
std::span<const Key<WishPoint>> wish_keys() {
    return wish_rows;
}
std::span<const Kind> kinds() {
    return kind_rows;
}

std::span<const Key<Event>> event_keys() {
    static const auto whats = names_of(kind_rows);
    static const auto alarms = alarm_names();
    static const auto commands = command_names();
    static const Key<Event> rows[] = {
        {"event", "at", duration<&Event::at>(), "When it happens.", true},
        {"event", "what", choice<&Event::what>(whats), "What happens; see the next table.", true},
        {"event", "for", duration<&Event::lasts>(), "How long; without it to the end."},
        {"event", "pack", text<&Event::pack_name>(TextForm::word, longest_name),
         "Name of the pack; not needed with one pack."},
        {"event", "cell", number<&Event::cell>(plain, 1, 32), "Which cell."},
        {"event", "cells", number<&Event::cells>(plain, 1, 32), "How many cells."},
        {"event", "volts", number<&Event::voltage>(volts, -100, 100), "A voltage, or a difference."},
        {"event", "celsius", number<&Event::temperature>(celsius, -60, 150), "A temperature."},
        {"event", "amps", number<&Event::current>(amps, -1000, 1000), "A current."},
        {"event", "soc_pct", number<&Event::soc>(percent, 0, 100), "A state of charge."},
        {"event", "alarm", choice<&Event::alarm>(alarms), "An alarm of the BMS."},
        {"event", "command", choice<&Event::command>(commands), "A command, see docs/steering.md."},
        {"event", "value", number<&Event::value>(share, 0, 3276.7),
         "Of a command: ampere, or 1 for on and 0 for off."},
        {"event", "step_h", number<&Event::step>(hours, -10 * year_h, 10 * year_h), "A step of the clock."},
    };
    return rows;
}

std::span<const Key<Expectation>> expect_keys() {
    static const auto names = names_of(quantities());
    static const Key<Expectation> rows[] = {
        {"expect", "quantity", choice<&Expectation::quantity>(names),
         "What is looked at; see the next table.", true},
        {"expect", "from", duration<&Expectation::from>(), "From when on; without it from the start."},
        {"expect", "to", duration<&Expectation::to>(), "Until when; without it to the end."},
        {"expect", "pack", text<&Expectation::pack_name>(TextForm::word, longest_name),
         "Which pack, where a pack has this quantity; without it every one of them."},
        {"expect", "how", choice<&Expectation::how>(ways),
         "Whether it holds at each moment of that time, at one at least, or at none. Without it \"always\"; "
         "for "
         "events \"once\"."},
        {"expect", "min", number<&Expectation::minimum>(share, -1e6, 1e6), "Not less than this."},
        {"expect", "max", number<&Expectation::maximum>(share, -1e6, 1e6), "Not more than this."},
    };
    return rows;
}

}  // namespace jkp::scenario
