// SPDX-License-Identifier: MIT
// The simulated site around the real program. Several sites may share one world, that is one event loop.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/sim_host.hpp"
#include "e2e/child.hpp"
#include "io/clock.hpp"
#include "pylontech/codec.hpp"

namespace jkp::e2e {

#ifndef JKP_SLOWNESS
#define JKP_SLOWNESS 1
#endif
// Sanitised programs and their machines are slower; margins of time are multiplied by this.
inline constexpr int slowness = JKP_SLOWNESS;
using std::chrono::milliseconds;
using std::chrono::seconds;
inline constexpr Duration patience = slowness * seconds(20);

struct World {
    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{loop.get_executor()};

    // Runs the loop until the condition holds; false when it still does not at the end of the time.
    template <class Condition>
    bool until(Condition holds, Duration time = patience) {
        const TimePoint deadline = io::now() + time;
        while (true) {
            if (holds()) return true;  // asked once a turn: it may be a command with an effect
            if (io::now() >= deadline) return false;
            loop.run_one_for(milliseconds(10));
        }
    }
    // Lets the time pass, for what must not happen meanwhile.
    void pass(Duration time) {
        const TimePoint end = io::now() + time;
        until([end] { return io::now() >= end; }, time + seconds(60));
    }
};

struct SiteConfig {
    double max_charge_a = 60;
    double max_discharge_a = 60;
    double poll_s = 0.25;
    double rise_hold_s = 30;
    bool quick = true;   // no start hold, and a ramp of seconds instead of a minute
    std::string pack{};  // further lines of the tables
    std::string can{};
    std::string more{};  // further tables
};

struct Seen {
    CanFrame frame;
    TimePoint at;
};

template <class Message>
struct Heard {
    Message message;
    TimePoint at;
};

struct Answer {
    int exit_code = -1;
    std::string output;
    std::string errors;
    [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(output, nullptr, false); }
};

class Site {
  public:
    explicit Site(World& world, const SiteConfig& config = {}, app::SimHostSettings sim = {});
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    // ---- the program
    void write_config(const SiteConfig& config);
    void start(ChildOptions options = {});
    // Until the charge and discharge limit on the bus are these.
    bool until_limits(double charge_a, double discharge_a, Duration time = patience);
    bool until_log(std::string_view text, std::size_t times = 1);
    bool until_ended(Duration time = patience);
    template <class Condition>
    bool until(Condition holds, Duration time = patience) {
        return world.until(holds, time);
    }
    // A run of the command line, while the site goes on.
    Answer run(std::vector<std::string> arguments, const std::string& typed = {});
    // The same with the site's socket.
    Answer ask(std::vector<std::string> arguments, const std::string& typed = {});
    nlohmann::json status();  // an empty object when it does not answer

    // ---- what it said
    [[nodiscard]] std::string log() const;
    [[nodiscard]] std::size_t log_count(std::string_view text) const;
    template <class Message>
    [[nodiscard]] std::vector<Heard<Message>> all(std::size_t from = 0) const {
        std::vector<Heard<Message>> result;
        for (std::size_t i = from; i < frames.size(); ++i) {
            const auto message = pylontech::decode(frames[i].frame);
            if (!message) continue;
            if (const auto* wanted = std::get_if<Message>(&*message))
                result.push_back({*wanted, frames[i].at});
        }
        return result;
    }
    template <class Message>
    [[nodiscard]] std::optional<Message> last() const {
        for (auto it = frames.rbegin(); it != frames.rend(); ++it) {
            const auto message = pylontech::decode(it->frame);
            if (!message) continue;
            if (const auto* wanted = std::get_if<Message>(&*message)) return *wanted;
        }
        return std::nullopt;
    }
    // Whole bursts since frame number `from`; a limits frame later than all others counts as its beginning.
    [[nodiscard]] std::size_t bursts(std::size_t from = 0) const { return all<pylontech::Name>(from).size(); }
    // One more whole burst than now; its frames are the newest.
    bool until_burst(Duration time = patience);

    [[nodiscard]] sim::Scene& scene() { return host->scene(); }
    [[nodiscard]] std::string file(const std::string& name) const { return (folder_ / name).string(); }

    World& world;
    std::vector<Seen> frames;  // everything the program put on the bus
    std::unique_ptr<app::SimHost> host;
    std::unique_ptr<Child> child;

  private:
    std::filesystem::path folder_;
    unsigned runs_ = 0;
};

std::string contents(const std::string& file);

// The limits of 0x351 in ampere.
double charge_a(const pylontech::Limits& limits);
double discharge_a(const pylontech::Limits& limits);

}  // namespace jkp::e2e
