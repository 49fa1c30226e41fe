// SPDX-License-Identifier: MIT
#include "goodwe/encode_answer.hpp"

#include <algorithm>

#include "goodwe/answer.hpp"

namespace jkp::goodwe {
namespace {

constexpr std::uint8_t no_such_registers = 2;

bool is_modbus_request(Bytes b) {
    constexpr std::size_t length = 8;
    return b.size() == length && b[0] == modbus_unit &&
           le16(b, length - 2) == modbus_crc(b.first(length - 2));
}

}  // namespace

std::optional<Question> question_of(Bytes datagram) {
    for (std::size_t i = 0; i < question_count; ++i) {
        const auto question = static_cast<Question>(i);
        if (std::ranges::equal(datagram, request(question))) return question;
    }
    return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> answer_to(Bytes datagram, Family family, const Readings& readings) {
    const auto question = question_of(datagram);
    if (family == Family::es) {
        if (question == Question::es_device_info) {
            return encode_es_device_info(readings.model.view(), readings.serial.view());
        }
        if (question == Question::es_running) return encode_es_running(readings);
        return std::nullopt;
    }
    if (!is_modbus_request(datagram)) return std::nullopt;
    if (!question) return modbus_refusal(no_such_registers);
    return modbus_answer(encode_et_data(*question, readings));
}

}  // namespace jkp::goodwe
