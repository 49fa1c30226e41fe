// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

namespace jkp::config {
namespace {

constexpr std::string_view chips[] = {"auto", "hmc5883l", "qmc5883l"};
constexpr std::string_view presets[] = {"none", "original"};
constexpr std::string_view directions[] = {"normal", "reversed"};
constexpr std::string_view axes[] = {"none", "x", "y", "z"};

constexpr Unit weight{"", 1e6}, counts{"counts", 1}, parts_of_counts{"counts", 1e3},
    milliamps_per_count{"mA per count", 1e6};

template <auto Member>
constexpr auto sensor(Unit unit, double minimum, double maximum) {
    return number<&Settings::sensor, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto one_of(std::span<const std::string_view> names) {
    return choice<&Settings::sensor, Member>(names);
}

using S = SensorSettings;

const Key<Settings> rows[] = {
    {"peer.sensor", "bus", sensor<&S::bus>(plain, 0, 255),
     "The number N of the bus /dev/i2c-N; 1 on a Raspberry Pi. Without it there is no sensor."},
    {"peer.sensor", "address", sensor<&S::address>(plain, 8, 119),
     "The I2C address, for example 0x1E; without it the usual one of the chip."},
    {"peer.sensor", "chip", one_of<&S::chip>(chips),
     "The chip. A calibration belongs to one kind of chip, so auto is allowed with the preset only."},
    {"peer.sensor", "gain", sensor<&S::gain>(plain, 0, 7),
     "The gain step: 0 to 7 for 0.88 to 8.1 gauss (HMC5883L), 0 or 1 for 2 or 8 gauss (QMC5883L). A change "
     "needs a new calibration."},
    {"peer.sensor", "preset", one_of<&S::preset>(presets),
     "Figures to start from: original is the formula of the earlier program for its own mounting (HMC5883L, "
     "gain 1)."},
    {"peer.sensor", "axis_x", sensor<&S::axis_x>(weight, -1, 1),
     "How much of x counts; jk-pylon sensor calibrate finds this and the next four."},
    {"peer.sensor", "axis_y", sensor<&S::axis_y>(weight, -1, 1), "How much of y counts."},
    {"peer.sensor", "axis_z", sensor<&S::axis_z>(weight, -1, 1), "How much of z counts."},
    {"peer.sensor", "zero", sensor<&S::zero>(parts_of_counts, -60000, 60000),
     "The counts along these axes without current."},
    {"peer.sensor", "slope_ma", sensor<&S::slope>(milliamps_per_count, 0.01, 5000),
     "The current that changes them by one count."},
    {"peer.sensor", "direction", one_of<&S::direction>(directions),
     "Whether the sign is turned round; the current is to be positive while the second battery is charged."},
    {"peer.sensor", "dead_band_a", sensor<&S::dead_band>(amps, 0, 20), "A smaller current counts as 0."},
    {"peer.sensor", "clamp_a", sensor<&S::clamp>(amps, 1, 1000),
     "A larger current counts as this much; also the range that a calibration prepares for."},
    {"peer.sensor", "saturation_axis", one_of<&S::saturation_axis>(axes),
     "For mountings where the line bends: above saturation_above on this axis the current counts as fixed."},
    {"peer.sensor", "saturation_above", sensor<&S::saturation_above>(counts, -32768, 32767),
     "The threshold of that rule."},
    {"peer.sensor", "saturation_a", sensor<&S::saturation_current>(amps, 0, 1000),
     "The size of the current of that rule."},
    {"peer.sensor", "saturation_sign_axis", one_of<&S::saturation_sign_axis>(axes),
     "The axis that decides its sign: positive when it is above 0."},
    {"peer.sensor", "field_min", sensor<&S::field_min>(counts, 0, 60000),
     "A weaker field over all axes means that the sensor was moved, and the current is not known."},
    {"peer.sensor", "field_max", sensor<&S::field_max>(counts, 1, 60000), "The same for a stronger field."},
    {"peer.sensor", "poll_s", sensor<&S::period>(seconds_, 0.1, 2), "How often the sensor is read."},
    {"peer.sensor", "filter_s", sensor<&S::filter>(seconds_, 0, 60),
     "The time constant that smooths the current; 0 takes it as it is."},
    {"peer.sensor", "max_stuck_s", sensor<&S::max_stuck>(seconds_, 2, 600),
     "After that long with exactly the same counts on all axes the sensor counts as broken."},
};

}  // namespace

std::span<const Key<Settings>> sensor_keys() {
    return rows;
}

}  // namespace jkp::config
