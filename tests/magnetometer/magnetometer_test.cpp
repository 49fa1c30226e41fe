// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "magnetometer/support.hpp"

namespace jkp::meter {
namespace {

constexpr auto hmc = MagnetometerChip::hmc5883l;
constexpr auto qmc = MagnetometerChip::qmc5883l;

TEST(Hmc, SendsXZYWithTheHighByteFirst) {
    const Buffer bytes{0x01, 0x02, 0xFF, 0xFE, 0xFD, 0x63};
    const auto decoded = decode_field(hmc, ready, bytes);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, field(258, -669, -2));
}

TEST(Qmc, SendsXYZWithTheLowByteFirst) {
    const Buffer bytes{0x02, 0x01, 0x63, 0xFD, 0xFE, 0xFF};
    const auto decoded = decode_field(qmc, ready, bytes);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, field(258, -669, -2));
}

TEST(Hmc, AnOverflowTakesItsAxisAwayAndLeavesTheOthers) {
    const auto decoded = decode_field(hmc, ready, hmc_bytes(12, -4096, 34));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->axis[0], 12);
    EXPECT_EQ(decoded->axis[1], std::nullopt);
    EXPECT_EQ(decoded->axis[2], 34);
}

TEST(Hmc, BothEndsOfItsRangeAreGoodAndTheNextCountsAreGarbage) {
    for (const int counts : {-2048, 2047}) {
        const auto decoded = decode_field(hmc, ready, hmc_bytes(counts, counts, counts));
        ASSERT_TRUE(decoded) << counts;
        EXPECT_EQ(*decoded, field(counts, counts, counts));
    }
    for (const int counts : {-2049, 2048, -4095, -4097, -32768, 32767}) {
        for (const Buffer& bytes :
             {hmc_bytes(counts, 0, 0), hmc_bytes(0, counts, 0), hmc_bytes(0, 0, counts)})
            EXPECT_EQ(decode_field(hmc, ready, bytes).error(), FieldError::garbage) << counts;
    }
}

TEST(Qmc, TheOverflowBitTakesAllAxesAway) {
    const auto decoded = decode_field(qmc, 0x03, qmc_bytes(1, 2, 3));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, Field{});
}

TEST(Qmc, AnAxisAtTheEndOfTheConverterIsAbsentEvenWithoutTheBit) {
    for (const int counts : {-32768, 32767}) {
        const auto decoded = decode_field(qmc, ready, qmc_bytes(1, counts, 3));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->axis[1], std::nullopt) << counts;
        EXPECT_EQ(decoded->axis[2], 3);
    }
}

TEST(Chips, WithoutTheReadyBitThereIsNothingNew) {
    EXPECT_EQ(decode_field(hmc, 0x00, hmc_bytes(1, 2, 3)).error(), FieldError::nothing_new);
    EXPECT_EQ(decode_field(hmc, 0x02, hmc_bytes(1, 2, 3)).error(), FieldError::nothing_new);
    EXPECT_EQ(decode_field(qmc, 0x00, qmc_bytes(1, 2, 3)).error(), FieldError::nothing_new);
    EXPECT_EQ(decode_field(qmc, 0x04, qmc_bytes(1, 2, 3)).error(), FieldError::nothing_new);
}

TEST(Chips, ABusThatNobodyDrivesReadsAsGarbageAndNotAsMinusOne) {
    const Buffer floating(6, 0xFF);
    EXPECT_EQ(decode_field(hmc, 0xFF, floating).error(), FieldError::garbage);
    EXPECT_EQ(decode_field(qmc, 0xFF, floating).error(), FieldError::garbage);
}

TEST(Chips, EveryOtherNumberOfBytesIsRefused) {
    for (std::size_t size = 0; size < 20; ++size) {
        const Buffer bytes(size, 0x01);
        for (const auto chip : {hmc, qmc}) {
            const auto decoded = decode_field(chip, ready, bytes);
            EXPECT_EQ(decoded.has_value(), size == 6) << size;
            EXPECT_TRUE(decoded || decoded.error() == FieldError::too_short) << size;
        }
    }
}

TEST(Chips, AnyByteInAnyPlaceGivesCountsInRangeOrARefusal) {
    const Buffer good = hmc_bytes(100, -669, 57);
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int value = 0; value < 256; ++value) {
            Buffer bytes = good;
            bytes[at] = static_cast<std::uint8_t>(value);
            const auto decoded = decode_field(hmc, ready, bytes);
            if (!decoded) continue;
            for (const auto& counts : decoded->axis) {
                EXPECT_TRUE(!counts || (*counts >= -2048 && *counts <= 2047)) << at << ' ' << value;
            }
        }
    }
}

TEST(Chips, AreToldApartByTheirIdsOnly) {
    EXPECT_TRUE(is_id(hmc, Buffer{'H', '4', '3'}));
    EXPECT_TRUE(is_id(qmc, Buffer{0xFF}));
    EXPECT_TRUE(is_id(MagnetometerChip::qmc5883p, Buffer{0x80}));
    for (const Buffer& other : {Buffer{}, Buffer{0, 0, 0}, Buffer{0xFF, 0xFF, 0xFF}, Buffer{'H', '4'},
                                Buffer{'H', '4', '4'}, Buffer{'H', '4', '3', 0}})
        EXPECT_FALSE(is_id(hmc, other)) << hex_from_bytes(other);
    for (const Buffer& other : {Buffer{}, Buffer{0}, Buffer{0xFE}, Buffer{0xFF, 0xFF}})
        EXPECT_FALSE(is_id(qmc, other)) << hex_from_bytes(other);
}

TEST(Chips, StandWhereTheListSaysAndUnderDifferentNames) {
    std::set<std::string_view> names;
    for (const ChipFacts& chip : all_chips()) {
        EXPECT_EQ(facts(chip.chip).address, chip.address);
        EXPECT_TRUE(names.insert(name(chip.chip)).second);
    }
    EXPECT_EQ(facts(hmc).address, 0x1E);
    EXPECT_EQ(facts(qmc).address, 0x0D);
    EXPECT_EQ(facts(MagnetometerChip::qmc5883p).address, 0x2C);
}

TEST(Chips, AreSetUpAsTheirDataSheetsSay) {
    const auto hmc_writes = setup(hmc, 1);
    const std::vector<RegisterWrite> like_the_earlier_program{{0x00, 0x70}, {0x01, 0x20}, {0x02, 0x00}};
    EXPECT_EQ(std::vector(hmc_writes.begin(), hmc_writes.end()), like_the_earlier_program);
    EXPECT_EQ(setup(hmc, 7)[1], (RegisterWrite{0x01, 0xE0}));
    const auto qmc_writes = setup(qmc, 1);
    const std::vector<RegisterWrite> eight_gauss{{0x0A, 0x80}, {0x0B, 0x01}, {0x09, 0x11}};
    EXPECT_EQ(std::vector(qmc_writes.begin(), qmc_writes.end()), eight_gauss);
    EXPECT_EQ(setup(qmc, 0)[2], (RegisterWrite{0x09, 0x01}));
}

TEST(Chips, HaveNoGainStepsBeyondTheirOwn) {
    EXPECT_EQ(counts_per_gauss(hmc, 0), 1370);
    EXPECT_EQ(counts_per_gauss(hmc, 1), 1090);
    EXPECT_EQ(counts_per_gauss(hmc, 7), 230);
    EXPECT_EQ(counts_per_gauss(qmc, 0), 12000);
    EXPECT_EQ(counts_per_gauss(qmc, 1), 3000);
    for (const auto& [chip, gain] : {std::pair{hmc, -1}, {hmc, 8}, {qmc, 2}, {qmc, -1}}) {
        EXPECT_EQ(counts_per_gauss(chip, gain), std::nullopt) << gain;
        EXPECT_TRUE(setup(chip, gain).empty()) << gain;
    }
    EXPECT_TRUE(setup(MagnetometerChip::qmc5883p, 0).empty());
}

RC_GTEST_PROP(ChipProperty, EveryFieldSurvivesTheRegisters, ()) {
    const bool is_hmc = *rc::gen::arbitrary<bool>();
    const auto any = is_hmc ? rc::gen::inRange(-2048, 2048) : rc::gen::inRange(-32767, 32767);
    const int x = *any;
    const int y = *any;
    const int z = *any;
    const auto decoded =
        is_hmc ? decode_field(hmc, ready, hmc_bytes(x, y, z)) : decode_field(qmc, ready, qmc_bytes(x, y, z));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == field(x, y, z));
}

RC_GTEST_PROP(ChipProperty, ArbitraryBytesGiveAFieldOrARefusal,
              (const std::vector<std::uint8_t>& bytes, std::uint8_t status)) {
    for (const ChipFacts& chip : all_chips()) {
        const auto decoded = decode_field(chip.chip, status, bytes);
        RC_ASSERT(!decoded || bytes.size() == 6U);
        if (!decoded) RC_ASSERT(!name(decoded.error()).empty());
    }
}

}  // namespace
}  // namespace jkp::meter
