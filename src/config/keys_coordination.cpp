// SPDX-License-Identifier: MIT
// [control.coordination] and [control.oscillation]: two inverters at one meter.
#include "config/keys.hpp"

namespace jkp::config {
namespace {

using control::Config;
using control::CoordinationSettings;
using control::OscillationSettings;
using control::PeerSource;

constexpr Unit watts{"W", 1};
constexpr Unit watt_hours{"Wh", 1};
constexpr std::string_view on_unknown[] = {"neutral", "keep", "zero"};

template <auto Member>
constexpr auto site(Unit unit, double minimum, double maximum) {
    return number<&Settings::control, &Config::coordination, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto swing(Unit unit, double minimum, double maximum) {
    return number<&Settings::control, &Config::oscillation, Member>(unit, minimum, maximum);
}

// How old a value of one source of the second battery may be.
template <PeerSource Source>
constexpr NumberField<Settings> peer_age(double minimum, double maximum) {
    constexpr auto index = static_cast<std::size_t>(Source);
    return {seconds_,
            minimum,
            maximum,
            false,
            [](const Settings& s) -> std::optional<double> {
                return static_cast<double>(s.control.coordination.peer_max_age[index].count());
            },
            [](Settings& s, double count) {
                s.control.coordination.peer_max_age[index] = Duration(static_cast<std::int64_t>(count));
            }};
}

constexpr std::string_view coordination = "control.coordination";
constexpr std::string_view oscillation = "control.oscillation";

const Key<Settings> rows[] = {
    {coordination, "enabled",
     flag<&Settings::control, &Config::coordination, &CoordinationSettings::enabled>(),
     "Whether the second battery holds the limits down; without a source of it nothing happens either way."},
    {coordination, "charging_enter_a", site<&CoordinationSettings::charging_enter>(amps, 0.2, 50),
     "While the second battery charges with more than this, ours is not discharged."},
    {coordination, "charging_leave_a", site<&CoordinationSettings::charging_leave>(amps, 0.1, 50),
     "Until it charges with less than this."},
    {coordination, "discharging_enter_a", site<&CoordinationSettings::discharging_enter>(amps, 0.2, 50),
     "While the second battery discharges with more than this, ours is charged only from a real surplus."},
    {coordination, "discharging_leave_a", site<&CoordinationSettings::discharging_leave>(amps, 0.1, 50),
     "Until it discharges with less than this."},
    {coordination, "surplus_w", site<&CoordinationSettings::surplus>(watts, 10, 5000),
     "Export beyond what the second battery gives, or import beyond what it takes, counts above this."},
    {coordination, "large_surplus_w", site<&CoordinationSettings::large_surplus>(watts, 100, 50000),
     "Above this power at the meter, limits are given back faster."},
    {coordination, "leave_hold_s", site<&CoordinationSettings::leave_hold>(seconds_, 0, 600),
     "How long the second battery must be below the leaving threshold; shorter is quicker and lets both "
     "inverters meet again sooner."},
    {coordination, "quick_hold_s", site<&CoordinationSettings::quick_hold>(seconds_, 0, 600),
     "The same with a real surplus or shortage at the meter."},
    {coordination, "repeat_within_s", site<&CoordinationSettings::repeat_within>(seconds_, 0, 86400),
     "A cause that returns so soon doubles both holds, up to eight times."},
    {coordination, "rise_a_per_s", site<&CoordinationSettings::rise_per_second>(amps, 0.1, 50),
     "How fast a limit is given back, in steps of the response of the inverter."},
    {coordination, "large_rise_a_per_s", site<&CoordinationSettings::large_rise_per_second>(amps, 0.1, 50),
     "The same with more than large_surplus_w at the meter."},
    {coordination, "response_s", site<&CoordinationSettings::response>(seconds_, 1, 15),
     "How long the inverter takes to follow a limit, until that was learned."},
    {coordination, "transfer_budget_wh", site<&CoordinationSettings::transfer_budget>(watt_hours, 1, 1000),
     "More energy from one battery into the other within an hour divides the thresholds by four."},
    {coordination, "grid_max_age_s", site<&CoordinationSettings::grid_max_age>(seconds_, 1, 120),
     "A value of the meter that is older is not known."},
    {coordination, "local_max_age_s", peer_age<PeerSource::local>(5, 300),
     "The same for the second inverter over the local network."},
    {coordination, "sensor_max_age_s", peer_age<PeerSource::sensor>(5, 300),
     "The same for a current sensor on its battery cable."},
    {coordination, "json_max_age_s", peer_age<PeerSource::json>(5, 3600),
     "The same for a value from somebody else's JSON."},
    {coordination, "portal_max_age_s", peer_age<PeerSource::portal>(60, 3600),
     "The same for the maker's portal, which is minutes late."},
    {coordination, "unknown_hold_s", site<&CoordinationSettings::unknown_hold>(seconds_, 0, 3600),
     "How long the limits stay as they are while nothing is known of the second battery."},
    {coordination, "on_unknown",
     choice<&Settings::control, &Config::coordination, &CoordinationSettings::on_unknown>(on_unknown),
     "What they do then: return to what our battery allows, keep as they are, or go to zero."},
    {coordination, "grid_max_w", site<&CoordinationSettings::grid_maximum>(watts, 1000, 200000),
     "More at the meter is impossible and not believed."},
    {coordination, "peer_max_a", site<&CoordinationSettings::peer_maximum>(amps, 10, 1000),
     "More through the second battery is impossible and not believed."},
    {coordination, "peer_jump_a", site<&CoordinationSettings::peer_jump>(amps, 5, 2000),
     "A larger change from one value to the next must be told twice."},
    {coordination, "peer_voltage_v", site<&CoordinationSettings::peer_voltage>(volts, 20, 800),
     "The voltage of the second battery where its source does not tell it."},

    {oscillation, "enabled", flag<&Settings::control, &Config::oscillation, &OscillationSettings::enabled>(),
     "Whether both limits are cut while both inverters chase each other; needs a meter."},
    {oscillation, "crossing_w", swing<&OscillationSettings::crossing>(watts, 20, 5000),
     "A side of the swing begins this far from its middle."},
    {oscillation, "swing_w", swing<&OscillationSettings::swing>(watts, 50, 20000),
     "A smaller swing from side to side is none."},
    {oscillation, "alike_share", swing<&OscillationSettings::alike>(share, 0.05, 0.6),
     "Half-waves may differ from their mean length by this part of it."},
    {oscillation, "shortest_period_s", swing<&OscillationSettings::shortest_period>(seconds_, 1, 60),
     "A faster swing, or one of less than four values of the meter, is none."},
    {oscillation, "longest_period_s", swing<&OscillationSettings::longest_period>(seconds_, 10, 600),
     "A slower one is none either."},
    {oscillation, "own_part", swing<&OscillationSettings::own_part>(share, 0, 1),
     "Our battery must swing with this part of the power at the meter, or the swing is somebody else's."},
    {oscillation, "own_agreement", swing<&OscillationSettings::own_agreement>(share, 0.5, 1),
     "And be in step with it for this part of the time, at one lag of 0 to 5 s."},
    {oscillation, "cut_to", swing<&OscillationSettings::cut_to>(share, 0.1, 0.9),
     "Both limits are cut to this part of the largest current of the last two periods."},
    {oscillation, "hold_periods", swing<&OscillationSettings::hold_periods>(plain, 5, 50),
     "How many calm periods pass before each step in which the cut is given back."},
};

}  // namespace

std::span<const Key<Settings>> coordination_keys() {
    return rows;
}

}  // namespace jkp::config
