// SPDX-License-Identifier: MIT
// A snapshot in the text format of Prometheus. Names, units and labels are a contract: docs/metrics.md.
// What is not known has no sample: an absent value is never 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/series.hpp"
#include "report/snapshot.hpp"

namespace jkp::report {

// What the snapshot does not hold.
struct MetricsExtra {
    std::optional<Energy> energy = {};   // since the counters began
    std::vector<LinkView> outlets = {};  // web server, broker, history, as far as there are any
    std::optional<std::uint64_t> resident_bytes = {};
    std::optional<double> cpu_seconds = {};
    std::optional<std::uint64_t> open_files = {};
};

// Whoever only checks the contract sees the families in the order of the text.
struct MetricName {
    std::string_view name;
    std::string_view help;
    bool counter;
};
std::vector<MetricName> metric_names();

std::string metrics_text(const Snapshot& snapshot, const control::Config& config, const MetricsExtra& extra);

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace jkp::report
