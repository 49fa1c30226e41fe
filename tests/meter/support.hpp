// SPDX-License-Identifier: MIT
// A reading in which every value is different, so that none can stand in for another.
#pragma once

#include <vector>

#include "meter/encode_speedwire.hpp"
#include "meter/speedwire.hpp"

namespace jkp::meter {

using Buffer = std::vector<std::uint8_t>;

inline Flow flow(std::int64_t base) {
    return {Deciwatts(base), WattSeconds(static_cast<std::uint64_t>(base) * 100'000'000'001ULL)};
}

inline Line line(std::int64_t base) {
    return {.active = {flow(base + 1), flow(base + 2)},
            .reactive = {flow(base + 3), flow(base + 4)},
            .apparent = {flow(base + 5), flow(base + 6)},
            .power_factor = Permille(static_cast<std::int32_t>(base % 1000 + 7)),
            .current = {},
            .voltage = {}};
}

inline MeterReading sample() {
    MeterReading r{.susy = 372, .serial = 3'000'000'001, .ticker_ms = 123'456};
    r.total = line(20'000);
    for (std::int32_t i = 0; i < 3; ++i) {
        Line& phase = r.phases.at(static_cast<std::size_t>(i));
        phase = line(1000 * (i + 1));
        phase.current = Milliamps(4100 + i);
        phase.voltage = Millivolts(229'100 + i);
    }
    r.frequency = Millihertz(49'987);
    r.firmware = Version{2, 18, 14, 'R'};
    return r;
}

inline Buffer sample_bytes() {
    return encode_speedwire(sample());
}

// The reason of a datagram that must be refused.
inline Ignored reason(Bytes datagram) {
    const auto decoded = decode_speedwire(datagram);
    ensure(!decoded, "a datagram that is refused");
    return decoded.error().reason;
}

// Where the OBIS records of encode_speedwire (plain) begin.
inline constexpr std::size_t records_at = 28;
// Bytes behind them: the version record counts as one of them; the end tag does not.
inline constexpr std::size_t end_tag = 4;

}  // namespace jkp::meter
