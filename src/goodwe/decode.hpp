// SPDX-License-Identifier: MIT
// A frame that arrived -> Readings. What a frame holds is told by its type (AA55) or by its length (Modbus
// answers do not name their registers).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "goodwe/answer.hpp"
#include "goodwe/readings.hpp"
#include "goodwe/request.hpp"

namespace jkp::goodwe {

enum class DecodeError : std::uint8_t {
    not_an_answer,  // a request, our own or that of another program
    refused,        // a Modbus exception
    other_data,     // an answer to a question that is not asked here
    too_short,      // running data that end before the battery mode, device info without a model
};
std::string_view name(DecodeError error);

struct DecodeFailure {
    DecodeError error = DecodeError::other_data;
    std::uint16_t type = 0;  // of the answer
    std::size_t length = 0;  // of its data
    std::uint8_t code = 0;   // refused: 2 = the registers do not exist
    bool operator==(const DecodeFailure&) const = default;
};
// One sentence for people.
std::string describe(const DecodeFailure& failure);

struct Decoded {
    Question question = Question::es_running;  // to which this is the answer
    Readings readings;
};

// No allocation. Of AA55 running data as much is read as their length allows.
Result<Decoded, DecodeFailure> decode(const Answer& answer);

// The data bytes of an et block, for example of a Modbus TCP answer; told apart by length.
Result<Decoded, DecodeFailure> decode_et_data(Bytes data);

}  // namespace jkp::goodwe
