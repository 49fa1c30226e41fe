// SPDX-License-Identifier: MIT
#include "scenario/text.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "config/document.hpp"
#include "config/duration_text.hpp"

namespace jkp::scenario {
namespace {

using control::Rule;
using nlohmann::ordered_json;

template <class... Values>
std::string printed(const char* format, Values... values) {
    std::array<char, 160> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

double seconds_of(Duration at) {
    return std::chrono::duration<double>(at).count();
}

std::string_view mark(Source source) {
    switch (source) {
        case Source::scenario: return ">";
        case Source::gateway: return " ";
        case Source::limit: return "=";
    }
    return " ";
}

std::string line_text(const StoryLine& line) {
    std::string text = clock_text(line.at) + ' ' + std::string(mark(line.source)) + ' ' + line.text;
    if (line.repeated == 0) return text + '\n';
    return text + " (" + std::to_string(line.repeated) + " more, to " + clock_text(line.until) + ")\n";
}

std::string winners_text(const char* title, const Winners& winners) {
    double sum = 0.0;
    for (const Duration time : winners) sum += seconds_of(time);
    std::string text;
    for (std::size_t i = 0; i < winners.size() && sum > 0.0; ++i) {
        const double percent = seconds_of(winners[i]) / sum * 100.0;
        const std::string rule(name(static_cast<Rule>(i)));
        if (winners[i] > Duration{}) text += printed("  %-24s %5.1f %%\n", rule.c_str(), percent);
    }
    return text.empty() ? "" : title + text;
}

std::string verdict_text(const Verdict& verdict) {
    const std::string text = (verdict.holds ? "OK      " : "FAILED  ") + verdict.demand;
    if (verdict.holds) return text + '\n';
    return text + ": " + verdict.found + " (line " + std::to_string(verdict.line) + ")\n";
}

ordered_json winners_json(const Winners& winners) {
    ordered_json result = ordered_json::object();
    for (std::size_t i = 0; i < winners.size(); ++i) {
        if (winners[i] > Duration{}) result[std::string(name(static_cast<Rule>(i)))] = seconds_of(winners[i]);
    }
    return result;
}

std::string_view word_of(Source source) {
    switch (source) {
        case Source::scenario: return "scenario";
        case Source::gateway: return "gateway";
        case Source::limit: return "limit";
    }
    return "";
}

void add_fields(std::string& text, const Row& row) {
    text += config::decimal(seconds_of(row.at));
    for (const auto& number : row.numbers) {
        text += ',';
        if (number) text += config::decimal(std::round(*number * 1000.0) / 1000.0);
    }
    for (const auto& words : row.words) {
        text += ',';
        if (words) text += *words;
    }
    text += '\n';
}

}  // namespace

std::string clock_text(Duration at) {
    const auto all = std::chrono::duration_cast<std::chrono::seconds>(at).count();
    const std::string days = all >= 86400 ? std::to_string(all / 86400) + "d " : "";
    return days + printed("%02d:%02d:%02d", static_cast<int>(all / 3600 % 24),
                          static_cast<int>(all / 60 % 60), static_cast<int>(all % 60));
}

std::string story_text(const Scenario& scenario, const Outcome& outcome) {
    std::string text = scenario.head.title + "\n" + config::duration_text(scenario.duration()) + " of " +
                       std::to_string(scenario.packs.size()) +
                       " pack(s); > done to the site, = what limits\n\n";
    for (const StoryLine& line : outcome.story) text += line_text(line);
    text += winners_text("\nWhat limited charging\n", outcome.charge_winners);
    text += winners_text("\nWhat limited discharging\n", outcome.discharge_winners);
    text += "\nExpected\n";
    for (const Verdict& verdict : outcome.verdicts) text += "  " + verdict_text(verdict);
    return text + "result: " + (outcome.holds() ? "good" : "not as expected") + '\n';
}

std::string failures_text(const Outcome& outcome) {
    std::string text;
    for (const Verdict& verdict : outcome.verdicts) {
        if (!verdict.holds) text += verdict_text(verdict);
    }
    return text;
}

std::string outcome_json(const Scenario& scenario, const Outcome& outcome) {
    ordered_json object = {{"ok", outcome.holds()},
                           {"title", scenario.head.title},
                           {"duration_s", seconds_of(scenario.duration())}};
    object["story"] = ordered_json::array();
    for (const StoryLine& line : outcome.story) {
        object["story"].push_back({{"at_s", seconds_of(line.at)},
                                   {"source", word_of(line.source)},
                                   {"text", line.text},
                                   {"repeated", line.repeated}});
    }
    object["phases"] = ordered_json::array();
    for (const PhaseSpan& span : outcome.phases) {
        object["phases"].push_back({{"from_s", seconds_of(span.from)}, {"phase", span.phase}});
    }
    object["charge_limited_by_s"] = winners_json(outcome.charge_winners);
    object["discharge_limited_by_s"] = winners_json(outcome.discharge_winners);
    object["expectations"] = ordered_json::array();
    for (const Verdict& verdict : outcome.verdicts) {
        object["expectations"].push_back({{"ok", verdict.holds},
                                          {"line", verdict.line},
                                          {"demand", verdict.demand},
                                          {"found", verdict.found}});
    }
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string csv_text(const Record& record) {
    std::string text = "time_s";
    for (const Column& column : record.numbers) text += ',' + column.name;
    for (const Column& column : record.words) text += ',' + column.name;
    text += '\n';
    for (const Row& row : record.rows) add_fields(text, row);
    return text;
}

}  // namespace jkp::scenario
