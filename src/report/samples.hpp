// SPDX-License-Identifier: MIT
// A snapshot as the numbers that are recorded, and what many of them make: minutes with mean, least and
// greatest value, and energy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/series.hpp"
#include "core/time.hpp"
#include "report/snapshot.hpp"

namespace jkp::report {

struct PackSample {
    std::string pack;
    PackValues values;
    bool operator==(const PackSample&) const = default;
};

struct Sample {
    BankValues bank;
    std::vector<PackSample> packs;
    std::int64_t transferred = 0;  // mWh, a counter that begins anew with the program
    bool operator==(const Sample&) const = default;
};

// Data too old to be believed is absent; so is everything before the first complete reading.
Sample sample_of(const Snapshot& snapshot);

// Collects values of one kind.
class Gather {
  public:
    void add(std::int32_t value) { add({value, value, value}, 1); }
    void add(const Range& range, std::int64_t weight);
    [[nodiscard]] std::optional<Range> range() const;  // the mean rounded to the nearest

  private:
    std::int64_t sum_ = 0;
    std::int64_t weight_ = 0;
    Range range_;
};

// Samples of one minute after the other. A clock that steps only ends a minute early.
class MinuteMaker {
  public:
    // `wall`: seconds since 1970 UTC. Gives the minute that is over, when this sample belongs to another.
    std::optional<SeriesRow> add(std::int64_t wall, const Sample& sample);
    // What has come so far of the present minute.
    [[nodiscard]] std::optional<SeriesRow> so_far() const;
    // The same, and begins anew.
    std::optional<SeriesRow> finish();

  private:
    struct Pack {
        std::string name;
        std::array<Gather, pack_series_count> values;
    };
    Pack& pack(const std::string& name);

    std::optional<std::int64_t> begin_;
    std::array<Gather, bank_series_count> bank_;
    std::vector<Pack> packs_;
    std::int32_t samples_ = 0;
};

// Energy from powers. Between two samples the power is a straight line; over a gap of more than 10 s
// nothing is added. Time is the steady one, so that a clock that is set adds or takes nothing.
class EnergyMeter {
  public:
    void add(TimePoint now, const Sample& sample);
    // What came since the last call; what is less than 1 mWh stays for the next.
    Energy take();

  private:
    // In 10^-12 J.
    struct Flow {
        std::int64_t in = 0;
        std::int64_t out = 0;
    };
    struct Powers {
        std::optional<std::int64_t> battery;  // uW
        std::optional<std::int64_t> grid;
    };
    static Powers powers_of(const Sample& sample);
    static void integrate(Flow& flow, std::int64_t before, std::int64_t now, std::int64_t us);

    std::optional<TimePoint> at_;
    Powers last_;
    std::optional<std::int64_t> transferred_;  // the counter as it was
    Flow battery_;
    Flow grid_;
    bool metered_ = false;
    Energy whole_;
};

}  // namespace jkp::report
