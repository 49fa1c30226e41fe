// SPDX-License-Identifier: MIT
// One poller for each pack. A changed configuration leaves those alone whose link it does not change: the
// port stays open, the counters go on, and only the pack they belong to may have another place. Thread: that
// of the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/jk_poller.hpp"
#include "config/settings.hpp"
#include "report/snapshot.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

// As those of JkPoller, with the place of the pack in the configuration that is in force then.
struct PollersHandlers {
    std::function<void(std::size_t, const Stamped<PackReading>&)> on_reading;
    std::function<void(std::size_t, PollFailure, const std::string&)> on_failure;
    std::function<void(std::size_t, PortState, const std::string&)> on_state;
};

class Pollers {
  public:
    Pollers(boost::asio::io_context& loop, const config::Settings& settings, PollersHandlers handlers);
    ~Pollers();
    Pollers(const Pollers&) = delete;
    Pollers& operator=(const Pollers&) = delete;

    void start();
    void stop();
    void adopt(const config::Settings& settings);
    void set_period(std::size_t pack, Duration period);

    [[nodiscard]] std::size_t size() const { return lines_.size(); }
    [[nodiscard]] report::LinkView view(std::size_t pack) const;

  private:
    struct Line;
    std::unique_ptr<Line> make(const config::Settings& settings, std::size_t pack);
    // The line of before that this link still describes; none when it has to be made.
    std::unique_ptr<Line> kept(const config::PackLink& link);

    boost::asio::io_context& loop_;
    PollersHandlers handlers_;
    std::vector<std::unique_ptr<Line>> lines_;  // as the packs; while adopt() runs some are gone
    bool running_ = false;
};

}  // namespace jkp::app
