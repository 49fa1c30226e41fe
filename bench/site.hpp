// SPDX-License-Identifier: MIT
// A simulated BMS and inverter on pseudo terminals with the real daemon between them, and the instants at
// which something passed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "app/sim_host.hpp"
#include "daemon.hpp"

namespace jkp::bench {

struct SiteOptions {
    std::string program;
    double poll_s = 1.0;
    std::uint64_t seed = 1;
};

class Site {
  public:
    Site(boost::asio::io_context& loop, const SiteOptions& options);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    // The daemon starts without a state file, as on a new machine.
    void start_daemon();
    // Returns at once; until daemon().ended() the loop has to run.
    void stop_daemon();
    [[nodiscard]] Daemon& daemon() { return *daemon_; }
    [[nodiscard]] bool daemon_ended() { return !daemon_ || daemon_->ended(); }

    [[nodiscard]] sim::Scene& scene() { return host_.scene(); }
    [[nodiscard]] std::uint64_t answers() const { return answers_; }
    // The last byte of an answer was on the line -> the next frame came out of the stick. Each answer once.
    std::function<void(Duration)> on_latency;
    // First frame after the start.
    [[nodiscard]] std::optional<TimePoint> first_frame() const { return first_frame_; }
    // The newest charge limit on the bus, and since when it is 0 without a break.
    [[nodiscard]] std::optional<Milliamps> charge_limit() const { return charge_limit_; }
    [[nodiscard]] std::optional<TimePoint> zero_since() const { return zero_since_; }

  private:
    void saw(const CanFrame& frame, TimePoint at);
    void write_config() const;

    SiteOptions options_;
    std::filesystem::path folder_;
    app::SimHost host_;
    std::optional<Daemon> daemon_;
    std::uint64_t answers_ = 0;
    std::optional<TimePoint> answered_at_;
    std::optional<TimePoint> first_frame_;
    std::optional<Milliamps> charge_limit_;
    std::optional<TimePoint> zero_since_;
};

}  // namespace jkp::bench
