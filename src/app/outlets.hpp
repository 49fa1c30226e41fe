// SPDX-License-Identifier: MIT
// What shows the battery to the world and takes commands from there: history, web server, MQTT broker,
// messages. Each works for itself, as far as it is configured; none of them can make control wait, and what
// they are told is the snapshot, so that they all say the same as the bus. Thread: that of the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/commands.hpp"
#include "config/settings.hpp"
#include "report/event_record.hpp"
#include "report/snapshot.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

struct OutletHandlers {
    std::function<report::Snapshot()> snapshot;
    std::function<const config::Settings&()> settings;  // those in force
    std::function<std::optional<WallTime>()> wall;      // absent: the clock is not set
    AnswerCommand command;
    // Each change of one outlet: whether it works, and a sentence with cause and next step.
    std::function<void(const std::string& outlet, bool good, const std::string& sentence)> on_state;
    // The numbers of all later events are to be higher by this.
    std::function<void(std::uint64_t by)> on_raised = {};
};

class Outlets {
  public:
    // Opens nothing. `config_file` is shown to people.
    Outlets(boost::asio::io_context& loop, const config::Settings& settings, std::string config_file,
            OutletHandlers handlers);
    ~Outlets();  // as stop()
    Outlets(const Outlets&) = delete;
    Outlets& operator=(const Outlets&) = delete;

    void start();
    // Waits for nobody: neither for a broker nor for a browser.
    void stop();
    // Makes anew what another configuration changes; everything else goes on undisturbed.
    void adopt(const config::Settings& settings);

    void on_cycle(TimePoint now);  // after each control cycle
    void on_event(const report::EventRecord& event);

    // The number for the next event: one more than the newest that is known.
    [[nodiscard]] std::uint64_t next_event_id() const;
    [[nodiscard]] std::vector<report::LinkView> views() const;
    // Of the dashboard; empty while nobody can look at it.
    [[nodiscard]] std::string url() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jkp::app
