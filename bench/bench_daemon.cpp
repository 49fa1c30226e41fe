// SPDX-License-Identifier: MIT
// What the real daemon needs and how fast it is, between a simulated BMS and a simulated inverter.
//   bench_daemon --daemon PROGRAM [--full | --smoke] [--no-header]
// Exit code: 0, 1 a bound is broken, 2 the daemon did not do its work.
#include <iostream>

#include "measurements.hpp"

namespace jkp::bench {
namespace {

Plan full(Plan plan) {
    plan.starts = 20;
    plan.polls = 1000;
    plan.trials_per_site = 12;
    plan.memory_after_s = 600;
    return plan;
}

Plan smoke(Plan plan) {
    plan.starts = plan.sites = plan.trials_per_site = 1;
    plan.polls = 2;
    plan.memory_after_s = 0;
    return plan;
}

}  // namespace
}  // namespace jkp::bench

int main(int argc, char** argv) {
    using namespace jkp::bench;
    Plan plan;
    bool header = true;
    bool judge = true;
    for (int i = 1; i < argc; ++i) {
        const std::string option = argv[i];
        if (option == "--daemon" && i + 1 < argc)
            plan.program = argv[++i];
        else if (option == "--full")
            plan = full(plan);
        else if (option == "--smoke")
            plan = smoke(plan), judge = false;
        else if (option == "--no-header")
            header = false;
        else
            return std::cerr << "bench_daemon --daemon PROGRAM [--full | --smoke] [--no-header]\n", 2;
    }
    if (header) Table::print_header();
    Table table(judge);
    try {
        measure_start(table, plan);
        measure_latency(table, plan);
        measure_reaction(table, plan);
    } catch (const std::exception& e) {
        std::cerr << "bench_daemon: " << e.what() << '\n';
        return 2;
    }
    return table.exit_code();
}
