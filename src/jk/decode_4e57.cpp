// SPDX-License-Identifier: MIT
#include "jk/decode_4e57.hpp"

#include <array>
#include <string>

#include "core/ensure.hpp"
#include "jk/registers.hpp"

namespace jkp::jk {
namespace {

constexpr std::size_t bytes_per_cell = 3;
constexpr std::array mandatory{reg::cells, reg::voltage, reg::current, reg::soc, reg::alarms, reg::status};

// Where the value of each register lies. 0 = absent: byte 0 is always an id.
class Places {
  public:
    [[nodiscard]] bool has(std::uint8_t id) const { return at(id) != 0; }
    [[nodiscard]] std::size_t at(std::uint8_t id) const { return places_[id - first_register]; }
    void set(std::uint8_t id, std::size_t place) {
        places_[id - first_register] = static_cast<std::uint16_t>(place);
    }

  private:
    std::array<std::uint16_t, last_register - first_register + 1> places_{};
};

struct Walk {
    Places places;
    std::optional<std::uint8_t> unknown_register;
};

Result<Walk, DecodeFailure> walk(Bytes info) {
    Walk found;
    std::size_t at = 0;
    while (at < info.size()) {
        const std::uint8_t id = info[at++];
        std::size_t width = register_widths[id];
        if (width == 0) {
            found.unknown_register = id;
            return found;
        }
        if (found.places.has(id)) return failure(DecodeFailure{DecodeError::duplicate_register, id});
        if (id == reg::cells && at < info.size()) width += info[at];
        if (info.size() - at < width) return failure(DecodeFailure{DecodeError::cut_register, id});
        found.places.set(id, at);
        at += width;
    }
    return found;
}

// Reads values of registers that are there; `optional` asks first.
class Values {
  public:
    Values(Bytes info, const Places& places) : info_(info), places_(places) {}

    [[nodiscard]] std::uint8_t u8(std::uint8_t id) const { return info_[places_.at(id)]; }
    [[nodiscard]] std::uint16_t u16(std::uint8_t id) const { return be16(info_, places_.at(id)); }
    [[nodiscard]] std::uint32_t u32(std::uint8_t id) const { return be32(info_, places_.at(id)); }
    [[nodiscard]] std::optional<std::uint8_t> optional_u8(std::uint8_t id) const {
        return places_.has(id) ? std::optional(u8(id)) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::uint16_t> optional_u16(std::uint8_t id) const {
        return places_.has(id) ? std::optional(u16(id)) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::uint32_t> optional_u32(std::uint8_t id) const {
        return places_.has(id) ? std::optional(u32(id)) : std::nullopt;
    }
    [[nodiscard]] Bytes bytes(std::uint8_t id, std::size_t count) const {
        return places_.has(id) ? info_.subspan(places_.at(id), count) : Bytes{};
    }

  private:
    Bytes info_;
    const Places& places_;
};

std::optional<Cells> cells(const Values& values) {
    const std::size_t length = values.u8(reg::cells);
    const std::size_t count = length / bytes_per_cell;
    if (length % bytes_per_cell != 0 || count == 0 || count > max_cells) return std::nullopt;
    const Bytes block = values.bytes(reg::cells, 1 + length).subspan(1);
    Cells cells;
    for (std::size_t i = 0; i < count; ++i) {
        if (block[i * bytes_per_cell] != i + 1) return std::nullopt;
        cells.push_back(Millivolts(be16(block, i * bytes_per_cell + 1)));
    }
    return cells;
}

std::optional<Decicelsius> temperature(std::optional<std::uint16_t> raw) {
    if (!raw || *raw > 150) return std::nullopt;
    return Decicelsius((*raw < 100 ? *raw : 100 - *raw) * 10);
}

Milliamps current(std::uint16_t raw, CurrentRule rule) {
    if (rule == CurrentRule::biased) return Milliamps((10000 - raw) * 10);
    const int magnitude = (raw & 0x7FFF) * 10;
    return Milliamps((raw & 0x8000) != 0 ? magnitude : -magnitude);
}

PackAlarms alarms(std::uint16_t bits) {
    PackAlarms found;
    for (std::size_t bit = 0; bit < alarm_of_bit.size(); ++bit) {
        if ((unsigned{bits} >> bit & 1U) != 0) found.set(alarm_of_bit[bit]);
    }
    return found;
}

template <class Unit, class Raw>
std::optional<Unit> scaled_by(std::optional<Raw> raw, typename Unit::rep factor) {
    if (!raw) return std::nullopt;
    return Unit(static_cast<typename Unit::rep>(*raw) * factor);
}

PackSettings settings(const Values& values) {
    return {.cell_over_voltage = scaled_by<Millivolts>(values.optional_u16(reg::cell_over_voltage), 1),
            .cell_under_voltage = scaled_by<Millivolts>(values.optional_u16(reg::cell_under_voltage), 1),
            .charge_over_current = scaled_by<Milliamps>(values.optional_u16(reg::charge_over_current), 1000),
            .discharge_over_current =
                scaled_by<Milliamps>(values.optional_u16(reg::discharge_over_current), 1000),
            .capacity = scaled_by<MilliampHours>(values.optional_u32(reg::capacity_setting), 1000)};
}

FixedText<24> firmware(Bytes bytes) {
    std::array<char, 24> text{};
    std::size_t size = 0;
    std::size_t end = 0;  // behind the last character that is no filler
    for (const std::uint8_t byte : bytes) {
        if (byte < 0x20 || byte > 0x7E) continue;
        const bool filler = byte == '_' || byte == ' ';
        if (filler && size == 0) continue;
        text[size++] = static_cast<char>(byte);
        if (!filler) end = size;
    }
    return std::string_view(text.data(), end);
}

// C0 of this frame, else what the link remembers; without both, only a frame that was read to its end
// can be taken for one of old firmware.
std::optional<CurrentRule> current_rule(const Walk& found, const Values& values, const LinkMemory& memory) {
    if (const auto version = values.optional_u8(reg::protocol_version)) {
        return *version == 0 ? CurrentRule::biased : CurrentRule::sign_magnitude;
    }
    if (memory.current_rule || found.unknown_register) return memory.current_rule;
    return CurrentRule::biased;
}

PackReading reading(const Values& values, const Cells& cells, CurrentRule rule) {
    PackReading r;
    r.cells = cells;
    r.voltage = Millivolts(values.u16(reg::voltage) * 10);
    r.current = current(values.u16(reg::current), rule);
    r.soc = Permille(values.u8(reg::soc) * 10);
    r.temperatures[Probe::mosfet] = temperature(values.optional_u16(reg::mosfet_temperature));
    r.temperatures[Probe::t1] = temperature(values.optional_u16(reg::temperature_1));
    r.temperatures[Probe::t2] = temperature(values.optional_u16(reg::temperature_2));
    r.alarms = alarms(values.u16(reg::alarms));
    const std::uint16_t status = values.u16(reg::status);
    r.charge_mos = (status & 1U) != 0;
    r.discharge_mos = (status & 2U) != 0;
    r.balancing = (status & 4U) != 0;
    r.cycles = values.optional_u16(reg::cycles);
    r.settings = settings(values);
    const auto measured = values.optional_u32(reg::capacity);
    r.capacity = measured.value_or(0) != 0 ? scaled_by<MilliampHours>(measured, 1000) : r.settings.capacity;
    r.firmware = firmware(values.bytes(reg::firmware, find_register(reg::firmware)->width));
    return r;
}

}  // namespace

std::string_view name(DecodeError error) {
    switch (error) {
        case DecodeError::not_a_reply: return "not_a_reply";
        case DecodeError::not_a_reading: return "not_a_reading";
        case DecodeError::cut_register: return "cut_register";
        case DecodeError::duplicate_register: return "duplicate_register";
        case DecodeError::bad_cell_block: return "bad_cell_block";
        case DecodeError::missing_register: return "missing_register";
        case DecodeError::current_rule_unknown: return "current_rule_unknown";
    }
    broken("a DecodeError of the list", std::source_location::current());
}

std::string describe(const DecodeFailure& f) {
    const Register* const known = find_register(f.register_id);
    const std::string which = "register " + hex_from_bytes(std::array{f.register_id}) +
                              (known != nullptr ? " (" + std::string(known->name) + ")" : "");
    switch (f.error) {
        case DecodeError::not_a_reply: return "a request, not an answer";
        case DecodeError::not_a_reading: return "an answer to another command than read all";
        case DecodeError::cut_register: return which + " runs past the end of the frame";
        case DecodeError::duplicate_register: return which + " appears twice";
        case DecodeError::bad_cell_block: return which + ": not 1 to 32 cells numbered in order";
        case DecodeError::missing_register: return which + " is missing";
        case DecodeError::current_rule_unknown:
            return which + " is unknown and hides how the current is to be read";
    }
    broken("a DecodeError of the list", std::source_location::current());
}

Result<Decoded, DecodeFailure> decode(const Frame& frame, LinkMemory& memory) {
    if (frame.transport == Transport::request) return failure(DecodeFailure{DecodeError::not_a_reply});
    const bool reads = frame.command == static_cast<std::uint8_t>(Command::read_all) ||
                       frame.command == static_cast<std::uint8_t>(Command::read);
    if (!reads) return failure(DecodeFailure{DecodeError::not_a_reading});
    const auto found = walk(frame.info);
    if (!found) return failure(found.error());
    for (const std::uint8_t id : mandatory) {
        if (!found->places.has(id)) return failure(DecodeFailure{DecodeError::missing_register, id});
    }
    const Values values(frame.info, found->places);
    const auto cell_voltages = cells(values);
    if (!cell_voltages) return failure(DecodeFailure{DecodeError::bad_cell_block, reg::cells});
    const auto rule = current_rule(*found, values, memory);
    if (!rule) {
        return failure(DecodeFailure{DecodeError::current_rule_unknown, found->unknown_register.value_or(0)});
    }
    Decoded decoded{.reading = reading(values, *cell_voltages, *rule),
                    .unknown_register = found->unknown_register};
    if (found->places.has(reg::protocol_version)) {
        decoded.current_rule_changed = memory.current_rule && *memory.current_rule != *rule;
        memory.current_rule = rule;
    }
    return decoded;
}

}  // namespace jkp::jk
