// SPDX-License-Identifier: MIT
// What bench_codecs measures, registered with Google Benchmark by the name of its figure.
#pragma once

#include <benchmark/benchmark.h>

#include <string>

#include "allocations.hpp"
#include "core/pack.hpp"

namespace jkp::bench {

// 16 cells; its answer on the wire has 291 bytes. `tick` varies the voltages a little.
PackReading reading(int tick = 0);

// Runs `work` for as long as the framework asks and counts what it allocates per run.
template <class Work>
void measure(benchmark::State& state, Work work) {
    const std::uint64_t before = allocations();
    for (auto _ : state) work();
    const auto count = static_cast<double>(allocations() - before);
    state.counters["allocations"] = count / static_cast<double>(state.iterations());
}

void register_codecs();
void register_control();
std::string step_name(std::size_t packs);

}  // namespace jkp::bench
