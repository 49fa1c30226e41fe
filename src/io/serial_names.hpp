// SPDX-License-Identifier: MIT
// Which serial ports this machine has. Looks at the file system only; opens nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace jkp::io {

// Stable /dev/serial/by-id names first, then ttyUSB, ttyACM, ttyAMA and those ttyS that have hardware
// behind them (sysfs knows). Sorted within each kind. `root` stands in for "/" in tests.
std::vector<std::string> list_serial_ports(const std::filesystem::path& root = "/");

// "/dev/serial/by-id/x, /dev/ttyUSB0" or a sentence that there is none.
std::string words(const std::vector<std::string>& ports);

}  // namespace jkp::io
