// SPDX-License-Identifier: MIT
// Every number the control rules use, with its default. Source of the defaults: the project's control
// rules (docs/control.md). The room `config` fills this from TOML and checks ranges and contradictions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "control/coordination_settings.hpp"
#include "control/curve.hpp"
#include "core/fixed_text.hpp"
#include "core/pack.hpp"
#include "core/time.hpp"

namespace jkp::control {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline constexpr std::size_t max_packs = 64;
inline constexpr std::size_t max_probes = probe_count;

enum class Preset : std::uint8_t { smooth, original, original_strict };
enum class OnLost : std::uint8_t { zero, silence };
enum class InverterLost : std::uint8_t { report, zero, stop };
enum class SocSource : std::uint8_t { bms, counter };
enum class SocTopHold : std::uint8_t { none, original };

// When a stepped curve may give back what it took.
struct RiseRule {
    Duration hold{};                          // after the last reduction; 0 = no condition of its own
    std::optional<Millivolts> highest_below;  // the highest cell must be below this
    std::optional<Permille> soc_above;        // SOC must be above this
    bool operator==(const RiseRule&) const = default;
};

struct CellCurves {
    Curve charge_by_highest;
    Curve charge_by_lowest;
    Curve discharge_by_lowest;
    RiseRule charge_rise;
    RiseRule discharge_rise;
    bool operator==(const CellCurves&) const = default;
};
CellCurves cell_curves(Preset preset);

struct TemperatureCurves {
    LinearCurve charge;     // battery probes, x in 0.1 degree C
    LinearCurve discharge;  // battery probes
    LinearCurve mosfet;     // both directions
    bool operator==(const TemperatureCurves&) const = default;
};
TemperatureCurves default_temperature_curves();

// Voltages of one cell at which charging or discharging ends, apart from the curves.
struct CellLimits {
    Millivolts hard_stop{3550};       // no cell shall be above
    Millivolts hard_stop_margin{10};  // charge 0 from so much below it: what flows until the inverter acts
    Millivolts latch{3600};           // the hard stop latches
    Millivolts latch_release{3450};   // below this for latch_release_time
    Duration latch_release_time = seconds(60);
    Millivolts critical_high{3650};   // Fault: both directions 0
    Millivolts critical_low{2500};    // Fault: discharge 0
    Millivolts charge_lockout{2700};  // below: charge 0 until released locally
    Millivolts recovery_floor{2000};  // recovery charging needs at least this
    Permille recovery_rate{20};       // of C per hour: 0.02 C
    Milliamps recovery_maximum{5000};
    Duration recovery_time = hours(4);
    Duration recovery_rise_time = minutes(30);
    Decicelsius recovery_temperature{50};
    bool operator==(const CellLimits&) const = default;
};

struct Dynamics {
    Duration rise_hold = seconds(30);    // after a decrease
    Duration rise_window = seconds(90);  // a limit rises only to what was allowed for so long
    Milliamps rise_per_second{1000};
    Permille rise_per_second_share{20};  // of the maximum: 2 %/s
    Permille rise_from{50};              // of the maximum: a rise begins only for at least so much
    Permille hold_restart{10};           // a decrease of more than 1 % of the maximum restarts the hold
    Duration start_hold = seconds(5);
    int start_samples = 3;
    bool operator==(const Dynamics&) const = default;
};

struct PhaseSettings {
    Millivolts absorb_at{3440};
    Duration absorb_delay = seconds(10);
    Millivolts end_voltage{3370};    // x = H - R_eoc * I reaches this
    Millivolts end_reference{3650};  // R_eoc = (end_reference - end_voltage) / (end_tail * C)
    Permille end_tail{50};           // 0.05 C
    Millivolts end_highest{3420};    // counted only while H is at least this
    Milliamps end_current{-500};     // and I at least this
    Duration end_time = seconds(60);
    Millivolts end_certain{3500};  // H at least this for end_time ends the charge as well
    Duration absorb_maximum = minutes(60);
    Millivolts balance_difference{10};
    Duration balance_maximum = hours(2);
    Permille rebulk_discharged{100};  // 10 % of C since Full
    Millivolts rebulk_voltage{3300};
    Duration rebulk_delay = minutes(10);
    Duration rebulk_interval = hours(14 * 24);
    Duration full_overdue = hours(30 * 24);
    bool operator==(const PhaseSettings&) const = default;
};

struct VoltageSettings {
    Millivolts charge_per_cell{3450};
    Millivolts charge_per_cell_unknown_ovp{3400};  // while the BMS has not told its OVP
    Millivolts float_per_cell{3350};
    Millivolts float_ramp_per_second{1};  // per cell
    Millivolts discharge_per_cell{2800};
    Millivolts clip_margin{10};
    Millivolts maximum_below_pack{1000};  // CVL never further below the present voltage
    bool operator==(const VoltageSettings&) const = default;
};

struct SocSettings {
    SocSource source = SocSource::bms;
    SocTopHold top_hold = SocTopHold::none;
    Permille before_full{980};
    Permille low_floor{20};  // at least 2 % until a cell says empty
    Millivolts empty_voltage{3030};
    Duration empty_time = seconds(10);
    Permille per_minute{10};
    Permille above_source{30};
    Permille drift_alarm{100};
    bool operator==(const SocSettings&) const = default;
};

// The ladder of rule S6.
struct AgeSettings {
    Duration fresh = seconds(2);  // or two poll periods, whichever is longer
    Duration reduce_from = seconds(5);
    Duration zero_at = seconds(15);
    Duration lost_at = seconds(60);
    OnLost on_lost = OnLost::zero;
    Duration frozen_after = seconds(120);
    Milliamps frozen_current{5000};
    bool operator==(const AgeSettings&) const = default;
};

struct Validation {
    Millivolts cell_minimum{500};
    Millivolts cell_maximum{5000};
    Permille sum_tolerance{20};
    Decicelsius temperature_minimum{-400};
    Decicelsius temperature_maximum{1200};
    Permille over_current_factor{1500};
    Duration start_hold_off = seconds(60);
    bool operator==(const Validation&) const = default;
};

struct PackConfig {
    FixedText<24> name;
    Milliamps max_charge{0};                 // Imax of the charge direction
    Milliamps max_discharge{0};              // Imax of the discharge direction
    std::optional<MilliampHours> capacity;   // absent: what the BMS says
    std::optional<std::uint8_t> cell_count;  // absent: that of the first valid reading
    FixedVector<Probe, max_probes> battery_probes{Probe::t1, Probe::t2};
    bool mosfet_probe = true;
    Duration poll_period = seconds(1);
    bool operator==(const PackConfig&) const = default;
};

// Where a warning bit of 0x359 begins: the share of the maximum at which a limiter is "near 0".
struct AlarmSettings {
    Permille near_zero{100};
    // The inverter is named when it charges with more than this, for so long, although the limit is 0.
    Milliamps disobeyed_current{500};
    Duration disobeyed_after = seconds(60);
    bool operator==(const AlarmSettings&) const = default;
};

// Packs in parallel (stage C).
struct BankSettings {
    std::uint8_t quorum = 0;              // packs that must be there; 0 = all of them
    std::optional<Milliamps> max_charge;  // of the whole bank, such as its cable or fuse; absent: the sum
    std::optional<Milliamps> max_discharge;
    Permille share_margin{1100};          // a measured share counts 1.1 times
    Duration share_window = seconds(60);  // over which a share is measured
    Permille share_from{50};              // only above 0.05 C
    bool operator==(const BankSettings&) const = default;
};

// The part of the capacity that the owner wants to use. Outside of `minimum` .. `maximum` nothing more is
// discharged or charged; within `taper` of a border the current falls to 0.
struct SocRange {
    Permille minimum{0};
    Permille maximum{1000};
    bool operator==(const SocRange&) const = default;
};
struct SocWindow {
    SocRange range;
    std::optional<Permille> winter_minimum;  // replace those of `range` in the winter months
    std::optional<Permille> winter_maximum;
    std::uint8_t winter_from = 11;  // month 1..12, first of the winter
    std::uint8_t winter_to = 2;     // last of the winter
    Permille taper{30};
    bool operator==(const SocWindow&) const = default;

    [[nodiscard]] bool seasonal() const { return winter_minimum || winter_maximum; }
    [[nodiscard]] SocRange winter() const {
        return {winter_minimum.value_or(range.minimum), winter_maximum.value_or(range.maximum)};
    }
};

// R of one cell path, and the resistance-compensated form of the charge curve.
struct ResistanceSettings {
    std::int32_t micro_ohm = 1000;  // at 100 Ah, scaled 100/C, until a value is learned
    bool compensate = false;        // use the compensated form once R is learned
    Millivolts target{3450};        // Vt: the cell voltage it steers to
    Millivolts fence_shift{20};     // the curve stays as a fence, this much higher
    Permille over_estimate{2000};   // Rhat = 2 x what was learned
    Permille step_from{50};         // learn from steps of the current above 0.05 C ...
    Milliamps step_minimum{5000};   // ... and above this
    int steps = 16;                 // so many are needed
    Permille confidence{800};       // and this share of their voltage explained by the current
    bool operator==(const ResistanceSettings&) const = default;
};

struct Config {
    std::vector<PackConfig> packs;
    BankSettings bank;
    SocWindow soc_window;
    ResistanceSettings resistance;
    CellCurves curves = cell_curves(Preset::smooth);
    TemperatureCurves temperature = default_temperature_curves();
    CellLimits cells;
    Dynamics dynamics;
    PhaseSettings phase;
    VoltageSettings voltage;
    SocSettings soc;
    AgeSettings age;
    Validation validation;
    AlarmSettings alarms;
    CoordinationSettings coordination;
    OscillationSettings oscillation;
    Permille over_current_share{900};  // 0.9 x the BMS over-current setting
    Milliamps smallest_useful{1000};   // first step up from 0
    Permille soh{1000};                // 4E57 has no SOH; sent as it is
    InverterLost inverter_lost = InverterLost::report;
    Duration inverter_lost_after = seconds(10);
    bool force_charge_requests = false;  // 0x35C bits 5, 4, 3 only when configured
    bool full_charge_requests = false;
    bool operator==(const Config&) const = default;
};

}  // namespace jkp::control
