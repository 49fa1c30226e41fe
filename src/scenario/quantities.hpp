// SPDX-License-Identifier: MIT
// What can be expected, recorded and plotted: values of the gateway as it decides and of the plant as it is.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/closed_loop.hpp"

namespace jkp::scenario {

// One moment of a run.
struct Moment {
    const app::ClosedLoop& loop;
    std::optional<TimePoint> last_sent;  // of the last frame that was put on the bus
    bool after_cycle = false;            // events belong to the moment after their cycle only
};

enum class Form : std::uint8_t {
    number,
    flag,   // a number: 0 or 1
    word,   // exactly one
    words,  // any number of them, joined by "+"; none: "none"
};

struct QuantityOfRun {
    std::string_view name;
    std::string_view unit;
    Form form = Form::number;
    bool of_a_pack = false;
    // By form one of them is set. Nothing: there is no such value now, because no gateway runs.
    std::optional<double> (*number)(const Moment&, std::size_t pack);
    std::optional<std::string> (*words)(const Moment&);
    std::vector<std::string_view> (*vocabulary)();  // every word there is
    std::string_view meaning;

    [[nodiscard]] bool numeric() const { return form == Form::number || form == Form::flag; }
};

std::span<const QuantityOfRun> quantities();
// Precondition: there is one of this name.
std::size_t quantity_index(std::string_view name);

// Whether `words` are `wanted` or, where there may be several, hold it.
bool holds_word(std::string_view words, std::string_view wanted);

}  // namespace jkp::scenario
