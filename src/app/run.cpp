// SPDX-License-Identifier: MIT
#include "app/run.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "app/gateway.hpp"
#include "app/wiring.hpp"
#include "config/load.hpp"
#include "io/signals.hpp"

namespace jkp::app {
namespace {

constexpr std::streamsize longest_config = 1 << 20;

Result<std::string, std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return failure(path + ": cannot be read: " + std::strerror(errno));
    std::string text(static_cast<std::size_t>(longest_config) + 1, '\0');
    file.read(text.data(), longest_config + 1);
    if (file.bad() || (file.fail() && !file.eof())) return failure(path + ": cannot be read");
    if (file.gcount() > longest_config) return failure(path + ": larger than 1 MiB is no configuration");
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

void tell_warnings(spdlog::logger& log, const config::Settings& settings) {
    for (const config::ConfigError& warning : settings.warnings) log.warn(config::format(warning));
}

void reload(Gateway& gateway, spdlog::logger& log, const std::string& path) {
    auto settings = load_settings(path);
    if (!settings) {
        log.error("reload refused, the running configuration stays:");
        for (const std::string& line : settings.error().lines) log.error(line);
        return;
    }
    const config::Settings& old = gateway.settings();
    if (settings->log != old.log || settings->socket != old.socket || settings->state != old.state) {
        log.warn("[log], [socket] and [state] take effect only at the next start");
        settings->log = old.log;
        settings->socket = old.socket;
        settings->state = old.state;
    }
    tell_warnings(log, *settings);
    try {
        gateway.reload(std::move(*settings));
    } catch (const std::exception& e) {
        log.error("reload refused, the running configuration stays: {}", e.what());
    }
}

int run_with(config::Settings settings, const std::string& path) {
    const auto log = io::open_log(log_options(settings.log));
    if (!log) {
        std::cerr << "jk-pylon: " << log.error() << '\n';
        return 2;
    }
    tell_warnings(*log->logger, settings);
    // Never destroyed: its destructor waits for a name that is being looked up, and a dead name server would
    // then hold up the end longer than the service manager allows. The end of the process takes it along.
    static auto& loop = *new boost::asio::io_context(1);
    try {
        Gateway gateway(loop, std::move(settings), log->logger, path);
        const io::Signals signals(loop, {.on_stop = [&] { gateway.stop([&] { loop.stop(); }); },
                                         .on_reload = [&] { reload(gateway, *log->logger, path); }});
        gateway.start();
        loop.run();
        return 0;
    } catch (const std::exception& e) {
        log->logger->error("cannot start: {}", e.what());
        log->logger->flush();
        return 2;
    }
}

}  // namespace

Result<config::Settings, LoadFailure> load_settings(const std::string& path) {
    const auto text = read_file(path);
    if (!text) return failure(LoadFailure{true, {text.error()}});
    auto settings = config::load(*text, path);
    if (settings) return std::move(*settings);
    LoadFailure bad;
    for (const config::ConfigError& error : settings.error()) bad.lines.push_back(config::format(error));
    return failure(std::move(bad));
}

int run(const std::string& config_path) {
    auto settings = load_settings(config_path);
    if (!settings) {
        for (const std::string& line : settings.error().lines) std::cerr << line << '\n';
        std::cerr << "jk-pylon: not started; `jk-pylon check-config " << config_path
                  << "` shows this list again\n";
        return 2;
    }
    return run_with(std::move(*settings), config_path);
}

}  // namespace jkp::app
