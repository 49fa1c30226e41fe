// SPDX-License-Identifier: MIT
// Plays a scenario in virtual time: the real controller and the real codecs against the simulated site.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "control/bound.hpp"
#include "scenario/judge.hpp"
#include "scenario/scenario.hpp"

namespace jkp::scenario {

// One column of the record: a quantity of the bank or of one pack.
struct Column {
    std::string name;  // "ccl_a", "A.highest_cell_v"
    std::size_t quantity = 0;
    std::size_t pack = 0;
};

struct Row {
    Duration at{};
    std::vector<std::optional<double>> numbers;     // by Record::numbers; nothing while no gateway runs
    std::vector<std::optional<std::string>> words;  // by Record::words
};

struct Record {
    std::vector<Column> numbers;
    std::vector<Column> words;
    std::vector<Row> rows;
};

enum class Source : std::uint8_t { scenario, gateway, limit };

struct StoryLine {
    Duration at{};
    Source source = Source::scenario;
    std::string text;
    std::uint64_t repeated = 0;  // so many more of the same, up to `until`
    Duration until{};
};

struct PhaseSpan {
    Duration from{};
    std::string phase;
};

// How long each rule was the winner.
using Winners = std::array<Duration, control::rule_count>;

struct Outcome {
    Record record;
    std::vector<StoryLine> story;
    std::vector<PhaseSpan> phases;
    Winners charge_winners{};
    Winners discharge_winners{};
    std::vector<Verdict> verdicts;
    [[nodiscard]] bool holds() const;
};

// Called now and then with the time that has passed.
using Progress = std::function<void(Duration)>;

Outcome play(const Scenario& scenario, const Progress& progress = {});

}  // namespace jkp::scenario
