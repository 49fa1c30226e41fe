// SPDX-License-Identifier: MIT
#include "scenario/teller.hpp"

#include "config/document.hpp"
#include "config/duration_text.hpp"
#include "report/words.hpp"
#include "scenario/keys.hpp"

namespace jkp::scenario {
namespace {

using control::Direction;
using control::Rule;

constexpr Duration limits_apart = std::chrono::minutes(10);  // unless a limit falls to 0 or leaves it
constexpr Duration same_story = std::chrono::minutes(5);     // the same text again within it is counted

std::string number_and(double value, std::string_view unit) {
    return config::decimal(value) + std::string(unit);
}

std::string detail(const Event& event, std::string_view key, const Scenario& scenario) {
    if (key == "pack") {
        if (scenario.packs.size() == 1) return "";
        return "pack " + std::string(scenario.gateway.control.packs[event.pack].name.view());
    }
    if (key == "cell") return "cell " + std::to_string(event.cell);
    if (key == "cells") return std::to_string(event.cells) + " cells";
    if (key == "volts") return number_and(event.voltage.count() / 1000.0, " V");
    if (key == "celsius") return report::celsius(event.temperature);
    if (key == "amps") return number_and(event.current.count() / 1000.0, " A");
    if (key == "soc_pct") return report::percent(event.soc);
    if (key == "alarm") return std::string(jkp::words(event.alarm));
    if (key == "command") return std::string(name(event.command));
    if (key == "value") return number_and(event.value / 1000.0, is_current(event.command) ? " A" : "");
    return number_and(std::chrono::duration<double, std::ratio<3600>>(event.step).count(), " h");
}

}  // namespace

void Teller::decision(const control::Decision& decision, Duration at) {
    for (const control::Event& event : decision.events)
        add(Source::gateway, report::describe(event, config_), at);
    if (!decision.complete) return;
    limit(decision.charge, charge_, at);
    limit(decision.discharge, discharge_, at);
}

template <Direction D>
void Teller::limit(const control::Bound<D>& bound, Told& told, Duration at) {
    const Rule rule = bound.reason().rule;
    const bool zero = bound.value() == Milliamps(0);
    // How a limit rises is no cause of its own.
    if (rule >= Rule::start || (rule == told.rule && zero == told.zero)) return;
    if (zero == told.zero && told.at && at - *told.at < limits_apart) return;
    told = {rule, zero, at};
    const std::string which = D == Direction::charge ? "charge limit " : "discharge limit ";
    add(Source::limit, which + report::amps(bound.value()) + ": " + report::explain(bound.reason(), config_),
        at);
}

void Teller::add(Source source, const std::string& text, Duration at) {
    const auto found = last_.find(text);
    if (found != last_.end()) {
        StoryLine& line = story[found->second];
        if (at - std::max(line.at, line.until) < same_story) {
            ++line.repeated;
            line.until = at;
            return;
        }
    }
    last_[text] = story.size();
    story.push_back({at, source, text, 0, {}});
}

std::string words(const Event& event, const Scenario& scenario) {
    const Kind& kind = kinds()[static_cast<std::size_t>(event.what)];
    std::string text;
    std::string_view keys = kind.keys;
    while (!keys.empty()) {
        const std::string_view key = keys.substr(0, keys.find(' '));
        keys.remove_prefix(std::min(keys.size(), key.size() + 1));
        const std::string part = detail(event, key, scenario);
        if (!part.empty()) text += (text.empty() ? ": " : ", ") + part;
    }
    if (event.lasts) text += (text.empty() ? " for " : ", for ") + config::duration_text(*event.lasts);
    return std::string(kind.name) + text;
}

}  // namespace jkp::scenario
