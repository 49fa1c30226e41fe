// SPDX-License-Identifier: MIT
// Where the values lie and in which steps, for decoder and encoder alike. Offsets are bytes of the AA55
// payload; registers are numbers of the Modbus map. Internal to this room; docs/protocols/goodwe.md explains.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace jkp::goodwe {

inline constexpr std::uint16_t no_value = 0xFFFF;

inline void append16(std::vector<std::uint8_t>& to, std::uint16_t value) {
    to.push_back(static_cast<std::uint8_t>(value >> 8));
    to.push_back(static_cast<std::uint8_t>(value));
}
inline void append_crc(std::vector<std::uint8_t>& to, std::uint16_t crc) {
    to.push_back(static_cast<std::uint8_t>(crc));
    to.push_back(static_cast<std::uint8_t>(crc >> 8));
}

inline constexpr std::uint16_t es_device_info_type = 0x0182;
inline constexpr std::uint16_t es_running_type = 0x0186;
inline constexpr std::uint16_t et_type = 0xF703;
inline constexpr std::uint8_t pv_producing = 2;
inline constexpr std::uint8_t grid_idle = 0, grid_exports = 1, grid_imports = 2;

namespace es_info {
inline constexpr std::size_t firmware = 0, model = 5, serial = 31, software = 51, length = 77;
inline constexpr std::size_t model_length = 10, serial_length = 16;
}  // namespace es_info

namespace es {
inline constexpr std::size_t pv1_voltage = 0, pv1_current = 2, pv1_mode = 4;  // 0.1 V, 0.1 A
inline constexpr std::size_t pv2_voltage = 5, pv2_current = 7, pv2_mode = 9;  // 0.1 V, 0.1 A
inline constexpr std::size_t battery_voltage = 10;                            // 0.1 V
inline constexpr std::size_t battery_current = 18;                            // 0.1 A, magnitude
inline constexpr std::size_t soc = 26;                                        // u8, %
inline constexpr std::size_t battery_mode = 30;                               // u8
inline constexpr std::size_t meter_status = 33;                               // u8, 1 = heard
inline constexpr std::size_t grid_power = 38;                                 // W, magnitude
inline constexpr std::size_t load_power = 47;                                 // s16, W
inline constexpr std::size_t inverter_state = 52;                             // u8
inline constexpr std::size_t total_power = 75;                                // s16, W
inline constexpr std::size_t grid_direction = 80;                             // u8
inline constexpr std::size_t backup_power = 81;                               // u16, W
inline constexpr std::size_t least = battery_mode + 1;  // shorter running data say nothing about the battery
}  // namespace es

namespace et {
inline constexpr std::uint16_t serial = 35003, serial_registers = 8;
inline constexpr std::uint16_t model = 35011, model_registers = 5;
inline constexpr std::uint16_t pv_power[] = {35105, 35109, 35113, 35117};  // u32, W
inline constexpr std::uint16_t inverter_power = 35138;                     // s16, W
inline constexpr std::uint16_t active_power = 35140;                       // s16, W, + export
inline constexpr std::uint16_t backup_power = 35170;                       // s16, W
inline constexpr std::uint16_t load_power = 35172;                         // s16, W
inline constexpr std::uint16_t battery_voltage = 35180;                    // 0.1 V
inline constexpr std::uint16_t battery_current = 35181;                    // s16, 0.1 A, + discharge
inline constexpr std::uint16_t battery_power = 35182;                      // s32, W, + discharge
inline constexpr std::uint16_t battery_mode = 35184;
inline constexpr std::uint16_t meter_ok = 36004;     // 1 = heard
inline constexpr std::uint16_t meter_power = 36025;  // s32, W, + export
inline constexpr std::uint16_t soc = 37007;          // %
}  // namespace et

}  // namespace jkp::goodwe
