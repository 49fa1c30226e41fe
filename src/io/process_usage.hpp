// SPDX-License-Identifier: MIT
// What this process takes of the machine, as the kernel says. Thread: any.
#pragma once

#include <cstdint>
#include <optional>

namespace jkp::io {

struct ProcessUsage {
    std::optional<std::uint64_t> resident_bytes;
    std::optional<double> cpu_seconds;  // user and system
    std::optional<std::uint64_t> open_files;
};
ProcessUsage process_usage();

}  // namespace jkp::io
