// SPDX-License-Identifier: MIT
#include "reporter.hpp"

#include <cstdio>

namespace jkp::bench {
namespace {

// Nanoseconds by the name of the figure.
std::optional<double> bound_of(const std::string& name) {
    if (name == "deframe and decode one 291-byte answer") return 1000;
    return std::nullopt;
}

bool may_allocate(const std::string& name) {
    return name.find("control step") == std::string::npos;
}

}  // namespace

void Reporter::ReportRuns(const std::vector<Run>& runs) {
    for (const Run& run : runs) {
        if (run.error_occurred) {
            std::fprintf(stderr, "%s: %s\n", run.run_name.function_name.c_str(), run.error_message.c_str());
            failed_ = true;
        } else if (runs.size() == 1 || run.aggregate_name == "median") {
            add(run);
        }
    }
}

void Reporter::add(const Run& run) {
    const std::string& name = run.run_name.function_name;
    measured_[name] = run.GetAdjustedCPUTime();
    table_.add({.name = name, .measured = run.GetAdjustedCPUTime(), .unit = "ns", .bound = bound_of(name)});
    const double allocations = run.counters.at("allocations").value;
    if (may_allocate(name) && allocations == 0) return;
    table_.add({.name = "  allocations in it",
                .measured = allocations,
                .unit = "",
                .bound = may_allocate(name) ? std::nullopt : std::optional(0.0)});
}

}  // namespace jkp::bench
