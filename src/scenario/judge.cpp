// SPDX-License-Identifier: MIT
#include "scenario/judge.hpp"

#include <cmath>
#include <tuple>

#include "config/document.hpp"
#include "config/duration_text.hpp"
#include "core/ensure.hpp"

namespace jkp::scenario {
namespace {

std::string number_text(std::int64_t thousandths) {
    return config::decimal(static_cast<double>(thousandths) / 1000.0);
}

}  // namespace

Judge::Judge(const Expectation& expectation, const Scenario& scenario)
    : expectation_(expectation),
      quantity_(quantities()[expectation.quantity]),
      from_(expectation.from.value_or(Duration{})),
      to_(expectation.to.value_or(scenario.duration())),
      packs_(scenario.packs.size()),
      demand_(demand(scenario)) {}

void Judge::look(const Moment& moment, Duration at) {
    if (at < from_ || at > to_) return;
    if (quantity_.numeric()) {
        look_at_numbers(moment, at);
    } else {
        look_at_words(moment, at);
    }
}

void Judge::look_at_numbers(const Moment& moment, Duration at) {
    const std::size_t first = expectation_.pack.value_or(0);
    const bool all = quantity_.of_a_pack && !expectation_.pack;
    for (std::size_t i = first; i < (all ? packs_ : first + 1); ++i) {
        const auto value = quantity_.number(moment, i);
        if (value) take(in_bounds(*value), shown(*value), at);
    }
}

void Judge::look_at_words(const Moment& moment, Duration at) {
    if (const auto words = quantity_.words(moment)) take(holds_word(*words, expectation_.word), *words, at);
}

void Judge::take(bool meets, std::string value, Duration at) {
    looked_ = true;
    auto& first = meets ? first_meeting_ : first_missing_;
    if (!first) first = Seen{value, at};
    last_ = Seen{std::move(value), at};
}

bool Judge::in_bounds(double value) const {
    const std::int64_t thousandths = std::llround(value * 1000.0);
    return thousandths >= expectation_.minimum.value_or(thousandths) &&
           thousandths <= expectation_.maximum.value_or(thousandths);
}

std::string Judge::shown(double value) const {
    if (quantity_.form == Form::flag) return value != 0.0 ? "true" : "false";
    return number_text(std::llround(value * 1000.0));
}

std::string Judge::demand(const Scenario& scenario) const {
    const auto& [minimum, maximum] = std::tie(expectation_.minimum, expectation_.maximum);
    std::string text(quantity_.name);
    if (expectation_.pack)
        text += " of " + std::string(scenario.gateway.control.packs[*expectation_.pack].name.view());
    text += expectation_.how == How::never ? " never " : expectation_.how == How::once ? " once " : " ";
    if (!quantity_.numeric()) {
        text += "is " + expectation_.word;
    } else if (minimum && maximum && *minimum == *maximum) {
        text += "is " + shown(static_cast<double>(*minimum) / 1000.0);
    } else if (minimum && maximum) {
        text += "is between " + number_text(*minimum) + " and " + number_text(*maximum);
    } else {
        text += minimum ? "is at least " + number_text(*minimum) : "is at most " + number_text(*maximum);
    }
    return text + " from " + config::duration_text(from_) + " to " + config::duration_text(to_);
}

Verdict Judge::verdict() const {
    const auto tell = [&](bool holds, const std::string& found) {
        return Verdict{expectation_.line, holds, demand_, holds ? "" : found};
    };
    const auto text = [](const Seen& seen) {
        return seen.value + " after " + config::duration_text(seen.at);
    };
    if (!looked_) return tell(false, "there was no value in that time");
    switch (expectation_.how) {
        case How::always:
            return tell(!first_missing_, first_missing_ ? "it was " + text(*first_missing_) : "");
        case How::once: return tell(first_meeting_.has_value(), "it never was; at last " + text(*last_));
        case How::never:
            return tell(!first_meeting_, first_meeting_ ? "it was " + text(*first_meeting_) : "");
    }
    broken("a How of the list", std::source_location::current());
}

}  // namespace jkp::scenario
