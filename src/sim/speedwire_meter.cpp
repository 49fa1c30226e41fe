// SPDX-License-Identifier: MIT
#include "sim/speedwire_meter.hpp"

#include <algorithm>
#include <cmath>

#include "meter/encode_speedwire.hpp"

namespace jkp::sim {
namespace {

constexpr double ws_per_wh = 3600.0;

WattHours watt_hours(double ws) {
    return WattHours(static_cast<std::int64_t>(ws / ws_per_wh));
}

}  // namespace

SpeedwireMeter::SpeedwireMeter(const MeterSpec& spec, TimePoint start)
    : spec_(spec), sample_at_(start + spec.interval) {}

void SpeedwireMeter::count(double power_w) {
    const double interval_s = std::chrono::duration<double>(spec_.interval).count();
    if (!fault.frozen) power_w_ = fault.reversed ? -power_w : power_w;
    imported_ws_ += std::max(0.0, -power_w_) * interval_s;
    exported_ws_ += std::max(0.0, power_w_) * interval_s;
    ticker_ms_ += static_cast<std::uint32_t>(milliseconds(spec_.interval));
}

std::vector<std::uint8_t> SpeedwireMeter::datagram() const {
    const meter::MeterState state{
        .serial = fault.foreign.value_or(spec_.serial),
        .ticker_ms = ticker_ms_,
        .grid = Watts(static_cast<std::int32_t>(std::lround(power_w_))) + fault.error,
        .imported = watt_hours(imported_ws_),
        .exported = watt_hours(exported_ws_),
    };
    std::vector<std::uint8_t> bytes = meter::encode_speedwire(meter::simulated_reading(state));
    if (fault.flip_bit) {
        const std::size_t bit = *fault.flip_bit % (bytes.size() * 8);
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
    }
    if (fault.truncate_to) bytes.resize(std::min(*fault.truncate_to, bytes.size()));
    return bytes;
}

void SpeedwireMeter::observe(double exported_ws) {
    const double interval_s = std::chrono::duration<double>(spec_.interval).count();
    count((exported_ws - last_ws_) / interval_s);
    last_ws_ = exported_ws;
    if (!fault.silent) {
        const TimePoint arrives = sample_at_ + spec_.on_the_way + fault.late;
        sent_.push_back({arrives, datagram()});
        if (fault.twice) sent_.push_back(sent_.back());
    }
    sample_at_ += spec_.interval;
}

std::optional<TimePoint> SpeedwireMeter::next_datagram() const {
    if (sent_.empty()) return std::nullopt;
    return sent_.front().arrives;
}

std::optional<std::vector<std::uint8_t>> SpeedwireMeter::take(TimePoint now) {
    if (sent_.empty() || sent_.front().arrives > now) return std::nullopt;
    std::vector<std::uint8_t> bytes = std::move(sent_.front().bytes);
    sent_.pop_front();
    return bytes;
}

}  // namespace jkp::sim
