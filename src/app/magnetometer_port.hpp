// SPDX-License-Identifier: MIT
// One magnetometer on an I2C bus: found by address and identification, set up, read. Every function blocks as
// io::I2cBus does.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "io/i2c_bus.hpp"
#include "meter/magnetometer.hpp"

namespace jkp::app {

struct MagnetometerPlace {
    int bus = 1;                                    // N of /dev/i2c-N
    std::optional<std::uint8_t> address{};          // absent: where each chip usually stands
    std::optional<meter::MagnetometerChip> chip{};  // absent: the first that is found
    int gain = 1;                                   // step, see meter::counts_per_gauss
    bool operator==(const MagnetometerPlace&) const = default;
};

enum class MagnetometerError : std::uint8_t {
    bus,       // the bus cannot be opened or used
    absent,    // no chip, or something else at its address
    unusable,  // a chip that is not supported, or a gain step it does not have
};
struct MagnetometerFault {
    MagnetometerError error = MagnetometerError::bus;
    std::string sentence;  // with the next step
};

using I2cOpener = std::function<Result<std::unique_ptr<io::I2cBus>, io::I2cFault>(const std::string& path)>;

class MagnetometerPort {
  public:
    // Opens the bus, finds the chip and sets it up. `opener` stands in for io::open_i2c_bus in tests.
    static Result<MagnetometerPort, MagnetometerFault> open(const MagnetometerPlace& place,
                                                            const I2cOpener& opener = io::open_i2c_bus);

    // Status, then data. The outer error is one of the bus, the inner one of what the chip says.
    Result<Result<meter::Field, meter::FieldError>, io::I2cFault> read();

    [[nodiscard]] meter::MagnetometerChip chip() const { return chip_; }
    [[nodiscard]] int counts_per_gauss() const;
    // "HMC5883L at 0x1E on /dev/i2c-1, 1090 counts per gauss"
    [[nodiscard]] std::string words() const;

  private:
    MagnetometerPort(std::unique_ptr<io::I2cBus> bus, meter::MagnetometerChip chip, std::uint8_t address,
                     int bus_number, int gain)
        : bus_(std::move(bus)), chip_(chip), address_(address), bus_number_(bus_number), gain_(gain) {}

    std::unique_ptr<io::I2cBus> bus_;
    meter::MagnetometerChip chip_;
    std::uint8_t address_;
    int bus_number_;
    int gain_;
};

}  // namespace jkp::app
