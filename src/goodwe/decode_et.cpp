// SPDX-License-Identifier: MIT
#include <limits>

#include "goodwe/decode_parts.hpp"
#include "goodwe/request.hpp"
#include "goodwe/wire.hpp"

namespace jkp::goodwe {
namespace {

// The registers of one block.
class Block {
  public:
    Block(RegisterBlock where, Bytes data) : first_(where.first), data_(data) {}

    [[nodiscard]] std::optional<std::uint16_t> word(std::uint16_t number) const {
        const std::uint16_t raw = be16(data_, at(number));
        return raw == no_value ? std::nullopt : std::optional(raw);
    }
    [[nodiscard]] std::optional<std::int32_t> signed_word(std::uint16_t number) const {
        const auto raw = word(number);
        return raw ? std::optional<std::int32_t>(as_signed(*raw)) : std::nullopt;
    }
    // Two registers. Absent as well when it does not fit its unit: no power is that large.
    [[nodiscard]] std::optional<std::int32_t> signed_long(std::uint16_t number) const {
        const std::uint32_t raw = be32(data_, at(number));
        constexpr std::uint32_t lowest = 0x80000000;
        if (raw == std::numeric_limits<std::uint32_t>::max() || raw == lowest) return std::nullopt;
        return static_cast<std::int32_t>(raw);
    }
    [[nodiscard]] Bytes text(std::uint16_t number, std::uint16_t registers) const {
        return data_.subspan(at(number), std::size_t{2} * registers);
    }

  private:
    [[nodiscard]] std::size_t at(std::uint16_t number) const {
        return std::size_t{2} * static_cast<std::size_t>(number - first_);
    }
    std::uint16_t first_;
    Bytes data_;
};

std::optional<Watts> watts(const std::optional<std::int32_t>& count) {
    return count ? std::optional(Watts(*count)) : std::nullopt;
}
template <class Unit>
std::optional<Unit> negated(const std::optional<Unit>& value) {
    return value ? std::optional(-*value) : std::nullopt;
}

// Models with fewer strings leave the registers of the others undefined.
std::optional<Watts> pv_power(const Block& block) {
    std::optional<Watts> sum;
    for (const std::uint16_t number : et::pv_power) {
        const auto power = block.signed_long(number);
        constexpr std::int32_t largest = 1'000'000;
        if (!power || *power < 0 || *power > largest) continue;
        sum = sum.value_or(Watts(0)) + Watts(*power);
    }
    return sum;
}

}  // namespace

Readings et_device_info(Bytes data) {
    const Block block(et_device_info_block, data);
    Readings r;
    r.serial = printable<16>(block.text(et::serial, et::serial_registers));
    r.model = printable<10>(block.text(et::model, et::model_registers));
    return r;
}

Readings et_running(Bytes data) {
    const Block block(et_running_block, data);
    Readings r;
    if (const auto decivolts = block.word(et::battery_voltage)) {
        r.battery_voltage = Millivolts(*decivolts * 100);
    }
    if (const auto deciamps = block.signed_word(et::battery_current)) {
        r.battery_current = Milliamps(-*deciamps * 100);
    }
    r.battery_power = negated(watts(block.signed_long(et::battery_power)));
    if (const auto code = block.word(et::battery_mode)) r.mode = battery_mode(*code);
    r.pv = pv_power(block);
    r.grid = watts(block.signed_word(et::active_power));
    r.load = watts(block.signed_word(et::load_power));
    r.backup = watts(block.signed_word(et::backup_power));
    r.inverter = watts(block.signed_word(et::inverter_power));
    return r;
}

Readings et_meter(Bytes data) {
    const Block block(et_meter_block, data);
    Readings r;
    if (const auto status = block.word(et::meter_ok)) r.meter_ok = *status == 1;
    r.grid = watts(block.signed_long(et::meter_power));
    return r;
}

Readings et_battery(Bytes data) {
    const Block block(et_battery_block, data);
    Readings r;
    if (const auto value = block.word(et::soc)) r.soc = percentage(*value);
    return r;
}

}  // namespace jkp::goodwe
