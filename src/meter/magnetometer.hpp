// SPDX-License-Identifier: MIT
// Magnetometers on I2C as registers and bytes: which chip answers, how it is set up, and what its data
// registers say. A field is in counts of the chip; the scale depends on chip and gain step, so a calibration
// belongs to one of each. Source: data sheets of the HMC5883L and QMC5883L (docs/protocols/magnetometer.md).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace jkp::meter {

enum class MagnetometerChip : std::uint8_t {
    hmc5883l,
    qmc5883l,  // most boards that are sold as HMC5883L
    qmc5883p,  // recognised by name, not read: its sources contradict one another
};
std::string_view name(MagnetometerChip chip);

inline constexpr std::size_t axes = 3;  // x, y, z

// Raw counts; absent = this axis is beyond the range of the chip.
struct Field {
    std::array<std::optional<std::int32_t>, axes> axis;
    bool operator==(const Field&) const = default;
};

// |B| in counts; nothing when an axis is absent.
std::optional<double> magnitude(const Field& field);

struct RegisterBlock {
    std::uint8_t first;
    std::uint8_t size;
};
struct RegisterWrite {
    std::uint8_t at;
    std::uint8_t value;
    bool operator==(const RegisterWrite&) const = default;
};

struct ChipFacts {
    MagnetometerChip chip;
    std::uint8_t address;  // where it stands on the bus unless its board says otherwise
    RegisterBlock id;
    std::uint8_t status;  // register; to be read before the data
    RegisterBlock data;   // to be read in one transfer, else axes of two samples may mix
    std::uint8_t gains;   // gain steps 0..gains-1; 0 = not supported
    Duration sample_period;
};
std::span<const ChipFacts> all_chips();  // in the order in which they are looked for
const ChipFacts& facts(MagnetometerChip chip);

// Whether these bytes of the id block are this chip's.
bool is_id(MagnetometerChip chip, Bytes id);

// Nothing when the chip has no such gain step.
std::optional<int> counts_per_gauss(MagnetometerChip chip, int gain);

// What is written once, in this order, to measure for ever. The first sample after it may still have the old
// gain. Empty when the chip has no such gain step.
std::span<const RegisterWrite> setup(MagnetometerChip chip, int gain);

enum class FieldError : std::uint8_t {
    too_short,    // not all data bytes
    nothing_new,  // the chip has measured nothing since the last time
    garbage,      // bytes the chip cannot send
};
std::string_view name(FieldError error);

// `status` and `data` as read from the registers of ChipFacts. Overflow is no error here: its axes are
// absent.
Result<Field, FieldError> decode_field(MagnetometerChip chip, std::uint8_t status, Bytes data);

}  // namespace jkp::meter
