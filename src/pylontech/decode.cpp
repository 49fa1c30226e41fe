// SPDX-License-Identifier: MIT
#include <array>
#include <cstddef>

#include "core/ensure.hpp"
#include "pylontech/codec.hpp"
#include "pylontech/signals.hpp"

namespace jkp::pylontech {
namespace {

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

std::string_view name(DecodeError error) {
    switch (error) {
        case DecodeError::too_short: return "too_short";
    }
    broken("a DecodeError of the list", std::source_location::current());
}

Result<Message, DecodeError> decode(const CanFrame& frame) {
    if (frame.id == id_inverter_alive) return InverterAlive{};
    const MessageInfo* const info = frame.extended ? nullptr : find_message(frame.id);
    if (info == nullptr) return Unknown{};
    if (frame.size < info->required) return failure(DecodeError::too_short);
    switch (frame.id) {
        case id_limits: return limits(frame);
        case id_soc:
            return StateOfCharge{.soc = Permille(take(frame, signal::soc)),
                                 .soh = Permille(take(frame, signal::soh))};
        case id_measurements:
            return Measurements{.voltage = Millivolts(take(frame, signal::voltage)),
                                .current = Milliamps(take(frame, signal::current)),
                                .temperature = Decicelsius(take(frame, signal::temperature))};
        case id_alarms: return alarms(frame);
        case id_requests: return requests(frame);
        case id_name: return Name{.name = take_text<8>(frame, signal::name_bytes)};
        default: return Unknown{};
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
