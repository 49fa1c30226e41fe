// SPDX-License-Identifier: MIT
// Which of the readings that arrive are news of our meter. Decides by serial number and ticker only: no
// clock, no memory beyond the last reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/fixed_vector.hpp"
#include "core/time.hpp"
#include "meter/speedwire.hpp"

namespace jkp::meter {

enum class Verdict : std::uint8_t {
    news,       // use it
    repeat,     // the ticker of the last one: it came over a second network card, or a switch repeated it
    overtaken,  // up to 10 s behind the last one: it was late on its way
    foreign,    // of another meter
};
std::string_view name(Verdict verdict);

// A meter of which at least one reading arrived, ours or not.
struct HeardMeter {
    std::uint32_t serial = 0;
    std::uint16_t susy = 0;
    std::uint64_t readings = 0;
    bool operator==(const HeardMeter&) const = default;
};
inline constexpr std::size_t most_heard_meters =
    16;  // more are not listed; their readings are foreign all the same

struct MeterFilterCounters {
    std::uint64_t news = 0;
    std::uint64_t repeats = 0;
    std::uint64_t overtaken = 0;
    std::uint64_t foreign = 0;
    std::uint64_t restarts = 0;  // the ticker fell back by more than 10 s; such a reading is news
    bool operator==(const MeterFilterCounters&) const = default;
};

class MeterFilter {
  public:
    // 0: the first meter that is heard becomes ours and stays it.
    explicit MeterFilter(std::uint32_t serial = 0);

    Verdict take(const MeterReading& reading);

    // The meter that is followed; nullopt while it is still open.
    [[nodiscard]] std::optional<std::uint32_t> serial() const { return serial_; }
    // Between the last two readings, by the meter's own clock; nullopt before the second.
    [[nodiscard]] std::optional<Duration> interval() const { return interval_; }
    [[nodiscard]] const FixedVector<HeardMeter, most_heard_meters>& heard() const { return heard_; }
    [[nodiscard]] const MeterFilterCounters& counters() const { return counters_; }

  private:
    void note(const MeterReading& reading);
    [[nodiscard]] Verdict judge(const MeterReading& reading);

    std::optional<std::uint32_t> serial_;
    std::optional<std::uint32_t> last_ticker_ms_;
    std::optional<Duration> interval_;
    FixedVector<HeardMeter, most_heard_meters> heard_;
    MeterFilterCounters counters_;
};

}  // namespace jkp::meter
