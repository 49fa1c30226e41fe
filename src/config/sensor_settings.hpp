// SPDX-License-Identifier: MIT
// [peer.sensor]: a magnetometer as the current sensor of the second inverter's battery. Integers, as the
// other settings; meter::FieldModel is made of them in app. Off unless `bus` is set.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::config {

enum class SensorChip : std::uint8_t { automatic, hmc5883l, qmc5883l };
enum class SensorPreset : std::uint8_t { none, original };
enum class SensorDirection : std::uint8_t { normal, reversed };
enum class SensorAxis : std::uint8_t { none, x, y, z };

struct SensorSettings {
    std::optional<int> bus;      // N of /dev/i2c-N; absent: there is no sensor
    std::optional<int> address;  // absent: the usual one of the chip
    SensorChip chip = SensorChip::automatic;
    int gain = 1;  // step
    SensorPreset preset = SensorPreset::none;
    // Absent: the value of the preset, or 0 without one.
    std::optional<std::int64_t> axis_x;  // weight in millionths
    std::optional<std::int64_t> axis_y;
    std::optional<std::int64_t> axis_z;
    std::optional<std::int64_t> zero;   // thousandths of a count
    std::optional<std::int64_t> slope;  // nanoampere per count
    SensorDirection direction = SensorDirection::normal;
    Milliamps dead_band{300};
    Milliamps clamp{120'000};
    SensorAxis saturation_axis = SensorAxis::none;
    std::optional<int> saturation_above;  // counts
    std::optional<Milliamps> saturation_current;
    SensorAxis saturation_sign_axis = SensorAxis::none;
    std::optional<int> field_min;  // |B| in counts
    std::optional<int> field_max;
    Duration period = std::chrono::milliseconds(200);
    Duration filter = std::chrono::seconds(1);
    Duration max_stuck = std::chrono::seconds(10);
    bool operator==(const SensorSettings&) const = default;
};

}  // namespace jkp::config
