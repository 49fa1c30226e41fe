// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>

#include "core/ensure.hpp"
#include "pylontech/codec.hpp"
#include "pylontech/signals.hpp"

namespace jkp::pylontech {
namespace {

constexpr std::int64_t divided(std::int64_t value, std::int64_t step, Rounding rounding) {
    const std::int64_t quotient = value / step;
    const std::int64_t rest = value % step;
    switch (rounding) {
        case Rounding::down: return rest < 0 ? quotient - 1 : quotient;
        case Rounding::up: return rest > 0 ? quotient + 1 : quotient;
        case Rounding::nearest:
            if (2 * (rest < 0 ? -rest : rest) < step) return quotient;
            return value < 0 ? quotient - 1 : quotient + 1;
    }
    broken("a Rounding of the list", std::source_location::current());
}

void put_bits(CanFrame& frame, const Signal& s, std::uint64_t raw) {
    for (unsigned i = 0; i < s.length; ++i) {
        const unsigned bit = s.start + i;
        const std::uint64_t value = ((raw >> i) & 1U) << (bit % 8);
        frame.data[bit / 8] = static_cast<std::uint8_t>(frame.data[bit / 8] | value);
    }
}

void put(CanFrame& frame, const Signal& s, std::int64_t value) {
    const std::int64_t raw = std::clamp<std::int64_t>(divided(value, s.step, s.rounding), s.low, s.high);
    put_bits(frame, s, static_cast<std::uint64_t>(raw));
}

void put_text(CanFrame& frame, const Signal& s, std::string_view text) {
    for (std::size_t i = 0; i < s.length / 8U; ++i) {
        frame.data[s.start / 8U + i] = static_cast<std::uint8_t>(i < text.size() ? text[i] : ' ');
    }
}

CanFrame empty_frame(std::uint32_t id, bool pad_to_8 = false) {
    const MessageInfo* const info = find_message(id);
    ensure(info != nullptr, "a message of the table");
    return {.id = id, .size = pad_to_8 ? std::uint8_t{8} : info->size};
}

CanFrame alarms_frame(const BatteryReport& r, bool pad) {
    CanFrame frame = empty_frame(id_alarms, pad);
    for (const auto& [flag, s] : signal::protections) put(frame, s, r.protections.has(flag) ? 1 : 0);
    for (const auto& [flag, s] : signal::alarms) put(frame, s, r.alarms.has(flag) ? 1 : 0);
    put(frame, signal::modules, r.modules);
    put_text(frame, signal::manufacturer, "PN");
    return frame;
}

CanFrame limits_frame(const BatteryReport& r, bool pad) {
    CanFrame frame = empty_frame(id_limits, pad);
    put(frame, signal::charge_voltage, r.charge_voltage.count());
    put(frame, signal::charge_current_limit, r.charge_current_limit.count());
    put(frame, signal::discharge_current_limit, r.discharge_current_limit.count());
    put(frame, signal::discharge_voltage, r.discharge_voltage.count());
    return frame;
}

CanFrame soc_frame(const BatteryReport& r, bool pad) {
    CanFrame frame = empty_frame(id_soc, pad);
    put(frame, signal::soc, r.soc.count());
    put(frame, signal::soh, r.soh.count());
    return frame;
}

CanFrame measurements_frame(const BatteryReport& r, bool pad) {
    CanFrame frame = empty_frame(id_measurements, pad);
    put(frame, signal::voltage, r.voltage.count());
    put(frame, signal::current, r.current.count());
    put(frame, signal::temperature, r.temperature.count());
    return frame;
}

CanFrame requests_frame(const BatteryReport& r, bool pad) {
    CanFrame frame = empty_frame(id_requests, pad);
    put(frame, signal::charge_enable, r.charge_enable ? 1 : 0);
    put(frame, signal::discharge_enable, r.discharge_enable ? 1 : 0);
    put(frame, signal::force_charge_1, r.force_charge_1 ? 1 : 0);
    put(frame, signal::force_charge_2, r.force_charge_2 ? 1 : 0);
    put(frame, signal::full_charge, r.full_charge ? 1 : 0);
    return frame;
}

CanFrame name_frame(const Profile& profile) {
    CanFrame frame = empty_frame(id_name);
    put_text(frame, signal::name_bytes, profile.name.view());
    return frame;
}

}  // namespace

Burst encode(const BatteryReport& report, const Profile& profile) {
    const bool pad = profile.pad_to_8;
    return {alarms_frame(report, pad),       limits_frame(report, pad),   soc_frame(report, pad),
            measurements_frame(report, pad), requests_frame(report, pad), name_frame(profile)};
}

CanFrame encode_inverter_alive() {
    return empty_frame(id_inverter_alive);
}

}  // namespace jkp::pylontech
