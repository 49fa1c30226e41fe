// SPDX-License-Identifier: MIT
#include "closed_loop/loop/site_table.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

namespace jkp::closed_loop {
namespace {

constexpr double most_transfer = 0.5;  // % of the energy moved
constexpr double least_found = 95.0;   // % of the fights
constexpr double swing_w = 300.0;      // what counts as a swing, as in the acceptance

double total(std::span<const SiteResult> days, double SiteEnergy::* part) {
    return std::accumulate(days.begin(), days.end(), 0.0,
                           [part](double sum, const SiteResult& day) { return sum + day.energy.*part; });
}

double percent(double part, double whole) {
    return whole > 0.0 ? 100.0 * part / whole : 0.0;
}

// The mean of all days as one line; the worst day is named.
template <class Value>
Line mean(Line line, std::span<const SiteResult> days, double measured, Value value) {
    line.days = static_cast<int>(days.size());
    line.measured = measured;
    double worst = -1.0;
    for (const SiteResult& day : days) {
        if (const double v = value(day); v > worst) {
            worst = v;
            line.worst_seed = day.seed;
        }
    }
    return line;
}

template <class Concerns, class Value>
Line worst(Line line, std::span<const SiteResult> days, Concerns concerns, Value value) {
    for (const SiteResult& day : days) {
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

bool obeys(const SiteResult& day) {
    return day.obeys;
}
bool sunny(const SiteResult& day) {
    return day.obeys && day.enough_sun;
}

// The share of the fights of which `good` is true; one of the others is named.
template <class Good>
Line share(Line line, std::span<const FightResult> fights, Good good) {
    int fine = 0;
    for (const FightResult& fight : fights) {
        if (!fight.fights()) continue;
        ++line.days;
        if (good(fight)) {
            ++fine;
        } else {
            line.worst_seed = fight.seed;
        }
    }
    line.measured = percent(fine, line.days);
    return line;
}

Line transfer(std::span<const SiteResult> days) {
    const double measured = percent(total(days, &SiteEnergy::transfer), total(days, &SiteEnergy::moved));
    return mean(
        {.what = "transfer, of the energy moved", .required = most_transfer, .unit = "%", .decimals = 2},
        days, measured, [](const SiteResult& d) { return d.energy.transfer_share(); });
}

Line false_alarms(std::span<const SiteResult> days) {
    const double all = std::accumulate(days.begin(), days.end(), 0.0,
                                       [](double sum, const SiteResult& d) { return sum + d.alarms; });
    const double measured = days.empty() ? 0.0 : all / static_cast<double>(days.size());
    return mean(
        {.what = "false alarms of an oscillation", .required = 0.99, .unit = "per day", .decimals = 2}, days,
        measured, [](const SiteResult& d) { return d.alarms; });
}

// The more restless of both limits; a day on which sun and second battery alternate may have more.
Line reversals(std::span<const SiteResult> days) {
    const double all = std::accumulate(days.begin(), days.end(), 0.0, [](double sum, const SiteResult& d) {
        return sum + d.reversals_per_hour();
    });
    const double measured = days.empty() ? 0.0 : all / static_cast<double>(days.size());
    return mean({.what = "limit reversals above 2 A", .required = 3.96, .unit = "1/h", .decimals = 2}, days,
                measured, [](const SiteResult& d) { return d.reversals_per_hour(); });
}

std::string number(double value, int decimals) {
    std::ostringstream out;
    out.setf(std::ios::fixed);
    out.precision(decimals);
    out << value;
    return out.str();
}

void put(std::ostream& out, const Line& line) {
    out << "| " << line.what << " | " << (line.side == Side::at_most ? "<= " : ">= ")
        << number(line.required, line.decimals) << ' ' << line.unit << " | ";
    if (line.days == 0) {
        out << "no case | | | |\n";
        return;
    }
    out << number(line.measured, line.decimals) << " | " << number(line.margin(), line.decimals) << " | "
        << line.days << " | " << line.worst_seed << " | " << (line.passed() ? "pass" : "FAIL") << " |\n";
}

double worst_transfer(std::span<const SiteResult> days) {
    double most = 0.0;
    for (const SiteResult& day : days) most = std::max(most, day.energy.transfer_share());
    return 100.0 * most;
}

double mean_of(std::span<const SiteResult> days, double (*value)(const SiteResult&)) {
    double sum = 0.0;
    for (const SiteResult& day : days) sum += value(day);
    return days.empty() ? 0.0 : sum / static_cast<double>(days.size());
}

void put_row(std::ostream& out, Coordination coordination, std::span<const SiteResult> days) {
    const double moved = total(days, &SiteEnergy::moved);
    const double sun = total(days, &SiteEnergy::sun);
    const double house = total(days, &SiteEnergy::house);
    const auto per_day = [&](double SiteEnergy::* part) {
        return number(total(days, part) / static_cast<double>(days.size()) / 1000.0, 2);
    };
    out << "| " << name(coordination) << " | " << per_day(&SiteEnergy::transfer) << " | "
        << number(percent(total(days, &SiteEnergy::transfer), moved), 2) << " % | "
        << number(worst_transfer(days), 2) << " % | " << per_day(&SiteEnergy::imported) << " | "
        << per_day(&SiteEnergy::exported) << " | "
        << number(100.0 - percent(total(days, &SiteEnergy::exported), sun), 1) << " % | "
        << number(100.0 - percent(total(days, &SiteEnergy::imported), house), 1) << " % | "
        << number(mean_of(days, [](const SiteResult& d) { return d.reversals_per_hour(); }), 2) << " | "
        << number(mean_of(days, [](const SiteResult& d) { return 1.0 * d.alarms; }), 2) << " |\n";
}

double seconds_of_swing(const SwingTime& swing) {
    return std::chrono::duration<double>(swing.at_least(swing_w)).count();
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + std::ssize(values) / 2;
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// One way to treat the second inverter, by its place in `in_fights`.
void put_fights(std::ostream& out, std::size_t which, std::span<const FightResult> fights) {
    SwingTime all;
    std::vector<double> seconds;
    for (const FightResult& fight : fights) {
        if (!fight.fights()) continue;
        all.add(fight.swings.at(which));
        seconds.push_back(seconds_of_swing(fight.swings.at(which)));
    }
    if (seconds.empty()) return;
    out << "| " << name(in_fights.at(which)) << " | " << number(all.quantile_w(0.5), 0) << " | "
        << number(all.quantile_w(0.95), 0) << " | " << number(median(seconds), 0) << " | "
        << number(*std::max_element(seconds.begin(), seconds.end()), 0) << " |\n";
}

}  // namespace

std::span<const SiteResult> SiteResults::of(Coordination coordination) const {
    const auto at = std::find(coordinations.begin(), coordinations.end(), coordination);
    return days.at(static_cast<std::size_t>(at - coordinations.begin()));
}

SiteResults run_sites(const SitePlan& plan, const Progress& progress) {
    SiteResults results;
    for (auto& days : results.days) days.resize(plan.days);
    results.fights.resize(plan.fights);
    const auto run = [&](std::size_t i) {
        if (i < plan.fights) {
            results.fights[i] = run_fight(plan.day_seed(i));
            return;
        }
        const std::size_t day = (i - plan.fights) / coordinations.size();
        const std::size_t which = (i - plan.fights) % coordinations.size();
        results.days.at(which)[day] =
            run_site_day(sim::draw_site_day(plan.day_seed(day)), coordinations.at(which));
    };
    in_parallel(plan.runs(), plan.jobs, run, progress);
    return results;
}

std::vector<Line> acceptance(const SiteResults& results) {
    const auto days = results.of(Coordination::ours);
    const std::span<const FightResult> fights = results.fights;
    const Line found{.what = "fights found within 5 half-waves",
                     .side = Side::at_least,
                     .required = least_found,
                     .unit = "%",
                     .decimals = 1};
    Line cut = found;
    cut.what = "their swing cut to a third within 2 min or 5 periods";
    return {
        transfer(days),
        share(found, fights, [](const FightResult& f) { return f.found(); }),
        share(cut, fights, [](const FightResult& f) { return f.cut(); }),
        false_alarms(days),
        reversals(days),
        worst({.what = "highest cell", .required = 3.52, .unit = "V", .decimals = 3}, days, obeys,
              [](const SiteResult& d) { return d.peak.count() / 1000.0; }),
        worst({.what = "lowest cell", .side = Side::at_least, .required = 2.80, .unit = "V", .decimals = 3},
              days, obeys, [](const SiteResult& d) { return d.lowest.count() / 1000.0; }),
        worst({.what = "fullest cell, days with sun enough for both",
               .side = Side::at_least,
               .required = 98.0,
               .unit = "%",
               .decimals = 1},
              days, sunny, [](const SiteResult& d) { return d.fullest_soc * 100.0; })};
}

bool passed(const SiteResults& results) {
    const auto lines = acceptance(results);
    return std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.passed(); });
}

std::string acceptance_text(const SiteResults& results) {
    std::ostringstream out;
    out << "| acceptance | required | measured | margin | cases | seed of the worst | |\n"
           "|---|---|---|---|---|---|---|\n";
    for (const Line& line : acceptance(results)) put(out, line);
    return out.str();
}

std::string table_text(const SiteResults& results) {
    std::ostringstream out;
    out << "| coordination | transfer, kWh a day | of the energy moved | worst day | bought, kWh a day | "
           "sold | "
           "sun used here | house from here | reversals/h | oscillations a day |\n"
           "|---|---|---|---|---|---|---|---|---|---|\n";
    for (const Coordination coordination : coordinations) {
        if (!results.of(coordination).empty()) put_row(out, coordination, results.of(coordination));
    }
    return out.str();
}

std::string fights_text(const SiteResults& results) {
    std::ostringstream out;
    out << "| coordination | swing in a fight, median W | 95th percentile | s of a swing >= 300 W per fight, "
           "median | worst |\n"
           "|---|---|---|---|---|\n";
    for (std::size_t which = 0; which < in_fights.size(); ++which) put_fights(out, which, results.fights);
    return out.str();
}

}  // namespace jkp::closed_loop
