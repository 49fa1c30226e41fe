// SPDX-License-Identifier: MIT
#include "closed_loop/program/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <thread>

namespace jkp::closed_loop {
namespace {

constexpr int wrong_usage = 2;

std::map<std::string, control::Preset> preset_names() {
    std::map<std::string, control::Preset> names;
    for (const control::Preset preset : presets) names.emplace(name(preset), preset);
    return names;
}

}  // namespace

Parsed parse(int argc, char** argv) {
    Options options;
    options.plan.jobs = std::clamp(std::thread::hardware_concurrency(), 1U, 256U);
    CLI::App app{
        "Simulated days with the real controller: the acceptance of docs/control.md and the table of "
        "presets.\n"
        "Exit codes: 0 every line passed, 1 one failed, 2 wrong usage."};
    std::vector<control::Preset> wanted;
    app.add_option("--days", options.plan.days, "Days to run")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    app.add_option("--seed", options.plan.seed, "Which days")
        ->check(CLI::Range(0, 1'000'000'000))
        ->capture_default_str();
    app.add_option("--preset", wanted,
                   "smooth, original, original-strict; default: all of them on the same days")
        ->transform(CLI::Transformer(preset_names()))
        ->option_text("NAME ...");
    app.add_option("--jobs", options.plan.jobs, "Days at the same time")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    app.add_flag("--site", options.site,
                 "Houses with a second inverter on the same meter: the acceptance of docs/coordination.md");
    app.add_option("--fights", options.fights,
                   "With --site: oscillations to inject; default: as many as days")
        ->check(CLI::Range(1, 100'000));
    CLI::Option* plot = app.add_option("--plot", options.plot, "With --fight: the SVG file to write");
    app.add_option("--fight", options.fight, "Only the fight of this seed, as a plot")->needs(plot);
    app.add_option("--json", options.json, "Write the result of each day into this file");
    app.add_option("--day", options.day, "Only the day of this seed, in detail");
    app.add_option("--every", options.every, "With --day: seconds between two lines")
        ->check(CLI::Range(1, 86'400))
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return {std::nullopt, app.exit(error) == 0 ? 0 : wrong_usage};
    }
    if (!wanted.empty()) options.plan.presets = wanted;
    return {options, 0};
}

}  // namespace jkp::closed_loop
