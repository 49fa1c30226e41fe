// SPDX-License-Identifier: MIT
#include "app/demo.hpp"

#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "app/demo_story.hpp"
#include "app/gateway.hpp"
#include "app/sim_host.hpp"
#include "config/load.hpp"
#include "io/clock.hpp"
#include "io/signals.hpp"
#include "report/live_view.hpp"
#include "report/words.hpp"

namespace jkp::app {
namespace {

namespace fs = std::filesystem;
using boost::asio::steady_timer;

// A folder of our own that goes away with us.
class Folder {
  public:
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "jk-pylon-demo-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder could be made");
        path_ = pattern;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

  private:
    fs::path path_;
};

config::Settings demo_settings(const Folder& folder) {
    const std::string text = "[[pack]]\nname = \"demo\"\nport = \"" + folder.file("bms") +
                             "\"\nmax_charge_a = 60\nmax_discharge_a = 60\ncapacity_ah = 100\n"
                             "[can]\nkind = \"slcan\"\nport = \"" +
                             folder.file("can") +
                             // Livelier than a battery should be: a story of three minutes.
                             "\"\n[control.dynamics]\nrise_hold_s = 10\nrise_a_per_s = 5\nrise_share_per_s = "
                             "0.1\n[state]\nfile = \"" +
                             folder.file("state.json") + "\"\n[socket]\npath = \"" +
                             folder.file("control.sock") + "\"\n";
    auto settings = config::load(text, "demo");
    if (!settings) throw std::runtime_error("demo configuration: " + config::format(settings.error()));
    return std::move(*settings);
}

// What the simulated inverter saw, judged frame by frame.
struct Verdict {
    std::uint64_t frames = 0;
    std::uint64_t bursts = 0;
    std::uint64_t unreadable = 0;
    std::uint64_t above_maximum = 0;
    std::uint64_t charge_over_hard_stop = 0;

    void see(const CanFrame& frame, bool hard_stop_for_long) {
        ++frames;
        const auto message = pylontech::decode(frame);
        if (!message || std::holds_alternative<pylontech::Unknown>(*message)) {
            ++unreadable;
            return;
        }
        const auto* limits = std::get_if<pylontech::Limits>(&*message);
        if (limits == nullptr) return;
        ++bursts;
        const Milliamps most{60'000};
        if (limits->charge_current_limit > most || limits->discharge_current_limit > most) ++above_maximum;
        if (hard_stop_for_long && limits->charge_current_limit > Milliamps(0)) ++charge_over_hard_stop;
    }
    [[nodiscard]] bool clean() const { return unreadable + above_maximum + charge_over_hard_stop == 0; }
};

class Demo {
  public:
    explicit Demo(const DemoOptions& options)
        : options_(options),
          live_(!options.plain && isatty(STDOUT_FILENO) != 0),
          messages_(std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(6)),
          log_(std::make_shared<spdlog::logger>("demo", messages_)),
          timer_(loop_),
          host_(loop_, host_settings()),
          gateway_(loop_, demo_settings(folder_), log_) {
        log_->set_pattern("%H:%M:%S  %v");
        host_.on_battery_frame([this](const CanFrame& frame, TimePoint now) {
            verdict_.see(frame, stopped_since_ && now - *stopped_since_ > control::seconds(2));
        });
    }

    int run() {
        const io::Signals signals(loop_, {.on_stop = [this] { finish(); }, .on_reload = [] {}});
        started_ = io::now();
        host_.start();
        gateway_.start();
        std::cout << "jk-pylon demo: simulated BMS at " << host_.bms_path() << ", simulated inverter at "
                  << host_.can_path() << "\nAsk it from another terminal: jk-pylon status --socket "
                  << folder_.file("control.sock") << "\n";
        tick();
        loop_.run();
        return summary();
    }

  private:
    SimHostSettings host_settings() {
        SimHostSettings settings;
        settings.pack.soc = Permille(600);
        settings.pack.soc_spread = Permille(5);
        settings.pack.noise = true;
        settings.wish = [this](TimePoint now) { return DemoStory::wish(now - started_); };
        settings.bms_link = folder_.file("bms");
        settings.can_link = folder_.file("can");
        return settings;
    }

    void tick() {
        const Duration elapsed = io::now() - started_;
        if (options_.for_s > 0 && elapsed >= std::chrono::duration<double>(options_.for_s)) return finish();
        const std::string_view caption = story_.tell(host_, elapsed);
        watch_hard_stop();
        if (++ticks_ % 2 == 0 || live_) show(caption, elapsed);
        timer_.expires_after(std::chrono::milliseconds(500));
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) tick();
        });
    }

    void watch_hard_stop() {
        const bool stopped = host_.scene().pack.cell(6) >= Millivolts(3550);
        if (!stopped) stopped_since_.reset();
        if (stopped && !stopped_since_) stopped_since_ = io::now();
    }

    double rate() {
        const TimePoint now = io::now();
        const double seconds = std::chrono::duration<double>(now - rated_at_).count();
        if (seconds >= 2.0) {
            rate_ = static_cast<double>(verdict_.frames - rated_frames_) / seconds;
            rated_frames_ = verdict_.frames;
            rated_at_ = now;
        }
        return rate_;
    }

    void show(std::string_view caption, Duration elapsed) {
        const report::Snapshot snapshot = gateway_.snapshot();
        const control::Config& config = gateway_.settings().control;
        if (!live_) {
            std::cout << report::seconds_text(elapsed) << "  " << report::live_line(snapshot, config, rate())
                      << '\n'
                      << std::flush;
            return;
        }
        std::cout << "\033[H\033[J" << report::live_view(snapshot, config, rate()) << "\n  now: " << caption
                  << "\n\n";
        for (const std::string& line : messages_->last_formatted(6)) std::cout << "  " << line;
        std::cout << "\n  Ctrl-C ends the demo.\n" << std::flush;
    }

    void finish() {
        timer_.cancel();
        elapsed_ = io::now() - started_;
        snapshot_ = gateway_.snapshot();
        gateway_.stop([this] {
            host_.stop();
            loop_.stop();
        });
    }

    std::uint64_t counted(const char* what) const {
        for (const report::NamedCount& c : snapshot_.packs[0].link.counters) {
            if (c.name == what) return c.count;
        }
        return 0;
    }

    int summary() {
        const double seconds = std::chrono::duration<double>(elapsed_).count();
        std::printf(
            "\nSummary after %.1f s\n  polls %llu, answers %llu\n  bursts %llu, frames %llu (%.1f/s)\n",
            seconds, static_cast<unsigned long long>(counted("polls")),
            static_cast<unsigned long long>(counted("answers")),
            static_cast<unsigned long long>(verdict_.bursts),
            static_cast<unsigned long long>(verdict_.frames), static_cast<double>(verdict_.frames) / seconds);
        std::printf(
            "  seen by the inverter: unreadable %llu, above the maximum %llu, charging allowed at the hard "
            "stop %llu\n",
            static_cast<unsigned long long>(verdict_.unreadable),
            static_cast<unsigned long long>(verdict_.above_maximum),
            static_cast<unsigned long long>(verdict_.charge_over_hard_stop));
        // One burst a second, apart from the first two seconds.
        const bool steady = static_cast<double>(verdict_.bursts) >= 0.8 * (seconds - 2.0);
        const bool good = verdict_.clean() && steady && verdict_.bursts > 0;
        std::printf("  result: %s\n", good ? "good" : "NOT good");
        return good ? 0 : 1;
    }

    DemoOptions options_;
    bool live_;
    Folder folder_;
    boost::asio::io_context loop_{1};
    std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> messages_;
    std::shared_ptr<spdlog::logger> log_;
    steady_timer timer_;
    TimePoint started_{};
    SimHost host_;
    Gateway gateway_;
    DemoStory story_;
    Verdict verdict_;
    std::optional<TimePoint> stopped_since_;
    report::Snapshot snapshot_;
    Duration elapsed_{};
    TimePoint rated_at_{};
    std::uint64_t rated_frames_ = 0;
    double rate_ = 0;
    unsigned ticks_ = 0;
};

}  // namespace

int run_demo(const DemoOptions& options) {
    try {
        return Demo(options).run();
    } catch (const std::exception& e) {
        std::cerr << "jk-pylon demo: " << e.what() << '\n';
        return 2;
    }
}

}  // namespace jkp::app
