// SPDX-License-Identifier: MIT
// Finds the magnetometer, prints what it sees and, with a configuration, the current.
#include "cli/sensor_command.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/run.hpp"
#include "app/sensor_wiring.hpp"
#include "cli/commands.hpp"
#include "io/signals.hpp"

namespace jkp::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array axis_names{"x", "y", "z"};
constexpr Duration slowest_for_a_reader = std::chrono::milliseconds(500);

std::optional<double> milligauss(const app::SensorSample& sample) {
    const auto counts = meter::magnitude(sample.field);
    if (!counts || sample.counts_per_gauss == 0) return std::nullopt;
    return *counts * 1000 / sample.counts_per_gauss;
}

Json json_of(const app::SensorSample& sample) {
    Json object = {{"ok", true}, {"chip", meter::name(sample.chip)}};
    for (std::size_t i = 0; i < meter::axes; ++i) {
        const auto& counts = sample.field.axis[i];
        object[axis_names[i]] = counts ? Json(*counts) : Json();
    }
    const auto strength = milligauss(sample);
    object["field_mg"] = strength ? Json(std::round(*strength * 10) / 10) : Json();
    object["current_a"] = sample.current ? Json(sample.current->count() / 1000.0) : Json();
    return object;
}

std::string formatted(const char* form, double number) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), form, number);
    return text.data();
}

std::string words_of(const app::SensorSample& sample, bool with_current) {
    std::string text;
    for (std::size_t i = 0; i < meter::axes; ++i) {
        const auto& counts = sample.field.axis[i];
        text += std::string(axis_names[i]) + (counts ? formatted(" %6.0f  ", *counts) : " beyond  ");
    }
    const auto strength = milligauss(sample);
    text += strength ? "field " + formatted("%6.0f mG", *strength) : "field beyond the range";
    if (!with_current) return text;
    return text + (sample.current ? formatted("  current %7.2f A", sample.current->count() / 1000.0)
                                  : "  current not known");
}

class Monitor {
  public:
    Monitor(app::SensorPeerSettings settings, const SensorOptions& options)
        : options_(options),
          with_current_(settings.model.has_value()),
          timer_(loop_),
          peer_(loop_, std::move(settings),
                {.on_reading = [](const Stamped<PeerReading>&) {},
                 .on_state = [this](bool good, const std::string& sentence) { tell(good, sentence); },
                 .on_sample = [this](const Stamped<app::SensorSample>& sample) { show(sample.value); }}) {}

    int run() {
        const io::Signals signals(loop_, {.on_stop = [this] { loop_.stop(); }, .on_reload = [] {}});
        if (options_.for_s > 0) {
            timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                std::chrono::duration<double>(options_.for_s)));
            timer_.async_wait([this](const boost::system::error_code& error) {
                if (!error) loop_.stop();
            });
        }
        peer_.start();
        const auto work = boost::asio::make_work_guard(loop_);
        loop_.run();
        peer_.stop();
        if (!was_there_) return unable;
        return was_bad_ || shown_ == 0 ? bad : good;
    }

  private:
    void show(const app::SensorSample& sample) {
        was_there_ = true;
        ++shown_;
        std::cout << (options_.json ? json_of(sample).dump() : words_of(sample, with_current_)) << std::endl;
    }

    void tell(bool is_good, const std::string& sentence) {
        if (options_.json && !is_good) {
            std::cout << Json({{"ok", false}, {"error", sentence}}).dump() << std::endl;
        } else {
            std::cerr << "jk-pylon: " << sentence << '\n';
        }
        was_bad_ = was_bad_ || !is_good;
        // A person who looks for the sensor wants to know now; one whose wire falls off while looking may
        // wait.
        if (!is_good && !was_there_) loop_.stop();
    }

    const SensorOptions& options_;
    bool with_current_;
    boost::asio::io_context loop_{1};
    boost::asio::steady_timer timer_;
    app::SensorPeer peer_;
    bool was_there_ = false;
    bool was_bad_ = false;
    unsigned long shown_ = 0;
};

std::optional<config::SensorChip> chip_named(const std::string& name) {
    if (name == "hmc5883l") return config::SensorChip::hmc5883l;
    if (name == "qmc5883l") return config::SensorChip::qmc5883l;
    return std::nullopt;
}

// Figures of one chip and gain say nothing about another, so that a current is shown only for the configured
// ones.
bool has_calibration(const SensorOptions& options, const config::SensorSettings& settings) {
    return settings.bus && !options.config.empty() && options.chip.empty() && !options.gain;
}

}  // namespace

Result<config::SensorSettings, std::string> sensor_settings(const SensorOptions& options) {
    config::SensorSettings settings;
    if (!options.config.empty()) {
        const auto loaded = app::load_settings(options.config);
        if (!loaded) {
            std::string text;
            for (const std::string& line : loaded.error().lines) text += (text.empty() ? "" : "\n") + line;
            return failure(text);
        }
        settings = loaded->sensor;
    }
    if (options.bus) settings.bus = options.bus;
    if (options.address) settings.address = options.address;
    if (const auto chip = chip_named(options.chip)) settings.chip = *chip;
    if (options.gain) settings.gain = *options.gain;
    return settings;
}

int sensor(const SensorOptions& options) {
    const auto settings = sensor_settings(options);
    if (!settings) {
        std::cerr << "jk-pylon: " << settings.error() << '\n';
        return unable;
    }
    app::SensorPeerSettings peer = app::sensor_peer_settings(*settings);
    if (!has_calibration(options, *settings)) {
        if (!options.config.empty() && !options.json)
            std::cerr << "jk-pylon: without the current: " << options.config
                      << " has no sensor, or its chip or gain was changed here\n";
        peer.model.reset();
    }
    if (!options.json) peer.watch.period = std::max(peer.watch.period, slowest_for_a_reader);
    return Monitor(std::move(peer), options).run();
}

}  // namespace jkp::cli
