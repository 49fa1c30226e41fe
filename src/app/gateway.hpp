// SPDX-License-Identifier: MIT
// The daemon: pollers, controller, CAN link, local socket, state file and service manager around one event
// loop. Loss of a link is an input to control, never the end of the program. Thread: that of the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "config/settings.hpp"
#include "core/result.hpp"
#include "report/snapshot.hpp"

namespace boost::asio {
class io_context;
}
namespace spdlog {
class logger;
}

namespace jkp::app {

class Gateway {
  public:
    // Reads the state file. Throws std::runtime_error with what was tried when it cannot run at all
    // (another instance holds the socket, settings that no link can use).
    // `config_file` is shown to people, as the place where settings are changed.
    Gateway(boost::asio::io_context& loop, config::Settings settings, std::shared_ptr<spdlog::logger> log,
            std::string config_file = {});
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    void start();
    // Three zero-limit bursts, then everything is closed and `done` is called.
    void stop(std::function<void()> done);
    // Takes over changed settings. Links whose settings did not change stay open. Throws and changes nothing
    // when no CAN link can be made of them.
    void reload(config::Settings settings);

    [[nodiscard]] report::Snapshot snapshot() const;
    [[nodiscard]] const config::Settings& settings() const;
    // Of the dashboard; empty while nobody can look at it.
    [[nodiscard]] std::string dashboard() const;
    // Called after each control cycle, for the live view of the demo; empty = nobody.
    void on_cycle(std::function<void()> watcher);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jkp::app
