// SPDX-License-Identifier: MIT
// Throughput of the codecs and of the control step.
//   bench_codecs [--smoke] [--no-header]
// Exit code: 0, 1 a bound is broken, 2 a benchmark did not do its work.
#include <string>

#include "codecs.hpp"
#include "reporter.hpp"

namespace jkp::bench {
namespace {

// A pack must not cost more because there are more of them: ratios of one run, so the machine drops out.
void add_cost_per_pack(Table& table, const std::map<std::string, double>& measured) {
    constexpr double linear = 1.3;
    const auto per_pack = [&](std::size_t packs) {
        return measured.at(step_name(packs)) / static_cast<double>(packs);
    };
    table.add({.name = "control step: one pack of 16 against one alone",
               .measured = per_pack(16) / per_pack(1),
               .unit = "x",
               .bound = linear});
    table.add({.name = "control step: one pack of 64 against one of 16",
               .measured = per_pack(64) / per_pack(16),
               .unit = "x",
               .bound = linear});
}

}  // namespace
}  // namespace jkp::bench

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
    if (reporter.failed()) return 2;
    add_cost_per_pack(table, reporter.measured());
    return table.exit_code();
}
