// SPDX-License-Identifier: MIT
#include "goodwe/request.hpp"

#include "core/ensure.hpp"
#include "goodwe/answer.hpp"
#include "goodwe/wire.hpp"

namespace jkp::goodwe {
namespace {

constexpr std::uint8_t control_read = 0x01;
constexpr std::uint8_t function_device_info = 0x02;
constexpr std::uint8_t function_running = 0x06;

std::vector<std::uint8_t> aa55_request(std::uint8_t function) {
    std::vector<std::uint8_t> bytes{0xAA, 0x55, 0xC0, 0x7F, control_read, function, 0};
    append16(bytes, aa55_checksum(bytes));
    return bytes;
}

}  // namespace

RegisterBlock registers_of(Question question) {
    switch (question) {
        case Question::et_device_info: return et_device_info_block;
        case Question::et_running: return et_running_block;
        case Question::et_meter: return et_meter_block;
        case Question::et_battery: return et_battery_block;
        case Question::es_device_info:
        case Question::es_running: break;
    }
    broken("a question of the et family", std::source_location::current());
}

std::vector<std::uint8_t> request(Question question) {
    if (question == Question::es_device_info) return aa55_request(function_device_info);
    if (question == Question::es_running) return aa55_request(function_running);
    return modbus_request(registers_of(question));
}

std::vector<std::uint8_t> modbus_request(RegisterBlock block) {
    std::vector<std::uint8_t> bytes{modbus_unit, modbus_read};
    append16(bytes, block.first);
    append16(bytes, block.count);
    append_crc(bytes, modbus_crc(bytes));
    return bytes;
}

}  // namespace jkp::goodwe
