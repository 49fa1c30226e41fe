// SPDX-License-Identifier: MIT
#include "meter/magnetometer.hpp"

#include <algorithm>
#include <cmath>

namespace jkp::meter {
namespace {

using std::chrono::milliseconds;

constexpr std::uint8_t floating = 0xFF;  // a bus that nobody pulls down

constexpr std::array chips{
    ChipFacts{MagnetometerChip::hmc5883l, 0x1E, {0x0A, 3}, 0x09, {0x03, 6}, 8, milliseconds(67)},
    ChipFacts{MagnetometerChip::qmc5883l, 0x0D, {0x0D, 1}, 0x06, {0x00, 6}, 2, milliseconds(100)},
    ChipFacts{MagnetometerChip::qmc5883p, 0x2C, {0x00, 1}, 0x09, {0x01, 6}, 0, milliseconds(100)},
};

namespace hmc {

constexpr std::array<std::uint8_t, 3> id{0x48, 0x34, 0x33};  // "H43"
constexpr std::array counts_per_gauss{1370, 1090, 820, 660, 440, 390, 330, 230};
constexpr std::uint8_t ready = 0x01;
constexpr std::int32_t overflow = -4096;
constexpr std::int32_t lowest = -2048;
constexpr std::int32_t highest = 2047;

// 8 averages at 15 Hz without bias; the gain; continuous.
constexpr std::array<RegisterWrite, 3> with_gain(std::uint8_t gain) {
    return {{{0x00, 0x70}, {0x01, static_cast<std::uint8_t>(gain << 5)}, {0x02, 0x00}}};
}
constexpr std::array setups{with_gain(0), with_gain(1), with_gain(2), with_gain(3),
                            with_gain(4), with_gain(5), with_gain(6), with_gain(7)};

}  // namespace hmc

namespace qmc {

constexpr std::array<std::uint8_t, 1> id{0xFF};
constexpr std::array counts_per_gauss{12000, 3000};
constexpr std::uint8_t ready = 0x01;
constexpr std::uint8_t overflow = 0x02;
constexpr std::int32_t lowest = -32768;
constexpr std::int32_t highest = 32767;

// Reset; the set/reset period the maker asks for; 512 samples of oversampling, range, 10 Hz, continuous.
constexpr std::array<RegisterWrite, 3> with_gain(std::uint8_t gain) {
    return {{{0x0A, 0x80}, {0x0B, 0x01}, {0x09, static_cast<std::uint8_t>((gain << 4) | 0x01)}}};
}
constexpr std::array setups{with_gain(0), with_gain(1)};

}  // namespace qmc

constexpr std::array<std::uint8_t, 1> qmc5883p_id{0x80};

// The registers stand in the order X, Z, Y.
Result<Field, FieldError> decode_hmc(std::uint8_t status, Bytes data) {
    if ((status & hmc::ready) == 0) return failure(FieldError::nothing_new);
    Field field;
    constexpr std::array<std::size_t, axes> place{0, 4, 2};
    for (std::size_t i = 0; i < axes; ++i) {
        const std::int32_t counts = as_signed(be16(data, place[i]));
        if (counts == hmc::overflow) continue;
        if (counts < hmc::lowest || counts > hmc::highest) return failure(FieldError::garbage);
        field.axis[i] = counts;
    }
    return field;
}

Result<Field, FieldError> decode_qmc(std::uint8_t status, Bytes data) {
    if ((status & qmc::overflow) != 0) return Field{};
    if ((status & qmc::ready) == 0) return failure(FieldError::nothing_new);
    Field field;
    for (std::size_t i = 0; i < axes; ++i) {
        const std::int32_t counts = as_signed(le16(data, 2 * i));
        if (counts > qmc::lowest && counts < qmc::highest) field.axis[i] = counts;
    }
    return field;
}

}  // namespace

std::string_view name(MagnetometerChip chip) {
    switch (chip) {
        case MagnetometerChip::hmc5883l: return "HMC5883L";
        case MagnetometerChip::qmc5883l: return "QMC5883L";
        case MagnetometerChip::qmc5883p: return "QMC5883P";
    }
    return "";
}

std::string_view name(FieldError error) {
    switch (error) {
        case FieldError::too_short: return "too_short";
        case FieldError::nothing_new: return "nothing_new";
        case FieldError::garbage: return "garbage";
    }
    return "";
}

std::optional<double> magnitude(const Field& field) {
    double sum = 0;
    for (const auto& counts : field.axis) {
        if (!counts) return std::nullopt;
        sum += double{1} * *counts * *counts;
    }
    return std::sqrt(sum);
}

std::span<const ChipFacts> all_chips() {
    return chips;
}

const ChipFacts& facts(MagnetometerChip chip) {
    return chips[static_cast<std::size_t>(chip)];
}

bool is_id(MagnetometerChip chip, Bytes id) {
    switch (chip) {
        case MagnetometerChip::hmc5883l: return std::ranges::equal(id, hmc::id);
        case MagnetometerChip::qmc5883l: return std::ranges::equal(id, qmc::id);
        case MagnetometerChip::qmc5883p: return std::ranges::equal(id, qmc5883p_id);
    }
    return false;
}

std::optional<int> counts_per_gauss(MagnetometerChip chip, int gain) {
    if (gain < 0 || gain >= facts(chip).gains) return std::nullopt;
    const auto step = static_cast<std::size_t>(gain);
    return chip == MagnetometerChip::hmc5883l ? hmc::counts_per_gauss[step] : qmc::counts_per_gauss[step];
}

std::span<const RegisterWrite> setup(MagnetometerChip chip, int gain) {
    if (gain < 0 || gain >= facts(chip).gains) return {};
    const auto step = static_cast<std::size_t>(gain);
    if (chip == MagnetometerChip::hmc5883l) return hmc::setups[step];
    return qmc::setups[step];
}

Result<Field, FieldError> decode_field(MagnetometerChip chip, std::uint8_t status, Bytes data) {
    if (data.size() != facts(chip).data.size) return failure(FieldError::too_short);
    if (status == floating) return failure(FieldError::garbage);
    switch (chip) {
        case MagnetometerChip::hmc5883l: return decode_hmc(status, data);
        case MagnetometerChip::qmc5883l: return decode_qmc(status, data);
        case MagnetometerChip::qmc5883p: break;
    }
    return failure(FieldError::garbage);
}

}  // namespace jkp::meter
