// SPDX-License-Identifier: MIT
#include "io/log.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/systemd_sink.h>

namespace jkp::io {
namespace {

constexpr auto identity = "jk-pylon";

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warning: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

spdlog::sink_ptr console() {
    auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();  // automatic: colour on a terminal
    sink->set_pattern("%H:%M:%S %^%l%$ %v");
    return sink;
}

// Time and level are fields of the journal; the text alone is the message.
spdlog::sink_ptr journal() {
    auto sink = std::make_shared<spdlog::sinks::systemd_sink_mt>(identity);
    sink->set_pattern("%v");
    return sink;
}

spdlog::sink_ptr rotating_file(const LogOptions& options) {
    constexpr std::size_t bytes_per_kb = 1024;
    auto sink = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
        options.file, options.max_size_kb * bytes_per_kb, options.files);
    sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
    return sink;
}

spdlog::sink_ptr sink_for(const LogOptions& options) {
    switch (options.target) {
        case LogTarget::console: return console();
        case LogTarget::journald: return journal();
        case LogTarget::file: return rotating_file(options);
    }
    return console();
}

}  // namespace

Result<Log, std::string> open_log(const LogOptions& options) {
    try {
        auto dropped = std::make_shared<std::atomic<std::uint64_t>>(0);
        auto logger = std::make_shared<spdlog::logger>(identity, sink_for(options));
        logger->set_level(level_of(options.level));
        // Each line reaches the system at once, so that a full disk is noticed here and not at exit.
        logger->flush_on(spdlog::level::trace);
        logger->set_error_handler([dropped](const std::string&) { ++*dropped; });
        return Log{std::move(logger), std::move(dropped)};
    } catch (const spdlog::spdlog_ex& fault) {
        return failure(std::string("cannot open the log: ") + fault.what());
    }
}

}  // namespace jkp::io
