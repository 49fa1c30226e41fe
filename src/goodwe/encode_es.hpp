// SPDX-License-Identifier: MIT
// AA55 answers as an inverter of the es family sends them, for the simulator and for fixtures.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "goodwe/readings.hpp"

namespace jkp::goodwe {

// Any payload of up to 255 bytes in a frame with a right length and checksum. type: 0186 for running data.
std::vector<std::uint8_t> aa55_answer(std::uint16_t type, Bytes payload);

// 77 bytes of payload. Text that does not fit is cut off: the model to 10, the serial number to 16
// characters.
std::vector<std::uint8_t> encode_es_device_info(std::string_view model, std::string_view serial);

struct EsRunningOptions {
    std::size_t length = 140;  // of the payload; 95, 133 and 140 are seen; at least 31
};
// Values are rounded to the wire (0.1 V, 0.1 A, 1 %, 1 W) and saturate; what is absent is written as FFFF or
// FF. Without a mode it follows the sign of the current. A current says its sign only by the mode: with
// standby and the like it reads back as discharging. -1 W of load and inverter reads back as absent.
std::vector<std::uint8_t> encode_es_running(const Readings& readings, const EsRunningOptions& options = {});

}  // namespace jkp::goodwe
