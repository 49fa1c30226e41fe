// SPDX-License-Identifier: MIT
#include "core/bytes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace jkp {
namespace {

TEST(Bytes, ReadsBothByteOrders) {
    constexpr std::array<std::uint8_t, 4> raw{0x12, 0x34, 0x56, 0x78};
    EXPECT_EQ(be16(raw, 0), 0x1234);
    EXPECT_EQ(be32(raw, 0), 0x12345678U);
    EXPECT_EQ(le16(raw, 2), 0x7856);
    EXPECT_EQ(as_signed(0xFFEC), -20);
}

TEST(Bytes, HexTextMayBeSpacedPrefixedAndInBothCases) {
    const std::vector<std::uint8_t> expected{0x4E, 0x57, 0x00, 0x1F};
    EXPECT_EQ(bytes_from_hex("4e57001f"), expected);
    EXPECT_EQ(bytes_from_hex("4E 57\n00:1F"), expected);
    EXPECT_EQ(bytes_from_hex("0x4E, 0x57, 0x00, 0x1F"), expected);
    EXPECT_EQ(hex_from_bytes(expected), "4E57001F");
}

TEST(Bytes, HexTextWithOddDigitsOrOtherLettersIsRefused) {
    EXPECT_EQ(bytes_from_hex("4E5"), std::nullopt);
    EXPECT_EQ(bytes_from_hex("4E 5G"), std::nullopt);
    EXPECT_TRUE(bytes_from_hex("")->empty());
}

}  // namespace
}  // namespace jkp
