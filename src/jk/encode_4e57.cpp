// SPDX-License-Identifier: MIT
#include "jk/encode_4e57.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "jk/registers.hpp"

namespace jkp::jk {
namespace {

using Buffer = std::vector<std::uint8_t>;

void append_integer(Buffer& out, std::uint32_t value, std::size_t width) {
    for (std::size_t i = width; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

// Nearest, half away from zero.
constexpr std::int64_t nearest(std::int64_t value, std::int64_t step) {
    return (value < 0 ? value - step / 2 : value + step / 2) / step;
}

constexpr std::uint32_t clamped(std::int64_t value, std::int64_t low, std::int64_t high) {
    return static_cast<std::uint32_t>(std::clamp(value, low, high));
}

std::uint32_t temperature_raw(const std::optional<Decicelsius>& temperature) {
    if (!temperature) return 0xFFFF;
    const auto celsius = std::clamp<std::int64_t>(nearest(temperature->count(), 10), -50, 99);
    return static_cast<std::uint32_t>(celsius >= 0 ? celsius : 100 - celsius);
}

std::uint32_t current_raw(Milliamps current, CurrentRule rule) {
    const std::int64_t centiamps = nearest(current.count(), 10);
    if (rule == CurrentRule::biased) return clamped(10000 - centiamps, 0, 0xFFFF);
    const std::uint32_t magnitude = clamped(centiamps < 0 ? -centiamps : centiamps, 0, 0x7FFF);
    return centiamps > 0 ? magnitude | 0x8000U : magnitude;
}

std::uint32_t status_raw(const PackReading& r) {
    return (r.charge_mos ? 1U : 0U) | (r.discharge_mos ? 2U : 0U) | (r.balancing ? 4U : 0U);
}

std::uint32_t alarms_raw(const PackAlarms& alarms) {
    std::uint32_t bits = 0;
    for (std::size_t bit = 0; bit < alarm_of_bit.size(); ++bit) {
        if (alarms.has(alarm_of_bit[bit])) bits |= 1U << bit;
    }
    return bits;
}

template <class Unit>
std::optional<std::uint32_t> rounded(const std::optional<Unit>& value, std::int64_t step, std::int64_t high) {
    if (!value) return std::nullopt;
    return clamped(nearest(value->count(), step), 0, high);
}

// What a board in service says in the registers a reading does not hold.
constexpr std::uint32_t usual(std::uint8_t id) {
    switch (id) {
        case 0x86: return 2;
        case 0x91: return 3400;
        case 0x92: return 5;
        case 0x94: return 2900;
        case 0x95: return 5;
        case 0x96: return 300;
        case 0x98: return 30;
        case 0x9A: return 30;
        case 0x9B: return 3300;
        case 0x9C: return 10;
        case 0x9D: return 1;
        case 0x9E: return 90;
        case 0x9F: return 70;
        case 0xA0: return 65;
        case 0xA1: return 60;
        case 0xA2: return 20;
        case 0xA3: return 55;
        case 0xA4: return 65;
        case 0xA5: return 2;
        case 0xA6: return 5;
        case 0xA7: return 0xFFEC;
        case 0xA8: return 0xFFF6;
        case 0xAB: return 1;
        case 0xAC: return 1;
        case 0xAD: return 1000;
        case 0xAE: return 1;
        case 0xB0: return 10;
        case 0xB1: return 20;
        case 0xB6: return 20000;
        default: return 0;
    }
}

// nullopt = the reading says the register is not reported.
std::optional<std::uint32_t> number(std::uint8_t id, const PackReading& r, CurrentRule rule) {
    const auto cell_count = static_cast<std::int64_t>(r.cells.size());
    switch (id) {
        case reg::mosfet_temperature: return temperature_raw(r.temperatures[Probe::mosfet]);
        case reg::temperature_1: return temperature_raw(r.temperatures[Probe::t1]);
        case reg::temperature_2: return temperature_raw(r.temperatures[Probe::t2]);
        case reg::voltage: return clamped(nearest(r.voltage.count(), 10), 0, 0xFFFF);
        case reg::current: return current_raw(r.current, rule);
        case reg::soc: return clamped(nearest(r.soc.count(), 10), 0, 0xFF);
        case reg::cycles: return r.cycles ? std::optional(std::min(*r.cycles, 0xFFFFU)) : std::nullopt;
        case reg::strings:
        case reg::strings_setting: return static_cast<std::uint32_t>(cell_count);
        case reg::alarms: return alarms_raw(r.alarms);
        case reg::status: return status_raw(r);
        case reg::pack_over_voltage:
            return clamped(r.settings.cell_over_voltage.value_or(Millivolts(3650)).count() * cell_count / 10,
                           0, 0xFFFF);
        case reg::pack_under_voltage:
            return clamped(r.settings.cell_under_voltage.value_or(Millivolts(2500)).count() * cell_count / 10,
                           0, 0xFFFF);
        case reg::cell_over_voltage: return rounded(r.settings.cell_over_voltage, 1, 0xFFFF);
        case reg::cell_under_voltage: return rounded(r.settings.cell_under_voltage, 1, 0xFFFF);
        case reg::discharge_over_current: return rounded(r.settings.discharge_over_current, 1000, 0xFFFF);
        case reg::charge_over_current: return rounded(r.settings.charge_over_current, 1000, 0xFFFF);
        case reg::capacity_setting: return rounded(r.settings.capacity, 1000, 0xFFFFFFFF);
        case reg::capacity: return rounded(r.capacity, 1000, 0xFFFFFFFF).value_or(0);
        case reg::protocol_version: return rule == CurrentRule::sign_magnitude ? 1 : 0;
        default: return usual(id);
    }
}

std::string_view text(std::uint8_t id, const PackReading& r) {
    switch (id) {
        case 0xB4: return "JK-SIM";
        case 0xB5: return "2401";
        case reg::firmware: return r.firmware.view();
        case 0xBA: return "JK-SIM";
        default: return "";
    }
}

void append_text(Buffer& out, std::string_view text, std::size_t width, char filler) {
    const std::size_t length = std::min(width, text.size());
    out.insert(out.end(), text.begin(), text.begin() + static_cast<std::ptrdiff_t>(length));
    out.insert(out.end(), width - length, static_cast<std::uint8_t>(filler));
}

void append_cells(Buffer& out, const Cells& cells) {
    out.push_back(reg::cells);
    out.push_back(static_cast<std::uint8_t>(3 * cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out.push_back(static_cast<std::uint8_t>(i + 1));
        append_integer(out, clamped(cells[i].count(), 0, 0xFFFF), 2);
    }
}

void append(Buffer& out, const Register& which, const PackReading& r, CurrentRule rule) {
    switch (which.kind) {
        case Kind::cells: append_cells(out, r.cells); return;
        case Kind::text:
            out.push_back(which.id);
            append_text(out, text(which.id, r), which.width, which.id == reg::firmware ? '_' : '\0');
            return;
        case Kind::secret:
            out.push_back(which.id);
            append_text(out, "123456", which.width, '\0');
            return;
        case Kind::integer:
        case Kind::signed_integer:
        case Kind::temperature:
        case Kind::current:
        case Kind::bits: break;
    }
    if (const auto value = number(which.id, r, rule)) {
        out.push_back(which.id);
        append_integer(out, *value, which.width);
    }
}

Request request(Command command) {
    constexpr std::array<std::uint8_t, 1> all{0};
    const Buffer bytes = wrap(command, Transport::request, all);
    Request fixed{};
    ensure(bytes.size() == fixed.size(), "a request of 21 bytes");
    std::copy(bytes.begin(), bytes.end(), fixed.begin());
    return fixed;
}

}  // namespace

Request read_all_request() {
    return request(Command::read_all);
}
Request activate_request() {
    return request(Command::activate);
}

std::vector<std::uint8_t> encode_reply(const PackReading& reading, const ReplyOptions& options) {
    Buffer info;
    info.reserve(frame_maximum);
    for (const Register& which : registers) {
        if (!which.in_replies || (which.id >= reg::calibrating && !options.with_tail)) continue;
        append(info, which, reading, options.current_rule);
    }
    info.insert(info.end(), options.extra_registers.begin(), options.extra_registers.end());
    return wrap(Command::read_all, Transport::reply, info);
}

std::vector<std::uint8_t> wrap(Command command, Transport transport, Bytes info) {
    constexpr std::uint8_t from_bms = 0;
    constexpr std::uint8_t from_pc = 3;
    const std::size_t total = info.size() + frame_overhead;
    ensure(total <= frame_maximum, "an information unit that fits into a frame");
    Buffer out{0x4E, 0x57};
    out.reserve(total);
    append_integer(out, static_cast<std::uint32_t>(total - 2), 2);
    append_integer(out, 0, 4);  // terminal number
    out.push_back(static_cast<std::uint8_t>(command));
    out.push_back(transport == Transport::request ? from_pc : from_bms);
    out.push_back(static_cast<std::uint8_t>(transport));
    out.insert(out.end(), info.begin(), info.end());
    append_integer(out, 0, 4);  // record number
    out.push_back(0x68);
    append_integer(out, std::accumulate(out.begin(), out.end(), 0U) & 0xFFFFU, 4);
    return out;
}

}  // namespace jkp::jk
