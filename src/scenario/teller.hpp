// SPDX-License-Identifier: MIT
// Makes a short story of a run: what was done to the site, what the gateway said, and what limited.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenario/play.hpp"

namespace jkp::scenario {

class Teller {
  public:
    explicit Teller(const control::Config& config) : config_(config) {}

    void scenario(const std::string& text, Duration at) { add(Source::scenario, text, at); }
    // After each control cycle.
    void decision(const control::Decision& decision, Duration at);

    std::vector<StoryLine> story;

  private:
    struct Told {
        control::Rule rule = control::Rule::start;
        bool zero = true;
        std::optional<Duration> at;
    };
    template <control::Direction D>
    void limit(const control::Bound<D>& bound, Told& told, Duration at);
    void add(Source source, const std::string& text, Duration at);

    const control::Config& config_;
    Told charge_;
    Told discharge_;
    std::map<std::string, std::size_t> last_;  // line that told this text last
};

// "10:00 cell forced: pack A, cell 3, 3.56 V, for 5min"
std::string words(const Event& event, const Scenario& scenario);

}  // namespace jkp::scenario
