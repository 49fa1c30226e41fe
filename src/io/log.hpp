// SPDX-License-Identifier: MIT
// Sets up where messages go. Everything that logs uses the returned logger, handed over by its owner.
// Thread: any (spdlog locks); writing is synchronous. A log that cannot be written (disk full, file
// gone) never throws and never blocks the program: the message is dropped and counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "core/result.hpp"

namespace spdlog {
class logger;
}

namespace jkp::io {

enum class LogTarget : std::uint8_t { console, journald, file };
enum class LogLevel : std::uint8_t { debug, info, warning, error };

struct LogOptions {
    LogTarget target = LogTarget::console;  // console: stderr, in colour on a terminal only
    LogLevel level = LogLevel::info;
    std::string file;                // target file
    std::size_t max_size_kb = 1024;  // a new file is begun at this size
    std::size_t files = 3;           // older files kept: name.1.log, name.2.log, ...
};

struct Log {
    std::shared_ptr<spdlog::logger> logger;
    std::shared_ptr<const std::atomic<std::uint64_t>> dropped;  // messages that could not be written
};

// The error names the file and the cause.
Result<Log, std::string> open_log(const LogOptions& options);

}  // namespace jkp::io
