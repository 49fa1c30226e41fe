// SPDX-License-Identifier: MIT
// Judges the samples of a magnetometer one after the other and smooths the current. A sample that cannot be
// believed gives its fault and no current: unknown is never 0 A.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "core/units.hpp"
#include "meter/field_current.hpp"

namespace jkp::meter {

enum class WatchFault : std::uint8_t {
    waiting,       // nothing new yet, and too early to complain
    nothing_new,   // the chip has stopped measuring
    stuck,         // exactly the same three counts for too long: a live chip is never that quiet
    overflow,      // beyond the range of the chip
    out_of_range,  // the sensor was moved, or iron came near
    garbage,       // disturbed transfer
};
std::string_view name(WatchFault fault);
// What an owner should look at; one sentence.
std::string_view advice(WatchFault fault);

struct WatchSettings {
    Duration period = std::chrono::milliseconds(200);  // of the samples
    Duration stuck_after = std::chrono::seconds(10);
    Duration filter = std::chrono::seconds(1);  // time constant; 0 = none
    bool operator==(const WatchSettings&) const = default;
};

class FieldWatch {
  public:
    FieldWatch(FieldModel model, WatchSettings settings) : model_(model), settings_(settings) {}

    // `now` is when the sample was read, and never goes back.
    Result<Milliamps, WatchFault> take(const Result<Field, FieldError>& sample, TimePoint now);
    // The sensor was set up anew. It has time for a first sample, but one that was stuck must move first.
    void restart();

  private:
    [[nodiscard]] WatchFault fault_of(FieldError error, TimePoint now) const;
    bool is_stuck(const Field& field, TimePoint now);
    double smoothed(double amps, TimePoint now);

    struct Smooth {
        double amps;
        TimePoint at;
    };
    FieldModel model_;
    WatchSettings settings_;
    std::optional<TimePoint> new_at_;  // the last sample that was new, or the first of all
    std::optional<Field> last_;
    TimePoint same_since_;
    std::optional<Smooth> smooth_;
};

}  // namespace jkp::meter
