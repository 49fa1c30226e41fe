// SPDX-License-Identifier: MIT
// A poller and a simulated BMS on the two ends of a pseudo terminal.
#pragma once

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <vector>

#include "app/device_on_pty.hpp"
#include "app/jk_poller.hpp"
#include "io/clock.hpp"
#include "sim/pack.hpp"

namespace jkp::app {

// Polls quickly, so that the tests are short: an answer of 291 bytes needs 27 ms. The rest of the time is for
// a machine that is busy with other things.
inline JkPollerSettings quick(const std::string& port) {
    using std::chrono::milliseconds;
    return {.port = port,
            .poll_period = milliseconds(300),
            .response_timeout = milliseconds(180),
            .inter_byte_gap = milliseconds(20),
            .request_gap = milliseconds(30),
            .look_period = milliseconds(50)};
}

struct Bench {
    struct Failed {
        PollFailure failure;
        std::string sentence;
    };

    Bench() { device_on_pty.plug(); }
    ~Bench() {
        poller.reset();
        std::filesystem::remove_all(folder);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    void start() { start(quick(device_on_pty.path())); }
    void start(const JkPollerSettings& settings) {
        JkPollerHandlers handlers;
        handlers.on_reading = [this](const Stamped<PackReading>& r) { readings.push_back(r); };
        handlers.on_failure = [this](PollFailure f, const std::string& why) { failures.push_back({f, why}); };
        handlers.on_state = [this](PortState s, const std::string& why) { states.emplace_back(s, why); };
        poller.emplace(loop, settings, std::move(handlers));
        poller->start();
    }

    // Runs the loop until the condition holds; false when it still does not after `patience`.
    template <class Condition>
    bool until(Condition holds, Duration patience = std::chrono::seconds(10)) {
        const TimePoint deadline = io::now() + patience;
        while (!holds() && io::now() < deadline) loop.run_one_for(std::chrono::milliseconds(20));
        return holds();
    }
    bool readings_reach(std::size_t n) {
        return until([this, n] { return readings.size() >= n; });
    }
    bool polls_reach(std::uint64_t n) {
        return until([this, n] { return counters().polls >= n; });
    }
    // Runs the loop for that long.
    bool pass(Duration time) {
        const TimePoint end = io::now() + time;
        return until([end] { return io::now() >= end; });
    }
    [[nodiscard]] const JkPollerCounters& counters() const { return poller->counters(); }

    boost::asio::io_context loop;
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("jkp-poller-" + std::to_string(getpid()));
    sim::Pack pack{{}};
    // Every answer carries its number as the current, so that a mix-up shows.
    std::int32_t asked = 0;
    sim::JkDevice device{[this](TimePoint at) {
        PackReading r = pack.reading(at);
        r.current = Milliamps(10 * ++asked);
        return r;
    }};
    DeviceOnPty device_on_pty{loop, device, (folder / "by-id-name").string()};
    std::optional<JkPoller> poller;
    std::vector<Stamped<PackReading>> readings;
    std::vector<Failed> failures;
    std::vector<std::pair<PortState, std::string>> states;
};

}  // namespace jkp::app
