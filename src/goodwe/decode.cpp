// SPDX-License-Identifier: MIT
#include "goodwe/decode.hpp"

#include <array>

#include "goodwe/decode_parts.hpp"
#include "goodwe/wire.hpp"

namespace jkp::goodwe {
namespace {

constexpr std::uint16_t answer_bit = 0x0080;

std::string hex_type(std::uint16_t type) {
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(type >> 8),
                                            static_cast<std::uint8_t>(type)};
    return hex_from_bytes(bytes);
}

Result<Decoded, DecodeFailure> decode_aa55(const Answer& a) {
    DecodeFailure why{.type = a.type, .length = a.data.size()};
    const bool info = a.type == es_device_info_type;
    if ((a.type & answer_bit) == 0) {
        why.error = DecodeError::not_an_answer;
    } else if (!info && a.type != es_running_type) {
        why.error = DecodeError::other_data;
    } else if (a.data.size() < (info ? es_info::model + es_info::model_length : es::least)) {
        why.error = DecodeError::too_short;
    } else if (info) {
        return Decoded{Question::es_device_info, es_device_info(a.data)};
    } else {
        return Decoded{Question::es_running, es_running(a.data)};
    }
    return failure(why);
}

}  // namespace

std::string_view name(DecodeError error) {
    switch (error) {
        case DecodeError::not_an_answer: return "not_an_answer";
        case DecodeError::refused: return "refused";
        case DecodeError::other_data: return "other_data";
        case DecodeError::too_short: return "too_short";
    }
    broken("a DecodeError of the list", std::source_location::current());
}

std::string describe(const DecodeFailure& f) {
    switch (f.error) {
        case DecodeError::not_an_answer: return "a request, not an answer";
        case DecodeError::refused:
            return "the inverter refuses the question with code " + std::to_string(f.code) +
                   (f.code == 2 ? ": it has no such registers" : "");
        case DecodeError::other_data:
            return "answer " + hex_type(f.type) + " with " + std::to_string(f.length) +
                   " bytes of data holds neither device info nor running data";
        case DecodeError::too_short:
            return "answer " + hex_type(f.type) + " is too short: " + std::to_string(f.length) +
                   " bytes of data";
    }
    broken("a DecodeError of the list", std::source_location::current());
}

Result<Decoded, DecodeFailure> decode(const Answer& a) {
    switch (a.kind) {
        case Kind::aa55: return decode_aa55(a);
        case Kind::refusal:
            return failure(DecodeFailure{
                .error = DecodeError::refused, .type = a.type, .length = a.data.size(), .code = a.data[0]});
        case Kind::modbus: break;
    }
    if (a.type != et_type) {
        return failure(
            DecodeFailure{.error = DecodeError::other_data, .type = a.type, .length = a.data.size()});
    }
    return decode_et_data(a.data);
}

Result<Decoded, DecodeFailure> decode_et_data(Bytes data) {
    switch (data.size()) {
        case et_device_info_block.bytes(): return Decoded{Question::et_device_info, et_device_info(data)};
        case et_running_block.bytes(): return Decoded{Question::et_running, et_running(data)};
        case et_meter_block.bytes(): return Decoded{Question::et_meter, et_meter(data)};
        case et_battery_block.bytes(): return Decoded{Question::et_battery, et_battery(data)};
        default:
            return failure(
                DecodeFailure{.error = DecodeError::other_data, .type = et_type, .length = data.size()});
    }
}

}  // namespace jkp::goodwe
