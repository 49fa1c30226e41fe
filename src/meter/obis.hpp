// SPDX-License-Identifier: MIT
// Where each OBIS index of a meter's datagram belongs. Decoder and encoder walk the same table.
#pragma once

#include <array>
#include <cstdint>

#include "meter/speedwire.hpp"

namespace jkp::meter::obis {

inline constexpr std::uint8_t version_channel = 0x90;
inline constexpr std::uint8_t mean = 4;     // type of a 4-byte mean
inline constexpr std::uint8_t counter = 8;  // type of an 8-byte counter
inline constexpr unsigned line_step = 20;   // index = 20 * line + quantity; line 0 is the total

// Quantities that have a mean and a counter.
struct FlowOf {
    unsigned quantity;
    Flows Line::* kind;
    Flow Flows::* direction;
};
inline constexpr std::array<FlowOf, 6> flows{{{1, &Line::active, &Flows::imported},
                                              {2, &Line::active, &Flows::exported},
                                              {3, &Line::reactive, &Flows::imported},
                                              {4, &Line::reactive, &Flows::exported},
                                              {9, &Line::apparent, &Flows::imported},
                                              {10, &Line::apparent, &Flows::exported}}};

// Quantities with a mean only.
inline constexpr unsigned current = 11;       // mA, phases only
inline constexpr unsigned voltage = 12;       // mV, phases only
inline constexpr unsigned power_factor = 13;  // 0.001
inline constexpr unsigned frequency = 14;     // mHz, total only

inline constexpr std::uint16_t tag_group = 0x02A0;
inline constexpr std::uint16_t tag_data = 0x0010;
inline constexpr std::uint16_t tag_discovery = 0x0020;
inline constexpr std::uint16_t protocol_meter = 0x6069;
inline constexpr std::uint16_t protocol_extended_meter = 0x6081;  // two more bytes behind the protocol id
inline constexpr std::uint16_t protocol_discovery = 0x0001;

}  // namespace jkp::meter::obis
