// SPDX-License-Identifier: MIT
// A request datagram -> the datagram that an inverter answers with: the whole of a simulated GoodWe's
// language. No I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "goodwe/encode_es.hpp"
#include "goodwe/encode_et.hpp"
#include "goodwe/readings.hpp"

namespace jkp::goodwe {

// Which question a datagram asks. nullopt: none of ours, or damaged.
std::optional<Question> question_of(Bytes datagram);

// The answer of an inverter of this family that has these readings. An es inverter answers AA55 only; an et
// inverter answers Modbus, and refuses registers it does not have. nullopt: it stays silent.
std::optional<std::vector<std::uint8_t>> answer_to(Bytes datagram, Family family, const Readings& readings);

}  // namespace jkp::goodwe
