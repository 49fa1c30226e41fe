// SPDX-License-Identifier: MIT
#include "pylontech/codec.hpp"

#include <algorithm>
#include <cstddef>

#include "core/ensure.hpp"
#include "pylontech/signals.hpp"

namespace jkp::pylontech {
namespace {

// ---- values to bits

constexpr std::int64_t divided(std::int64_t value, std::int64_t step, Rounding rounding) {
    const std::int64_t quotient = value / step;
    const std::int64_t rest = value % step;
    switch (rounding) {
        case Rounding::down:
            return rest < 0 ? quotient - 1 : quotient;
        case Rounding::up:
            return rest > 0 ? quotient + 1 : quotient;
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
    for (const auto& [flag, s] : signal::protections)
        put(frame, s, r.protections.has(flag) ? 1 : 0);
    for (const auto& [flag, s] : signal::alarms)
        put(frame, s, r.alarms.has(flag) ? 1 : 0);
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

// ---- bits to values

std::int32_t take(const CanFrame& frame, const Signal& s) {
    std::uint32_t raw = 0;
    for (unsigned i = 0; i < s.length; ++i) {
        const unsigned bit = s.start + i;
        raw |= ((unsigned{frame.data[bit / 8]} >> (bit % 8)) & 1U) << i;
    }
    const bool negative = s.is_signed && ((raw >> (s.length - 1U)) & 1U) != 0;
    return (static_cast<std::int32_t>(raw) - (negative ? 1 << s.length : 0)) * s.step;
}

bool flag(const CanFrame& frame, const Signal& s) {
    return take(frame, s) != 0;
}

bool printable(char c) {
    return c > 0x20 && c < 0x7F;
}

// What is not printable is cut off at the end (padding, version bytes) and '?' inside.
template <std::size_t Capacity>
FixedText<Capacity> take_text(const CanFrame& frame, const Signal& s) {
    std::array<char, Capacity> text{};
    std::size_t size = 0;
    for (std::size_t i = 0; i < Capacity; ++i) {
        const auto c = static_cast<char>(frame.data[s.start / 8U + i]);
        text[i] = printable(c) || c == ' ' ? c : '?';
        if (printable(c)) size = i + 1;
    }
    return std::string_view(text.data(), size);
}

Flags take_flags(const CanFrame& frame, const std::array<signal::FlagBit, 7>& bits) {
    Flags flags;
    for (const auto& [which, s] : bits) {
        if (flag(frame, s)) flags.set(which);
    }
    return flags;
}

Limits limits(const CanFrame& f) {
    Limits limits{.charge_voltage = Millivolts(take(f, signal::charge_voltage)),
                  .charge_current_limit = Milliamps(take(f, signal::charge_current_limit)),
                  .discharge_current_limit = Milliamps(take(f, signal::discharge_current_limit)),
                  .discharge_voltage = std::nullopt};
    if (f.size >= 8) limits.discharge_voltage = Millivolts(take(f, signal::discharge_voltage));
    return limits;
}

Requests requests(const CanFrame& f) {
    return {.charge_enable = flag(f, signal::charge_enable),
            .discharge_enable = flag(f, signal::discharge_enable),
            .force_charge_1 = flag(f, signal::force_charge_1),
            .force_charge_2 = flag(f, signal::force_charge_2),
            .full_charge = flag(f, signal::full_charge)};
}

Alarms alarms(const CanFrame& f) {
    return {.protections = take_flags(f, signal::protections),
            .alarms = take_flags(f, signal::alarms),
            .modules = static_cast<std::uint8_t>(take(f, signal::modules)),
            .manufacturer = take_text<2>(f, signal::manufacturer)};
}

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

Burst encode(const BatteryReport& report, const Profile& profile) {
    const bool pad = profile.pad_to_8;
    return {alarms_frame(report, pad),       limits_frame(report, pad),   soc_frame(report, pad),
            measurements_frame(report, pad), requests_frame(report, pad), name_frame(profile)};
}

CanFrame encode_inverter_alive() {
    return empty_frame(id_inverter_alive);
}

std::string_view name(DecodeError error) {
    switch (error) {
        case DecodeError::too_short:
            return "too_short";
    }
    broken("a DecodeError of the list", std::source_location::current());
}

Result<Message, DecodeError> decode(const CanFrame& frame) {
    if (frame.id == id_inverter_alive) return InverterAlive{};
    const MessageInfo* const info = frame.extended ? nullptr : find_message(frame.id);
    if (info == nullptr) return Unknown{};
    if (frame.size < info->required) return failure(DecodeError::too_short);
    switch (frame.id) {
        case id_limits:
            return limits(frame);
        case id_soc:
            return StateOfCharge{.soc = Permille(take(frame, signal::soc)),
                                 .soh = Permille(take(frame, signal::soh))};
        case id_measurements:
            return Measurements{.voltage = Millivolts(take(frame, signal::voltage)),
                                .current = Milliamps(take(frame, signal::current)),
                                .temperature = Decicelsius(take(frame, signal::temperature))};
        case id_alarms:
            return alarms(frame);
        case id_requests:
            return requests(frame);
        case id_name:
            return Name{.name = take_text<8>(frame, signal::name_bytes)};
        default:
            return Unknown{};
    }
}

std::string_view message_name(const Message& message) {
    const std::uint32_t id = std::visit(
        Overloaded{[](const Limits&) { return id_limits; }, [](const StateOfCharge&) { return id_soc; },
                   [](const Measurements&) { return id_measurements; },
                   [](const Alarms&) { return id_alarms; }, [](const Requests&) { return id_requests; },
                   [](const Name&) { return id_name; },
                   [](const InverterAlive&) { return id_inverter_alive; },
                   [](const Unknown&) { return std::uint32_t{0}; }},
        message);
    const MessageInfo* const info = find_message(id);
    return info == nullptr ? std::string_view("unknown") : info->name;
}

}  // namespace jkp::pylontech
