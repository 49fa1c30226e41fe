// SPDX-License-Identifier: MIT
// Turns what Google Benchmark measured into rows of our table: the median of the repetitions.
#pragma once

#include <benchmark/benchmark.h>

#include <map>
#include <string>

#include "figures.hpp"

namespace jkp::bench {

class Reporter final : public benchmark::BenchmarkReporter {
  public:
    explicit Reporter(Table& table) : table_(table) {}
    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override;
    [[nodiscard]] bool failed() const { return failed_; }
    // Nanoseconds of processor time, by the name of the figure.
    [[nodiscard]] const std::map<std::string, double>& measured() const { return measured_; }

  private:
    void add(const Run& run);

    Table& table_;
    bool failed_ = false;
    std::map<std::string, double> measured_;
};

}  // namespace jkp::bench
