// SPDX-License-Identifier: MIT
#include "app/magnetometer_port.hpp"

#include <array>
#include <vector>

namespace jkp::app {
namespace {

using meter::ChipFacts;
using meter::MagnetometerChip;

constexpr std::size_t longest_block = 32;

struct Found {
    MagnetometerChip chip;
    std::uint8_t address;
};

MagnetometerFault bus_fault(const io::I2cFault& fault) {
    return {MagnetometerError::bus, fault.sentence};
}

std::string text(std::uint8_t address) {
    return io::i2c_address_text(address);
}

// Looks for chips one after the other and remembers what it met instead.
class Search {
  public:
    Search(io::I2cBus& bus, const MagnetometerPlace& place) : bus_(bus), place_(place) {}

    Result<Found, MagnetometerFault> run() {
        for (const ChipFacts& chip : meter::all_chips()) {
            if (place_.chip && *place_.chip != chip.chip) continue;
            const std::uint8_t address = place_.address.value_or(chip.address);
            const auto is_here = identify(chip, address);
            if (!is_here) return failure(bus_fault(is_here.error()));
            if (*is_here) return Found{chip.chip, address};
        }
        return failure(nothing_found());
    }

  private:
    Result<bool, io::I2cFault> identify(const ChipFacts& chip, std::uint8_t address) {
        std::array<std::uint8_t, longest_block> block{};
        const std::span id(block.data(), chip.id.size);
        looked_at_ += (looked_at_.empty() ? "" : ", ") + text(address);
        if (const auto done = bus_.read(address, chip.id.first, id); !done) {
            if (done.error().error == io::I2cError::no_acknowledge) return false;
            return failure(done.error());
        }
        if (meter::is_id(chip.chip, id)) return true;
        strangers_ += " At " + text(address) + " something answers that is no " +
                      std::string(meter::name(chip.chip)) + " (identification " + hex_from_bytes(id) + ").";
        return false;
    }

    [[nodiscard]] MagnetometerFault nothing_found() const {
        const std::string path = io::i2c_path(place_.bus);
        return {MagnetometerError::absent,
                "No magnetometer on " + path + ": looked at " + looked_at_ + "." + strangers_ +
                    " Look at the wiring (SDA to SDA, SCL to SCL, 3.3 V, GND); `i2cdetect -y " +
                    std::to_string(place_.bus) + "` of the package i2c-tools lists what answers."};
    }

    io::I2cBus& bus_;
    const MagnetometerPlace& place_;
    std::string looked_at_;
    std::string strangers_;
};

std::optional<MagnetometerFault> unusable(const Found& found, int gain) {
    const std::string chip(meter::name(found.chip));
    const int gains = meter::facts(found.chip).gains;
    if (gains == 0) {
        return MagnetometerFault{
            MagnetometerError::unusable,
            "The chip at " + text(found.address) + " is a " + chip +
                ", which is recognised but not supported. Use a board with an HMC5883L or "
                "a QMC5883L."};
    }
    if (meter::counts_per_gauss(found.chip, gain)) return std::nullopt;
    return MagnetometerFault{MagnetometerError::unusable, "The " + chip + " has the gain steps 0 to " +
                                                              std::to_string(gains - 1) + ", not " +
                                                              std::to_string(gain) + "."};
}

}  // namespace

Result<MagnetometerPort, MagnetometerFault> MagnetometerPort::open(const MagnetometerPlace& place,
                                                                   const I2cOpener& opener) {
    auto bus = opener(io::i2c_path(place.bus));
    if (!bus) return failure(bus_fault(bus.error()));
    const auto found = Search(**bus, place).run();
    if (!found) return failure(found.error());
    if (auto fault = unusable(*found, place.gain)) return failure(*fault);
    for (const auto& [at, value] : meter::setup(found->chip, place.gain)) {
        if (const auto done = (*bus)->write(found->address, at, value); !done)
            return failure(bus_fault(done.error()));
    }
    return MagnetometerPort(std::move(*bus), found->chip, found->address, place.bus, place.gain);
}

Result<Result<meter::Field, meter::FieldError>, io::I2cFault> MagnetometerPort::read() {
    const ChipFacts& chip = meter::facts(chip_);
    std::array<std::uint8_t, 1> status{};
    std::array<std::uint8_t, longest_block> block{};
    const std::span data(block.data(), chip.data.size);
    if (const auto done = bus_->read(address_, chip.status, status); !done) return failure(done.error());
    if (const auto done = bus_->read(address_, chip.data.first, data); !done) return failure(done.error());
    return meter::decode_field(chip_, status[0], data);
}

int MagnetometerPort::counts_per_gauss() const {
    return meter::counts_per_gauss(chip_, gain_).value_or(0);
}

std::string MagnetometerPort::words() const {
    return std::string(meter::name(chip_)) + " at " + text(address_) + " on " + io::i2c_path(bus_number_) +
           ", " + std::to_string(counts_per_gauss()) + " counts per gauss";
}

}  // namespace jkp::app
