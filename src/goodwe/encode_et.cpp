// SPDX-License-Identifier: MIT
#include "goodwe/encode_et.hpp"

#include <utility>

#include "core/ensure.hpp"
#include "goodwe/answer.hpp"
#include "goodwe/encode_parts.hpp"

namespace jkp::goodwe {
namespace {

// Registers are filled by their number.
class BlockWriter {
  public:
    explicit BlockWriter(RegisterBlock where) : first_(where.first), bytes_(where.bytes()) {}

    void word(std::uint16_t number, std::uint16_t value) { put16(bytes_, at(number), value); }
    void watts(std::uint16_t number, const std::optional<Watts>& value) {
        const std::uint32_t raw = value ? static_cast<std::uint32_t>(value->count()) : 0xFFFFFFFFU;
        word(number, static_cast<std::uint16_t>(raw >> 16));
        word(static_cast<std::uint16_t>(number + 1), static_cast<std::uint16_t>(raw));
    }
    void text(std::uint16_t number, std::uint16_t registers, std::string_view value) {
        put_text(bytes_, at(number), std::size_t{2} * registers, value);
    }
    std::vector<std::uint8_t> take() { return std::move(bytes_); }

  private:
    [[nodiscard]] std::size_t at(std::uint16_t number) const {
        return std::size_t{2} * static_cast<std::size_t>(number - first_);
    }
    std::uint16_t first_;
    std::vector<std::uint8_t> bytes_;
};

template <class Unit>
std::optional<Unit> negated(const std::optional<Unit>& value) {
    return value ? std::optional(-*value) : std::nullopt;
}

std::vector<std::uint8_t> device_info(const Readings& r) {
    BlockWriter block(et_device_info_block);
    block.text(et::serial, et::serial_registers, r.serial.view());
    block.text(et::model, et::model_registers, r.model.view());
    return block.take();
}

std::vector<std::uint8_t> running(const Readings& r) {
    BlockWriter block(et_running_block);
    const auto mode = mode_for(r);
    for (const std::uint16_t number : et::pv_power) block.watts(number, std::nullopt);
    block.watts(et::pv_power[0], r.pv);
    block.word(et::inverter_power, signed_raw(r.inverter));
    block.word(et::active_power, signed_raw(r.grid));
    block.word(et::backup_power, signed_raw(r.backup));
    block.word(et::load_power, signed_raw(r.load));
    block.word(et::battery_voltage, unsigned_raw(r.battery_voltage, 100));
    block.word(et::battery_current, signed_raw(negated(r.battery_current), 100));
    block.watts(et::battery_power, negated(r.battery_power));
    block.word(et::battery_mode, mode ? static_cast<std::uint16_t>(*mode) : no_value);
    return block.take();
}

std::vector<std::uint8_t> meter(const Readings& r) {
    BlockWriter block(et_meter_block);
    block.word(et::meter_ok, r.meter_ok ? (*r.meter_ok ? 1 : 0) : no_value);
    block.watts(et::meter_power, r.grid);
    return block.take();
}

std::vector<std::uint8_t> battery(const Readings& r) {
    BlockWriter block(et_battery_block);
    block.word(et::soc, unsigned_raw(r.soc, 10));
    return block.take();
}

}  // namespace

std::vector<std::uint8_t> encode_et_data(Question question, const Readings& readings) {
    switch (question) {
        case Question::et_device_info: return device_info(readings);
        case Question::et_running: return running(readings);
        case Question::et_meter: return meter(readings);
        case Question::et_battery: return battery(readings);
        case Question::es_device_info:
        case Question::es_running: break;
    }
    broken("a question of the et family", std::source_location::current());
}

std::vector<std::uint8_t> modbus_answer(Bytes data) {
    ensure(data.size() <= 0xFF, "data that fit into a Modbus answer");
    constexpr std::size_t around = 7;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(data.size() + around);
    bytes.assign({0xAA, 0x55, modbus_unit, modbus_read, static_cast<std::uint8_t>(data.size())});
    bytes.insert(bytes.end(), data.begin(), data.end());
    append_crc(bytes, modbus_crc(Bytes(bytes).subspan(2)));
    return bytes;
}

std::vector<std::uint8_t> modbus_refusal(std::uint8_t code) {
    std::vector<std::uint8_t> bytes{0xAA, 0x55, modbus_unit, modbus_read | 0x80, code};
    append_crc(bytes, modbus_crc(Bytes(bytes).subspan(2)));
    return bytes;
}

}  // namespace jkp::goodwe
