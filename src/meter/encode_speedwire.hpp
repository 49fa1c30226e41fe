// SPDX-License-Identifier: MIT
// Datagrams as SMA devices send them, for fixtures, the simulator and the demo.
#pragma once

#include <cstdint>
#include <vector>

#include "core/bytes.hpp"
#include "meter/speedwire.hpp"

namespace jkp::meter {

enum class MeterProtocol : std::uint8_t { plain, extended };  // 6069, 6081

// The records in the order of real meters; what the reading does not hold is left out. A full reading gives
// 608 bytes, 600 without the frequency, two more when extended.
std::vector<std::uint8_t> encode_speedwire(const MeterReading& reading,
                                           MeterProtocol protocol = MeterProtocol::plain);

// What a simulated meter measures; everything else follows from it.
struct MeterState {
    std::uint32_t serial = 0;
    std::uint32_t ticker_ms = 0;
    Watts grid;  // + export
    WattHours imported;
    WattHours exported;
};
// A full reading of a Sunny Home Manager 2: the power spread over three phases of 230 V at 50 Hz.
MeterReading simulated_reading(const MeterState& state);

// An SMA frame of any protocol around `payload`, which begins behind the protocol id.
std::vector<std::uint8_t> wrap_speedwire(std::uint16_t protocol, Bytes payload);
// What other programs send to find devices.
std::vector<std::uint8_t> speedwire_discovery_request();

}  // namespace jkp::meter
