// SPDX-License-Identifier: MIT
// Throughput of the codecs and of the control step.
//   bench_codecs [--smoke] [--no-header]
// Exit code: 0, 1 a bound is broken, 2 a benchmark did not do its work.
#include <string>

#include "codecs.hpp"
#include "reporter.hpp"

int main(int argc, char** argv) {
    using namespace jkp::bench;
    bool smoke = false;
    bool header = true;
    for (int i = 1; i < argc; ++i) {
        smoke = smoke || argv[i] == std::string("--smoke");
        header = header && argv[i] != std::string("--no-header");
    }
    register_codecs();
    register_control();
    std::string time = smoke ? "--benchmark_min_time=0" : "--benchmark_min_time=0.2";
    std::string repetitions = smoke ? "--benchmark_repetitions=1" : "--benchmark_repetitions=7";
    char* options[] = {argv[0], time.data(), repetitions.data(), nullptr};
    int count = 3;
    benchmark::Initialize(&count, options);

    if (header) Table::print_header();
    Table table(!smoke);
    Reporter reporter(table);
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return reporter.failed() ? 2 : table.exit_code();
}
