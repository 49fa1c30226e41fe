// SPDX-License-Identifier: MIT
#include "scenario.hpp"

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "builders.hpp"
#include "control/saved.hpp"

namespace jkp::control::test {
namespace {

using Words = std::vector<std::string>;

struct Bad {
    std::string words;
};

std::pair<std::string, std::string> parted(const std::string& word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos) throw Bad{"'" + word + "' is not key=value"};
    return {word.substr(0, equals), word.substr(equals + 1)};
}

double number(const std::string& text) {
    std::size_t used = 0;
    double value = 0;
    try {
        value = std::stod(text, &used);
    } catch (const std::exception&) {
        used = std::string::npos;
    }
    if (used != text.size()) throw Bad{"'" + text + "' is not a number"};
    return value;
}

int whole(const std::string& text) {
    return static_cast<int>(std::lround(number(text)));
}

template <class T>
T named(const std::string& text, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (name(static_cast<T>(i)) == text) return static_cast<T>(i);
    }
    throw Bad{"unknown name '" + text + "'"};
}

std::string joined(BatteryFlags flags) {
    std::string text;
    for (std::size_t i = 0; i < battery_flag_count; ++i) {
        if (!flags.has(static_cast<BatteryFlag>(i))) continue;
        text += (text.empty() ? "" : "+") + std::string(name(static_cast<BatteryFlag>(i)));
    }
    return text.empty() ? "none" : text;
}

std::string amperes(Milliamps value) {
    std::ostringstream out;
    out << static_cast<double>(value.count()) / 1000;
    return out.str();
}

std::string plain(double value) {
    std::ostringstream out;
    out << value;
    return out.str();
}

class Player {
  public:
    void line(const Words& words) {
        const std::string& verb = words[0];
        const Words rest(words.begin() + 1, words.end());
        if (verb == "config") return each(rest, [this](auto& k, auto& v) { configure(k, v); });
        begin();
        if (verb == "set") return each(rest, [this](auto& k, auto& v) { set(k, v); });
        if (verb == "run") return run(whole(rest.at(0)));
        if (verb == "ramp") return ramp(rest.at(0), whole(rest.at(1)));
        if (verb == "lost") return void(rig_->silent_for(seconds(whole(rest.at(0)))));
        if (verb == "restart") return restart(whole(rest.at(0)), rest.size() > 1);
        if (verb == "ack") return accepted(acknowledge(rig_->config, rig_->state, 0, rig_->now));
        if (verb == "recover") return accepted(recover(rig_->config, rig_->state, 0, rig_->now));
        if (verb == "expect") return each(rest, [this](auto& k, auto& v) { expect(k, v); });
        throw Bad{"unknown word '" + verb + "'"};
    }

  private:
    template <class F>
    static void each(const Words& words, F act) {
        for (const std::string& word : words) {
            const auto [key, value] = parted(word);
            act(key, value);
        }
    }

    static void accepted(const Result<void, Refusal>& result) {
        if (!result) throw Bad{"refused: " + std::string(name(result.error()))};
    }

    void configure(const std::string& key, const std::string& value) {
        if (rig_) throw Bad{"config must come first"};
        PackConfig& pack = config_.packs[0];
        if (key == "preset") {
            const std::map<std::string, Preset> presets{{"smooth", Preset::smooth},
                                                        {"original", Preset::original},
                                                        {"original_strict", Preset::original_strict}};
            if (!presets.contains(value)) throw Bad{"unknown preset"};
            config_.curves = cell_curves(presets.at(value));
        } else if (key == "charge_a") {
            pack.max_charge = amps(number(value));
        } else if (key == "discharge_a") {
            pack.max_discharge = amps(number(value));
        } else if (key == "capacity_ah") {
            pack.capacity = MilliampHours(whole(value) * 1000);
        } else if (key == "cells") {
            cells_ = static_cast<std::size_t>(whole(value));
        } else if (key == "on_lost") {
            config_.age.on_lost = value == "silence" ? OnLost::silence : OnLost::zero;
        } else {
            throw Bad{"unknown config '" + key + "'"};
        }
    }

    void begin() {
        if (rig_) return;
        rig_.emplace(config_);
        shape();
    }

    void set(const std::string& key, const std::string& value) {
        PackReading& r = rig_->reading;
        const std::map<std::string, Probe> probes{
            {"t1", Probe::t1}, {"t2", Probe::t2}, {"mosfet", Probe::mosfet}};
        if (probes.contains(key)) {
            auto& probe = r.temperatures[probes.at(key)];
            probe = value == "none" ? std::nullopt : std::optional(celsius(number(value)));
        } else if (key == "soc") {
            r.soc = percent(number(value));
        } else if (key == "charge_mos") {
            r.charge_mos = value == "1";
        } else if (key == "discharge_mos") {
            r.discharge_mos = value == "1";
        } else if (key == "alarm") {
            if (value == "none") r.alarms = {};
            if (value != "none") r.alarms.set(named<PackAlarm>(value, pack_alarm_count));
        } else if (key == "ovp") {
            r.settings.cell_over_voltage = value == "none" ? std::nullopt : std::optional(mv(whole(value)));
        } else {
            move(key, number(value));
        }
        shape();
    }

    void move(const std::string& key, double value) {
        if (key != "cell" && key != "high" && key != "low" && key != "current" && key != "t") {
            throw Bad{"unknown value '" + key + "'"};
        }
        if (key == "cell") {
            values_.erase("high");
            values_.erase("low");
        }
        if (key == "t") {
            rig_->reading.temperatures[Probe::t1] = rig_->reading.temperatures[Probe::t2] = celsius(value);
        }
        values_[key] = value;
    }

    void shape() {
        PackReading& r = rig_->reading;
        r.cells.clear();
        const auto value = [&](const char* key) {
            return values_.contains(key) ? values_.at(key) : values_.at("cell");
        };
        for (std::size_t i = 0; i < cells_; ++i) r.cells.push_back(mv(static_cast<int>(values_.at("cell"))));
        r.cells[2] = mv(static_cast<int>(value("high")));
        r.cells[6] = mv(static_cast<int>(value("low")));
        sum_up(r);
        r.current = amps(values_.at("current"));
    }

    void run(int count) {
        for (int i = 0; i < count; ++i) {
            // A real current is never exactly the same for minutes.
            rig_->reading.current = amps(values_.at("current")) + Milliamps(++wobble_ % 2);
            rig_->feed_for(seconds(1));
        }
    }

    void ramp(const std::string& word, int count) {
        const auto [key, text] = parted(word);
        const double to = number(text);
        const double from = values_.contains(key) ? values_.at(key) : values_.at("cell");
        for (int i = 1; i <= count; ++i) {
            move(key, from + (to - from) * i / count);
            shape();
            run(1);
        }
    }

    void restart(int off, bool crash) {
        const WallTime stopped{1'700'000'000};
        const Saved saved = save(rig_->config, rig_->state, rig_->now, stopped, !crash);
        rig_->now = at(seconds(20));  // another run, another origin of the monotonic clock
        rig_->state =
            control::restore(rig_->config, saved, rig_->now, WallTime{stopped.seconds + off}, hours(24));
    }

    std::string told(const std::string& key) {
        const Decision& d = rig_->last;
        if (key == "ccl") return amperes(d.charge.value());
        if (key == "dcl") return amperes(d.discharge.value());
        if (key == "why_charge") return std::string(name(d.charge.reason().rule));
        if (key == "why_discharge") return std::string(name(d.discharge.reason().rule));
        if (key == "cvl") return std::to_string(d.charge_voltage.count());
        if (key == "soc") return plain(d.soc.count() / 10.0);
        if (key == "temperature") return plain(d.temperature.count() / 10.0);
        if (key == "current") return plain(std::round(d.current.count() / 100.0) / 10.0);
        if (key == "phase") return std::string(name(d.phase));
        if (key == "stage") return std::string(name(d.age_stage));
        if (key == "transmit") return d.transmit ? "1" : "0";
        if (key == "protections") return joined(d.protections);
        if (key == "alarms") return joined(d.alarms);
        if (key == "enable") {
            return d.charge_enable ? (d.discharge_enable ? "both" : "charge")
                                   : (d.discharge_enable ? "discharge" : "none");
        }
        throw Bad{"unknown expectation '" + key + "'"};
    }

    void expect(const std::string& key, const std::string& value) {
        if (key == "event") {
            bool found = false;
            for (const Event& event : rig_->happenings) found = found || name(event.code) == value;
            rig_->forget();
            if (!found) throw Bad{"no event " + value};
            return;
        }
        if (key == "ccl_max" || key == "dcl_max") {
            const Milliamps now = key == "ccl_max" ? rig_->last.charge.value() : rig_->last.discharge.value();
            if (now > amps(number(value))) throw Bad{key + "=" + value + ", but it is " + amperes(now)};
            return;
        }
        const std::string now = told(key);
        if (now != value) throw Bad{key + " is " + now + ", not " + value};
    }

    Config config_ = config_of_one();
    std::size_t cells_ = 16;
    std::map<std::string, double> values_{{"cell", 3300}, {"current", 0}, {"t", 20}};
    int wobble_ = 0;
    std::optional<Rig> rig_;
};

}  // namespace

std::vector<std::string> play_scenario(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) return {"cannot read " + file.string()};
    std::vector<std::string> complaints;
    Player player;
    std::string text;
    bool expected = false;
    for (int line_number = 1; std::getline(in, text); ++line_number) {
        std::istringstream words(text.substr(0, text.find('#')));
        Words line;
        for (std::string word; words >> word;) line.push_back(word);
        if (line.empty()) continue;
        expected = expected || line[0] == "expect";
        const std::string where = file.filename().string() + ":" + std::to_string(line_number) + ": ";
        try {
            player.line(line);
        } catch (const Bad& bad) {
            complaints.push_back(where + bad.words);
        } catch (const std::out_of_range&) {
            complaints.push_back(where + "a value is missing");
        }
    }
    if (!expected) complaints.push_back(file.filename().string() + ": expects nothing");
    return complaints;
}

}  // namespace jkp::control::test
