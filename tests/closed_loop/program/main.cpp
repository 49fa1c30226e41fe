// SPDX-License-Identifier: MIT
// script/closed-loop: many simulated days against the acceptance of docs/control.md.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "closed_loop/program/detail.hpp"
#include "closed_loop/program/fight_plot.hpp"
#include "closed_loop/program/options.hpp"

namespace jkp::closed_loop {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double seconds(Duration d) {
    return std::chrono::duration<double>(d).count();
}

// A bar on a terminal, a line each tenth otherwise.
class Bar {
  public:
    explicit Bar(std::size_t runs) : runs_(runs), terminal_(isatty(STDERR_FILENO) == 1) {}

    void show(std::size_t done) {
        const std::size_t part = done * (terminal_ ? 50 : 10) / runs_;
        const double left =
            done == 0 ? 0.0
                      : seconds_since(start_) / static_cast<double>(done) * static_cast<double>(runs_ - done);
        if (terminal_) {
            const std::string bar = std::string(part, '#') + std::string(50 - part, '.');
            std::fprintf(stderr, "\r[%s] %zu of %zu days, %.0f s left ", bar.c_str(), done, runs_, left);
            if (done == runs_) std::fprintf(stderr, "\n");
        } else if (part > told_) {
            std::fprintf(stderr, "%zu of %zu days, %.0f s left\n", done, runs_, left);
        }
        told_ = part;
    }

  private:
    std::size_t runs_;
    bool terminal_;
    std::size_t told_ = 0;
    Clock::time_point start_ = Clock::now();
};

nlohmann::json as_json(const DayResult& d) {
    return {{"seed", d.seed},
            {"conduct", name(d.conduct)},
            {"enough_sun", d.enough_sun},
            {"peak_mv", d.peak.count()},
            {"lowest_mv", d.lowest.count()},
            {"above_3500_s", seconds(d.above_3500)},
            {"above_3550_s", seconds(d.above_3550)},
            {"charge_reversals", d.charge_reversals},
            {"discharge_reversals", d.discharge_reversals},
            {"fullest_soc", d.fullest_soc},
            {"charged_wh", d.charged_wh},
            {"discharged_wh", d.discharged_wh},
            {"ideal_charged_wh", d.ideal_charged_wh},
            {"ideal_discharged_wh", d.ideal_discharged_wh},
            {"slowest_lever_s", seconds(d.slowest_lever)},
            {"lever_faults", d.levers.any()}};
}

nlohmann::json as_json(const std::vector<PresetResult>& results) {
    nlohmann::json all = nlohmann::json::object();
    for (const PresetResult& result : results) {
        nlohmann::json& days = all[std::string(name(result.preset))] = nlohmann::json::array();
        for (const DayResult& day : result.days) days.push_back(as_json(day));
    }
    return all;
}

nlohmann::json as_json(const SiteResult& d) {
    return {{"seed", d.seed},
            {"obeys", d.obeys},
            {"enough_sun", d.enough_sun},
            {"transfer_wh", d.energy.transfer},
            {"moved_wh", d.energy.moved},
            {"own_wh", d.energy.first},
            {"imported_wh", d.energy.imported},
            {"exported_wh", d.energy.exported},
            {"house_wh", d.energy.house},
            {"sun_wh", d.energy.sun},
            {"peak_mv", d.peak.count()},
            {"lowest_mv", d.lowest.count()},
            {"fullest_soc", d.fullest_soc},
            {"charge_reversals", d.charge_reversals},
            {"discharge_reversals", d.discharge_reversals},
            {"alarms", d.alarms}};
}

nlohmann::json as_json(const SwingTime& s) {
    return {{"median_w", s.quantile_w(0.5)},
            {"p95_w", s.quantile_w(0.95)},
            {"from_300_w_s", seconds(s.at_least(300.0))}};
}

nlohmann::json as_json(const FightResult& f) {
    nlohmann::json swings = nlohmann::json::object();
    for (std::size_t i = 0; i < in_fights.size(); ++i) {
        swings[std::string(name(in_fights.at(i)))] = as_json(f.swings.at(i));
    }
    return {{"seed", f.seed},
            {"meter_interval_s", seconds(f.meter_interval)},
            {"fights", f.fights()},
            {"period_s", seconds(f.period)},
            {"untouched_w", f.untouched_w},
            {"untouched_own_w", f.untouched_own_w},
            {"found_after_s", seconds(f.found_after.value_or(Duration{}))},
            {"half_waves", f.half_waves},
            {"before_w", f.before_w},
            {"after_w", f.after_w},
            {"lasting_w", f.lasting_w},
            {"swings", swings}};
}

nlohmann::json as_json(const SiteResults& results) {
    nlohmann::json all = nlohmann::json::object();
    for (const Coordination coordination : coordinations) {
        nlohmann::json& days = all[std::string(name(coordination))] = nlohmann::json::array();
        for (const SiteResult& day : results.of(coordination)) days.push_back(as_json(day));
    }
    for (const FightResult& fight : results.fights) all["fights"].push_back(as_json(fight));
    return all;
}

bool write_json(const std::string& path, const nlohmann::json& all) {
    std::ofstream file(path);
    file << all.dump(1) << '\n';
    return static_cast<bool>(file.flush());
}

int run(const Options& options) {
    const Plan& plan = options.plan;
    const auto start = Clock::now();
    Bar bar(plan.runs());
    const auto results = run_days(plan, [&bar](std::size_t done) { bar.show(done); });
    const double took = seconds_since(start);
    std::printf("%zu days from seed %llu on (--seed %llu), %zu presets, %u at the same time\n\n", plan.days,
                static_cast<unsigned long long>(plan.day_seed(0)), static_cast<unsigned long long>(plan.seed),
                plan.presets.size(), plan.jobs);
    std::printf("%s\n%s\n", acceptance_text(results).c_str(), table_text(results).c_str());
    std::printf("%.0f s, %.2f simulated days per second\n", took, static_cast<double>(plan.runs()) / took);
    if (!options.json.empty() && !write_json(options.json, as_json(results))) {
        std::fprintf(stderr, "%s could not be written\n", options.json.c_str());
        return 2;
    }
    return passed(results) ? 0 : 1;
}

int run_site(const Options& options) {
    const SitePlan plan{.seed = options.plan.seed,
                        .days = options.plan.days,
                        .fights = options.fights == 0 ? options.plan.days : options.fights,
                        .jobs = options.plan.jobs};
    const auto start = Clock::now();
    Bar bar(plan.runs());
    const SiteResults results = run_sites(plan, [&bar](std::size_t done) { bar.show(done); });
    const double took = seconds_since(start);
    std::printf("%zu days and %zu fights from seed %llu on (--seed %llu), %u at the same time\n\n", plan.days,
                plan.fights, static_cast<unsigned long long>(plan.day_seed(0)),
                static_cast<unsigned long long>(plan.seed), plan.jobs);
    std::printf("%s\n%s\n%s\n", acceptance_text(results).c_str(), table_text(results).c_str(),
                fights_text(results).c_str());
    std::printf("%.0f s, %.2f runs per second\n", took, static_cast<double>(plan.runs()) / took);
    if (!options.json.empty() && !write_json(options.json, as_json(results))) {
        std::fprintf(stderr, "%s could not be written\n", options.json.c_str());
        return 2;
    }
    return passed(results) ? 0 : 1;
}

}  // namespace
}  // namespace jkp::closed_loop

int main(int argc, char** argv) {
    const auto parsed = jkp::closed_loop::parse(argc, argv);
    if (!parsed.options) return parsed.exit_code;
    if (parsed.options->fight)
        return jkp::closed_loop::plot_fight(*parsed.options->fight, parsed.options->plot);
    if (parsed.options->site && !parsed.options->day) return jkp::closed_loop::run_site(*parsed.options);
    if (!parsed.options->day) return jkp::closed_loop::run(*parsed.options);
    jkp::closed_loop::print_day(*parsed.options);
    return 0;
}
