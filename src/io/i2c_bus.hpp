// SPDX-License-Identifier: MIT
// Registers of chips on an I2C bus, through /dev/i2c-N. Only SMBus transfers are used: byte write and I2C
// block read, which every adapter of the kernel and i2c-stub can do. Thread: any, one at a time. Every call
// blocks: usually for a millisecond, for seconds when the bus is stuck, so that none belongs onto the loop's
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "core/result.hpp"
#include "io/i2c_fault.hpp"

namespace jkp::io {

class I2cBus {
  public:
    I2cBus() = default;
    virtual ~I2cBus() = default;
    I2cBus(const I2cBus&) = delete;
    I2cBus& operator=(const I2cBus&) = delete;

    // Fills `to` (1 to 32 bytes) from `first` on, in one transfer.
    virtual Result<void, I2cFault> read(std::uint8_t address, std::uint8_t first,
                                        std::span<std::uint8_t> to) = 0;
    virtual Result<void, I2cFault> write(std::uint8_t address, std::uint8_t at, std::uint8_t value) = 0;
};

// The path is that of i2c_path(). Opening touches no chip.
Result<std::unique_ptr<I2cBus>, I2cFault> open_i2c_bus(const std::string& path);

}  // namespace jkp::io
