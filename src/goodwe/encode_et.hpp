// SPDX-License-Identifier: MIT
// Register blocks and Modbus answers as an inverter of the et family sends them, for the simulator and for
// fixtures.
#pragma once

#include <cstdint>
#include <vector>

#include "core/bytes.hpp"
#include "goodwe/readings.hpp"
#include "goodwe/request.hpp"

namespace jkp::goodwe {

// The data bytes of a block, two for each register, as in a Modbus TCP answer. Values are rounded to the
// wire (0.1 V, 0.1 A, 1 %, 1 W) and saturate; what is absent, and -1 W, is written as FFFF. Without a mode
// it follows the sign of the current. Precondition: a question of the et family.
std::vector<std::uint8_t> encode_et_data(Question question, const Readings& readings);

// Data in the frame of an answer over UDP: AA 55 F7 03 ... CRC.
std::vector<std::uint8_t> modbus_answer(Bytes data);
// A refusal with this code; 2 = no such registers.
std::vector<std::uint8_t> modbus_refusal(std::uint8_t code);

}  // namespace jkp::goodwe
