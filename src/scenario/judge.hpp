// SPDX-License-Identifier: MIT
// Holds a run against one expectation, moment by moment.
#pragma once

#include <optional>
#include <string>

#include "scenario/quantities.hpp"
#include "scenario/scenario.hpp"

namespace jkp::scenario {

struct Verdict {
    int line = 0;  // of the [[expect]] in its file
    bool holds = false;
    std::string demand;  // "ccl_a is at most 0 from 10min to 20min"
    std::string found;   // what was seen instead; empty when it holds
};

class Judge {
  public:
    Judge(const Expectation& expectation, const Scenario& scenario);

    void look(const Moment& moment, Duration at);
    [[nodiscard]] Verdict verdict() const;

  private:
    struct Seen {
        std::string value;
        Duration at;
    };
    void look_at_numbers(const Moment& moment, Duration at);
    void look_at_words(const Moment& moment, Duration at);
    void take(bool meets, std::string value, Duration at);
    [[nodiscard]] bool in_bounds(double value) const;
    [[nodiscard]] std::string demand(const Scenario& scenario) const;
    [[nodiscard]] std::string shown(double value) const;

    const Expectation& expectation_;
    const QuantityOfRun& quantity_;
    Duration from_;
    Duration to_;
    std::size_t packs_;
    std::string demand_;
    bool looked_ = false;
    std::optional<Seen> first_meeting_;
    std::optional<Seen> first_missing_;
    std::optional<Seen> last_;
};

}  // namespace jkp::scenario
