// SPDX-License-Identifier: MIT
// What is watched at the grid connection of a simulated house. They see what is true, never what the
// controller believes. Powers in W: batteries + = charge, grid + = export.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/time.hpp"
#include "sim/site.hpp"

namespace jkp::closed_loop {

// Power from one battery into the other at one instant, at their terminals.
double transfer_w(double first_w, double second_w);

// Energy by where it went, in Wh.
struct SiteEnergy {
    double transfer = 0.0;
    double moved = 0.0;  // through both batteries, both ways
    double first = 0.0;  // of it through ours
    double imported = 0.0;
    double exported = 0.0;
    double house = 0.0;
    double sun = 0.0;

    void add(const sim::Flow& flow, Duration dt);
    [[nodiscard]] double transfer_share() const { return moved > 0.0 ? transfer / moved : 0.0; }
    // Of the sun what was used here, and of the house what was not bought.
    [[nodiscard]] double self_consumption() const { return sun > 0.0 ? 1.0 - exported / sun : 0.0; }
    [[nodiscard]] double self_sufficiency() const { return house > 0.0 ? 1.0 - imported / house : 0.0; }
};

// The half-waves of a power: from one extreme to the next, when they lie at least `least_w` apart.
class SwingWatch {
  public:
    explicit SwingWatch(double least_w = 300.0) : least_w_(least_w) {}

    struct HalfWave {
        TimePoint begin;  // the extreme before
        TimePoint end;    // the extreme after
        double swing_w = 0.0;
    };
    void see(TimePoint at, double power_w);
    // Those that are complete: the power has come back from their end by `least_w`.
    [[nodiscard]] const std::vector<HalfWave>& half_waves() const { return half_waves_; }
    // How many of them had ended by then, from an instant on.
    [[nodiscard]] int count(TimePoint from, TimePoint to) const;
    // The largest that ended in this span; 0 = none.
    [[nodiscard]] double largest_w(TimePoint from, TimePoint to) const;
    // Mean length of a whole wave of those that ended in this span; nothing = none.
    [[nodiscard]] std::optional<Duration> period(TimePoint from, TimePoint to) const;

  private:
    struct Extreme {
        TimePoint at;
        double power_w = 0.0;
    };
    enum class Way : std::uint8_t { unknown, up, down };
    void turn(Way way, const Extreme& from, const Extreme& to);

    double least_w_;
    Way way_ = Way::unknown;
    std::optional<Extreme> top_;     // since the last turn
    std::optional<Extreme> bottom_;  // since the last turn
    std::optional<Extreme> last_;    // where the present half-wave began
    std::vector<HalfWave> half_waves_;
};

// How large the swing is at a moment: each half-wave counts as long as it lasts, and what none covers is
// calm, 0 W. One that is longer than half of the slowest oscillation is no swing but a slope.
class SwingTime {
  public:
    static constexpr Duration longest = std::chrono::minutes(5);

    // The half-waves of a span of this length.
    void add(std::span<const SwingWatch::HalfWave> half_waves, Duration lasts);
    void add(const SwingTime& other);
    // For this share of the time, 0 .. 1, the swing is not larger; 0 W when no time has passed.
    [[nodiscard]] double quantile_w(double share) const;
    // How long it is at least so large.
    [[nodiscard]] Duration at_least(double swing_w) const;

  private:
    struct Part {
        double swing_w = 0.0;
        Duration lasts{};
    };
    std::vector<Part> parts_;
    Duration lasts_{};
};

}  // namespace jkp::closed_loop
