// SPDX-License-Identifier: MIT
// The calibration of the sensor as lines of a configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/edit_table.hpp"
#include "config/sensor_settings.hpp"
#include "core/result.hpp"

namespace jkp::config {

// What a calibration decides: the chip, its line and the strength of the field. A preset and a rule of
// saturation go, because they belong to another mounting. Everything else of [peer.sensor] is the owner's.
std::vector<KeyText> calibration_keys(const SensorSettings& sensor);

// [peer.sensor] with these keys, to be pasted.
std::string sensor_block(const SensorSettings& sensor, std::string_view note);

// `text` with the calibration put in. Refused, with a sentence, when the result is no good configuration or
// differs in anything besides: then a person has to edit it.
Result<std::string, std::string> with_calibration(std::string_view text, std::string_view file_name,
                                                  const SensorSettings& sensor, std::string_view note);

}  // namespace jkp::config
