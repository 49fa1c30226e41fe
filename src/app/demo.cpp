// SPDX-License-Identifier: MIT
#include "app/demo.hpp"

#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>

#include "app/demo_story.hpp"
#include "app/gateway.hpp"
#include "app/sim_host.hpp"
#include "app/site_host.hpp"
#include "config/load.hpp"
#include "io/clock.hpp"
#include "io/signals.hpp"
#include "report/live_view.hpp"
#include "report/words.hpp"

namespace jkp::app {
namespace {

namespace fs = std::filesystem;
using boost::asio::steady_timer;

constexpr std::uint32_t demo_meter = 3'000'000'001;

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

// Free a moment ago; the meter of the house sends to it.
std::uint16_t free_port(boost::asio::io_context& loop) {
    using boost::asio::ip::udp;
    const udp::socket socket(loop, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    return socket.local_endpoint().port();
}

// HOST:PORT; its discovery goes to a place of its own, so that no real Home Assistant takes it for a battery.
std::string mqtt_table(const std::string& broker) {
    if (broker.empty()) return {};
    const std::size_t colon = broker.rfind(':');
    return "[mqtt]\nhost = \"" + broker.substr(0, colon) +
           "\"\nport = " + (colon == std::string::npos ? "1883" : broker.substr(colon + 1)) +
           "\nprefix = \"jk-pylon-demo\"\ndiscovery_prefix = \"jk-pylon-demo/homeassistant\"\n";
}

config::Settings demo_settings(const DemoOptions& options, const Folder& folder, std::uint16_t meter_port,
                               std::uint16_t peer_port) {
    const std::string text =
        "[[pack]]\nname = \"demo\"\nport = \"" + folder.file("bms") +
        "\"\nmax_charge_a = 60\nmax_discharge_a = 60\ncapacity_ah = 100\n[can]\nkind = \"slcan\"\nport = \"" +
        folder.file("can") +
        "\"\n[meter]\nkind = \"sma\"\ninterface = \"lo\"\nserial = " + std::to_string(demo_meter) +
        "\nport = " + std::to_string(meter_port) +
        "\n[peer.goodwe]\nhost = \"127.0.0.1\"\nport = " + std::to_string(peer_port) +
        // Livelier than a battery should be: a story of three minutes.
        "\n[control.dynamics]\nrise_hold_s = 10\nrise_window_s = 5\nrise_a_per_s = 5\nrise_share_per_s = "
        "0.1\n[state]\nfile = "
        "\"" +
        folder.file("state.json") + "\"\n[socket]\npath = \"" + folder.file("control.sock") +
        "\"\n[history]\nfile = \"" + folder.file("history.db") +
        "\"\n[web]\nport = " + std::to_string(options.port) + '\n' + mqtt_table(options.mqtt);
    auto settings = config::load(text, "demo");
    if (!settings) throw std::runtime_error("demo configuration: " + config::format(settings.error()));
    return std::move(*settings);
}

// Two inverters of like size at one meter.
SiteHostSettings demo_site() {
    SiteHostSettings settings;
    sim::SelfUseSpec& ours = settings.site.first;
    ours = {.delay = std::chrono::milliseconds(1500), .gain_per_s = 0.12, .slew_per_second = Watts(1500)};
    sim::SecondInverterSpec& second = settings.site.second;
    second.self_use = ours;
    second.max_charge = second.max_discharge = Watts(4000);
    second.soc = Permille(550);
    settings.meter.serial = demo_meter;
    return settings;
}

// The second inverter is asked each 5 s; an answer may be late, and the first takes two questions.
constexpr Duration peer_told_within = std::chrono::seconds(12);

// What the simulated inverter saw, judged frame by frame.
struct Verdict {
    std::uint64_t frames = 0;
    std::uint64_t bursts = 0;
    std::uint64_t unreadable = 0;
    std::uint64_t above_maximum = 0;
    std::uint64_t charge_over_hard_stop = 0;
    std::uint64_t discharge_into_peer = 0;

    void see(const CanFrame& frame, bool hard_stop_for_long, bool peer_charges_for_long) {
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
        if (peer_charges_for_long && limits->discharge_current_limit > Milliamps(0)) ++discharge_into_peer;
    }
    [[nodiscard]] bool clean() const {
        return unreadable + above_maximum + charge_over_hard_stop + discharge_into_peer == 0;
    }
};

class Demo {
  public:
    explicit Demo(const DemoOptions& options)
        : options_(options),
          live_(!options.plain && isatty(STDOUT_FILENO) != 0),
          messages_(std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(6)),
          log_(std::make_shared<spdlog::logger>("demo", messages_)),
          timer_(loop_),
          house_(loop_, demo_site(), io::now()),
          host_(loop_, host_settings()),
          meter_port_(free_port(loop_)),
          gateway_(loop_, demo_settings(options, folder_, meter_port_, house_.peer_port()), log_) {
        log_->set_pattern("%H:%M:%S  %v");
        host_.on_battery_frame([this](const CanFrame& frame, TimePoint now) {
            verdict_.see(frame, stopped_since_ && now - *stopped_since_ > control::seconds(2),
                         charged_since_ && now - *charged_since_ > peer_told_within);
        });
        host_.on_step([this](TimePoint now) { house_.advance(now, host_.scene()); });
    }

    int run() {
        const io::Signals signals(loop_, {.on_stop = [this] { finish(); }, .on_reload = [] {}});
        started_ = io::now();
        story_.tell(host_, house_, {});
        host_.start();
        gateway_.start();
        house_.send_meter_to(meter_port_);
        std::cout << "jk-pylon demo: simulated BMS at " << host_.bms_path() << ", simulated inverter at "
                  << host_.can_path() << "\nAsk it from another terminal: jk-pylon status --socket "
                  << folder_.file("control.sock") << "\nDashboard: " << gateway_.dashboard() << "\n";
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
        settings.wish = [this](TimePoint) { return house_.wish(host_.scene()); };
        settings.bms_link = folder_.file("bms");
        settings.can_link = folder_.file("can");
        return settings;
    }

    void tick() {
        const Duration elapsed = io::now() - started_;
        if (options_.for_s > 0 && elapsed >= std::chrono::duration<double>(options_.for_s)) return finish();
        const std::string_view caption = story_.tell(host_, house_, elapsed);
        watch_hard_stop();
        watch_peer();
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

    void watch_peer() {
        const bool charges = house_.site().flow().second_w > 300.0;
        if (!charges) charged_since_.reset();
        if (charges && !charged_since_) charged_since_ = io::now();
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
                      << "  " << house_text() << '\n'
                      << std::flush;
            return;
        }
        std::cout << "\033[H\033[J" << report::live_view(snapshot, config, rate()) << "  " << house_text()
                  << "\n\n  now: " << caption << "\n\n";
        for (const std::string& line : messages_->last_formatted(6)) std::cout << "  " << line;
        std::cout << "\n  Ctrl-C ends the demo.\n" << std::flush;
    }

    // What is true; the gateway knows of it what meter, BMS and second inverter tell.
    std::string house_text() {
        const sim::Flow& flow = house_.site().flow();
        std::array<char, 120> text{};
        std::snprintf(text.data(), text.size(),
                      "sun %.0f W, house %.0f W, batteries %+.0f W and %+.0f W, grid %+.0f W", flow.sun_w,
                      flow.house_w, flow.first_w, flow.second_w, flow.grid_w);
        return text.data();
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

    static std::uint64_t counted(const report::LinkView& link, const char* what) {
        for (const report::NamedCount& c : link.counters) {
            if (c.name == what) return c.count;
        }
        return 0;
    }
    [[nodiscard]] unsigned long long of_bms(const char* what) const {
        return counted(snapshot_.packs[0].link, what);
    }
    [[nodiscard]] unsigned long long of_source(const char* source, const char* what) const {
        for (const report::LinkView& view : snapshot_.sources) {
            if (view.name == source) return counted(view, what);
        }
        return 0;
    }

    int summary() {
        const double seconds = std::chrono::duration<double>(elapsed_).count();
        std::printf(
            "\nSummary after %.1f s\n  polls %llu, answers %llu\n  bursts %llu, frames %llu (%.1f/s)\n",
            seconds, of_bms("polls"), of_bms("answers"), static_cast<unsigned long long>(verdict_.bursts),
            static_cast<unsigned long long>(verdict_.frames), static_cast<double>(verdict_.frames) / seconds);
        std::printf(
            "  seen by the inverter: unreadable %llu, above the maximum %llu, charging allowed at the hard "
            "stop %llu\n",
            static_cast<unsigned long long>(verdict_.unreadable),
            static_cast<unsigned long long>(verdict_.above_maximum),
            static_cast<unsigned long long>(verdict_.charge_over_hard_stop));
        std::printf(
            "  meter datagrams read %llu, answers of the second inverter %llu, discharging allowed while it "
            "charged %llu\n",
            of_source("meter", "readings"), of_source("goodwe", "readings"),
            static_cast<unsigned long long>(verdict_.discharge_into_peer));
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
    SiteHost house_;
    SimHost host_;
    std::uint16_t meter_port_;
    Gateway gateway_;
    DemoStory story_;
    Verdict verdict_;
    std::optional<TimePoint> stopped_since_;
    std::optional<TimePoint> charged_since_;
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
