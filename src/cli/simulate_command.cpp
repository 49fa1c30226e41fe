// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "scenario/load.hpp"
#include "scenario/play.hpp"
#include "scenario/plot.hpp"
#include "scenario/text.hpp"

namespace jkp::cli {
namespace {

Result<std::string, std::string> contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    // A directory opens, and only reading it fails.
    if (!file || (file.peek() == std::ifstream::traits_type::eof() && file.bad())) {
        return failure("cannot read " + path.string() + ": " + std::generic_category().message(errno));
    }
    file.clear();
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

// Empty: it is written, or was not asked for.
std::string write(const std::string& path, const std::string& text) {
    if (path.empty()) return {};
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    if (file) return {};
    return "cannot write " + path + ": " + std::generic_category().message(errno);
}

// A line that is written again and again, for a person only.
class ProgressLine {
  public:
    ProgressLine(Duration whole, bool wanted) : whole_(whole), shown_(wanted && isatty(STDERR_FILENO) == 1) {}
    void operator()(Duration passed) const {
        if (!shown_) return;
        std::cerr << "\r  simulating: " << passed * 100 / whole_ << " %" << std::flush;
    }
    void done() const {
        if (shown_) std::cerr << "\r                      \r" << std::flush;
    }

  private:
    Duration whole_;
    bool shown_;
};

void print(const SimulateOptions& options, const scenario::Scenario& scenario,
           const scenario::Outcome& outcome) {
    if (options.json) {
        std::cout << scenario::outcome_json(scenario, outcome) << '\n';
    } else if (options.quiet) {
        std::cout << scenario::failures_text(outcome);
    } else {
        std::cout << scenario::story_text(scenario, outcome);
    }
}

}  // namespace

int simulate(const SimulateOptions& options) {
    const auto text = contents(options.scenario);
    if (!text) return fail(text.error(), options.json, unable);
    const auto folder = std::filesystem::path(options.scenario).parent_path();
    const auto scenario = scenario::load(*text, options.scenario,
                                         [&](const std::string& name) { return contents(folder / name); });
    if (!scenario) return fail_with_lines(config::format(scenario.error()), options.json, unable);
    const ProgressLine progress(scenario->duration(), !options.quiet);
    const scenario::Outcome outcome = scenario::play(*scenario, progress);
    progress.done();
    print(options, *scenario, outcome);
    std::string fault = write(options.csv, scenario::csv_text(outcome.record));
    if (fault.empty() && !options.plot.empty())
        fault = write(options.plot, scenario::plot_svg(*scenario, outcome));
    if (!fault.empty()) return fail(fault, options.json, unable);
    return outcome.holds() ? good : bad;
}

}  // namespace jkp::cli
