// SPDX-License-Identifier: MIT
// Live values of a grid meter, for a person who checks what the gateway will hear.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/sma_meter.hpp"
#include "cli/commands.hpp"
#include "io/group_socket.hpp"
#include "io/signals.hpp"
#include "report/meter_json.hpp"
#include "report/meter_text.hpp"

namespace jkp::cli {
namespace {

app::SmaMeterSettings settings_of(const MeterOptions& options) {
    app::SmaMeterSettings settings;
    settings.serial = options.serial;
    settings.interface = options.interface;
    settings.port = options.port;
    settings.look_period = std::chrono::seconds(1);  // somebody is waiting
    return settings;
}

class MeterMonitor {
  public:
    explicit MeterMonitor(const MeterOptions& options)
        : options_(options),
          end_(loop_),
          meter_(loop_, settings_of(options),
                 {.on_reading = [this](const auto&, const meter::MeterReading& reading) { show(reading); },
                  .on_state = [this](bool, const std::string& sentence) { tell(sentence); }}) {}

    int run() {
        const io::Signals signals(loop_, {.on_stop = [this] { loop_.stop(); }, .on_reload = [] {}});
        meter_.start();
        if (options_.for_s > 0) {
            end_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                std::chrono::duration<double>(options_.for_s)));
            end_.async_wait([this](const boost::system::error_code& error) {
                if (!error) loop_.stop();
            });
        }
        loop_.run();
        if (cannot_listen_) return unable;
        summarize();
        return meter_.counters().filter.news > 0 ? good : bad;
    }

  private:
    void show(const meter::MeterReading& reading) {
        const report::Json object = report::meter_json(reading);
        if (options_.json) {
            std::cout << object.dump() << std::endl;
        } else {
            std::cout << report::meter_line(object) << std::flush;
        }
    }

    void tell(const std::string& sentence) {
        std::cerr << "jk-pylon: " << sentence << '\n';
        if (meter_.port() != 0) return;
        cannot_listen_ = true;
        loop_.stop();
    }

    // Which meters were heard, ours or not.
    void summarize() const {
        const app::SmaMeterCounters counters = meter_.counters();
        if (options_.json) {
            std::cout << summary(counters).dump() << std::endl;
            return;
        }
        for (const meter::HeardMeter& each : meter_.heard()) {
            std::cerr << "jk-pylon: heard " << meter::device_name(each.susy) << ", serial " << each.serial
                      << ": " << each.readings << " readings"
                      << (each.serial == meter_.serial() ? " (shown)" : "") << '\n';
        }
        if (meter_.heard().empty()) {
            std::cerr << "jk-pylon: no meter was heard; " << counters.datagrams
                      << " datagrams of other kinds\n";
        }
    }

    [[nodiscard]] report::Json summary(const app::SmaMeterCounters& counters) const {
        report::Json heard = report::Json::array();
        for (const meter::HeardMeter& each : meter_.heard()) {
            heard.push_back({{"serial", each.serial},
                             {"susy", each.susy},
                             {"device", meter::device_name(each.susy)},
                             {"readings", each.readings}});
        }
        report::Json counts{{"datagrams", counters.datagrams},
                            {"shown", counters.filter.news - counters.superseded},
                            {"repeats", counters.filter.repeats},
                            {"overtaken", counters.filter.overtaken},
                            {"foreign", counters.filter.foreign}};
        for (std::size_t i = 0; i < meter::ignored_count; ++i) {
            counts[std::string(name(static_cast<meter::Ignored>(i)))] = counters.ignored.at(i);
        }
        return {{"ok", counters.filter.news > 0}, {"heard", heard}, {"counters", counts}};
    }

    const MeterOptions& options_;
    boost::asio::io_context loop_{1};
    boost::asio::steady_timer end_;
    app::SmaMeter meter_;
    bool cannot_listen_ = false;
};

}  // namespace

int meter(const MeterOptions& options) {
    if (!options.interface.empty() && !io::interface_named(options.interface)) {
        std::cerr << "jk-pylon: there is no network interface "
                  << options.interface << "; show them with: ip -br address\n";
        return unable;
    }
    return MeterMonitor(options).run();
}

}  // namespace jkp::cli
