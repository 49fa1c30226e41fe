// SPDX-License-Identifier: MIT
// Why an I2C bus or a chip on it cannot be used, in words that name the next step.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace jkp::io {

enum class I2cError : std::uint8_t {
    missing,         // no such bus
    permission,      // the user may not open it
    not_a_bus,       // the name exists and is no I2C bus, or one that cannot do block reads
    busy,            // a driver of the kernel has claimed the address
    no_acknowledge,  // nobody answers at the address
    stuck,           // the bus hangs: a line is held low, or the transfer took too long
    other,
};
std::string_view name(I2cError error);

struct I2cFault {
    I2cError error = I2cError::other;
    std::string sentence;
};

// "/dev/i2c-1"
std::string i2c_path(int bus);
// "0x1E"
std::string i2c_address_text(std::uint8_t address);

// The fault that the errno value of a failed open() means. `root` stands in for "/" in tests.
I2cFault i2c_open_fault(const std::string& path, int errno_value, const std::filesystem::path& root = "/");
// The same for a failed transfer.
I2cFault i2c_transfer_fault(const std::string& path, std::uint8_t address, int errno_value);

}  // namespace jkp::io
