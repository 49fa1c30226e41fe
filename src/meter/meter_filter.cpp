// SPDX-License-Identifier: MIT
#include "meter/meter_filter.hpp"

#include <algorithm>

#include "core/ensure.hpp"

namespace jkp::meter {
namespace {

// Far more than a network delays a datagram, far less than a meter needs to start.
constexpr std::uint32_t overtaken_within_ms = 10'000;
constexpr std::uint32_t half_of_the_circle = 0x8000'0000;

}  // namespace

std::string_view name(Verdict verdict) {
    switch (verdict) {
        case Verdict::news: return "news";
        case Verdict::repeat: return "repeat";
        case Verdict::overtaken: return "overtaken";
        case Verdict::foreign: return "foreign";
    }
    broken("a Verdict of the list", std::source_location::current());
}

MeterFilter::MeterFilter(std::uint32_t serial) {
    if (serial != 0) serial_ = serial;
}

Verdict MeterFilter::take(const MeterReading& reading) {
    note(reading);
    const Verdict verdict = judge(reading);
    switch (verdict) {
        case Verdict::news: ++counters_.news; break;
        case Verdict::repeat: ++counters_.repeats; break;
        case Verdict::overtaken: ++counters_.overtaken; break;
        case Verdict::foreign: ++counters_.foreign; break;
    }
    return verdict;
}

void MeterFilter::note(const MeterReading& reading) {
    auto* known = std::ranges::find(heard_, reading.serial, &HeardMeter::serial);
    if (known != heard_.end()) {
        ++known->readings;
    } else {
        heard_.offer({reading.serial, reading.susy, 1});
    }
}

Verdict MeterFilter::judge(const MeterReading& reading) {
    if (!serial_) serial_ = reading.serial;
    if (reading.serial != *serial_) return Verdict::foreign;
    if (last_ticker_ms_) {
        const std::uint32_t ahead = reading.ticker_ms - *last_ticker_ms_;  // modulo 2^32, as the ticker
        if (ahead == 0) return Verdict::repeat;
        const bool backwards = ahead >= half_of_the_circle;
        if (backwards && 0 - ahead <= overtaken_within_ms) return Verdict::overtaken;
        if (backwards) ++counters_.restarts;
        interval_ = backwards ? std::nullopt : std::optional<Duration>(std::chrono::milliseconds(ahead));
    }
    last_ticker_ms_ = reading.ticker_ms;
    return Verdict::news;
}

}  // namespace jkp::meter
