// SPDX-License-Identifier: MIT
#include "closed_loop/loop/table.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

#include "core/ensure.hpp"

namespace jkp::closed_loop {
namespace {

constexpr int reversals_per_hour = 4;
constexpr double wanted_soc = 98.0;

double worth(Duration d) {
    return std::chrono::duration<double>(d).count();
}

bool obeys(const DayResult& day) {
    return day.conduct == sim::Conduct::obeys;
}
bool sunny(const DayResult& day) {
    return obeys(day) && day.enough_sun;
}
bool any_day(const DayResult&) {
    return true;
}

double faults(const DayResult& day) {
    const LeverFaults& f = day.levers;
    return f.current_limit + f.charge_voltage + f.enable + f.protection + f.not_named + f.not_opened;
}

template <class Concerns, class Value>
Line judged(Line line, std::span<const DayResult> days, Concerns concerns, Value value) {
    for (const DayResult& day : days) {
        if (!concerns(day)) continue;
        const double v = value(day);
        const bool worse = line.side == Side::at_most ? v > line.measured : v < line.measured;
        if (line.days++ == 0 || worse) {
            line.measured = v;
            line.worst_seed = day.seed;
        }
    }
    return line;
}

Line peak(double required, std::span<const DayResult> days) {
    return judged({.what = "highest cell", .required = required, .unit = "V", .decimals = 3}, days, obeys,
                  [](const DayResult& d) { return d.peak.count() / 1000.0; });
}
Line lowest(std::span<const DayResult> days) {
    return judged(
        {.what = "lowest cell", .side = Side::at_least, .required = 2.80, .unit = "V", .decimals = 3}, days,
        obeys, [](const DayResult& d) { return d.lowest.count() / 1000.0; });
}
Line levers(std::span<const DayResult> days) {
    return judged({.what = "levers missing or late", .unit = "of 6"}, days, any_day, faults);
}
Line soc(std::span<const DayResult> days) {
    return judged({.what = "fullest cell, days with enough sun",
                   .side = Side::at_least,
                   .required = wanted_soc,
                   .unit = "%",
                   .decimals = 1},
                  days, sunny, [](const DayResult& d) { return d.fullest_soc * 100.0; });
}
Line reversals(std::span<const DayResult> days) {
    // Fewer than 4: the next lower number of a day counts.
    constexpr double most = (reversals_per_hour * 24 - 1) / 24.0;
    return judged({.what = "limit reversals above 2 A", .required = most, .unit = "1/h", .decimals = 2}, days,
                  obeys, [](const DayResult& d) { return d.reversals_per_hour(); });
}

double median(std::vector<double> values) {
    if (values.empty()) return 0.0;
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double lost(double taken, double ideal) {
    return ideal > 0.0 ? 1.0 - taken / ideal : 0.0;
}

std::string number(double value, int decimals) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(decimals) << value;
    return out.str();
}

void put(std::ostream& out, control::Preset preset, const Line& line) {
    out << "| " << name(preset) << " | " << line.what << " | " << (line.side == Side::at_most ? "<= " : ">= ")
        << number(line.required, line.decimals) << ' ' << line.unit << " | ";
    if (line.days == 0) {
        out << "no day | | | |\n";
        return;
    }
    out << number(line.measured, line.decimals) << " | " << number(line.margin(), line.decimals) << " | "
        << line.days << " | " << line.worst_seed << " | " << (line.passed() ? "pass" : "FAIL") << " |\n";
}

}  // namespace

std::string_view name(control::Preset preset) {
    switch (preset) {
        case control::Preset::smooth: return "smooth";
        case control::Preset::original: return "original";
        case control::Preset::original_strict: return "original-strict";
    }
    broken("a Preset of the list", std::source_location::current());
}

std::vector<Line> acceptance(control::Preset preset, std::span<const DayResult> days) {
    if (preset != control::Preset::smooth) return {peak(3.55, days), lowest(days), levers(days)};
    return {peak(3.52, days), lowest(days), levers(days), soc(days), reversals(days)};
}

Row row(std::span<const DayResult> days) {
    Row r;
    std::vector<double> socs;
    double charged = 0.0, ideal_charged = 0.0, discharged = 0.0, ideal_discharged = 0.0;
    int judged_days = 0;
    for (const DayResult& day : days) {
        if (!obeys(day)) continue;
        ++judged_days;
        r.peak = std::max(r.peak, day.peak);
        r.lowest = std::min(r.lowest, day.lowest);
        r.above_3500 += day.above_3500;
        r.above_3550 += day.above_3550;
        r.mean_reversals_per_hour += day.reversals_per_hour();
        r.worst_reversals_per_hour = std::max(r.worst_reversals_per_hour, day.reversals_per_hour());
        if (day.enough_sun) socs.push_back(day.fullest_soc);
        charged += day.charged_wh;
        ideal_charged += day.ideal_charged_wh;
        discharged += day.discharged_wh;
        ideal_discharged += day.ideal_discharged_wh;
    }
    r.mean_reversals_per_hour /= std::max(judged_days, 1);
    r.least_soc = socs.empty() ? 0.0 : *std::min_element(socs.begin(), socs.end());
    r.median_soc = median(socs);
    r.charge_lost = lost(charged, ideal_charged);
    r.discharge_lost = lost(discharged, ideal_discharged);
    return r;
}

bool passed(std::span<const PresetResult> results) {
    return std::all_of(results.begin(), results.end(), [](const PresetResult& r) {
        const auto lines = acceptance(r.preset, r.days);
        return std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.passed(); });
    });
}

std::string acceptance_text(std::span<const PresetResult> results) {
    std::ostringstream out;
    out << "| preset | acceptance | required | worst day | margin | days | its seed | |\n"
           "|---|---|---|---|---|---|---|---|\n";
    for (const PresetResult& r : results) {
        for (const Line& line : acceptance(r.preset, r.days)) put(out, r.preset, line);
    }
    return out.str();
}

std::string table_text(std::span<const PresetResult> results) {
    std::ostringstream out;
    out << "| preset | highest cell, V | lowest, V | s above 3.50 V | s above 3.55 V | reversals/h, mean | "
           "worst "
           "day | SOC reached, least | median | charge lost | discharge lost |\n"
           "|---|---|---|---|---|---|---|---|---|---|---|\n";
    for (const PresetResult& result : results) {
        const Row r = row(result.days);
        out << "| " << name(result.preset) << " | " << number(r.peak.count() / 1000.0, 3) << " | "
            << number(r.lowest.count() / 1000.0, 3) << " | " << number(worth(r.above_3500), 0) << " | "
            << number(worth(r.above_3550), 0) << " | " << number(r.mean_reversals_per_hour, 2) << " | "
            << number(r.worst_reversals_per_hour, 2) << " | " << number(r.least_soc * 100.0, 1) << " % | "
            << number(r.median_soc * 100.0, 1) << " % | " << number(r.charge_lost * 100.0, 1) << " % | "
            << number(r.discharge_lost * 100.0, 1) << " % |\n";
    }
    return out.str();
}

}  // namespace jkp::closed_loop
