// SPDX-License-Identifier: MIT
#include "report/battery_report.hpp"

namespace jkp::report {

pylontech::BatteryReport battery_report(const control::Decision& d) {
    ensure(d.complete, "S5: nothing is said before the first complete reading");
    return {
        .charge_voltage = d.charge_voltage,
        .charge_current_limit = d.charge.value(),
        .discharge_current_limit = d.discharge.value(),
        .discharge_voltage = d.discharge_voltage,
        .soc = d.soc,
        .soh = d.soh,
        .voltage = d.voltage,
        .current = d.current,
        .temperature = d.temperature,
        .protections = d.protections,
        .alarms = d.alarms,
        .modules = d.modules,
        .charge_enable = d.charge_enable,
        .discharge_enable = d.discharge_enable,
        .force_charge_1 = d.force_charge_1,
        .force_charge_2 = d.force_charge_2,
        .full_charge = d.full_charge,
    };
}

pylontech::BatteryReport zero_report(const control::Decision& d) {
    pylontech::BatteryReport report = battery_report(d);
    report.charge_current_limit = Milliamps(0);
    report.discharge_current_limit = Milliamps(0);
    report.charge_enable = false;
    report.discharge_enable = false;
    report.force_charge_1 = report.force_charge_2 = report.full_charge = false;
    return report;
}

}  // namespace jkp::report
