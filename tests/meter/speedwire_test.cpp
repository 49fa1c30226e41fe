// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "meter/support.hpp"

namespace jkp::meter {
namespace {

Buffer bytes(std::string_view hex) {
    return bytes_from_hex(hex).value();
}

TEST(Speedwire, GivesBackEveryValueThatWasEncoded) {
    const auto decoded = decode_speedwire(sample_bytes());
    ASSERT_TRUE(decoded) << describe(decoded.error());
    EXPECT_EQ(*decoded, sample());
}

TEST(Speedwire, HasTheSizesOfRealMeters) {
    EXPECT_EQ(sample_bytes().size(), 608U);
    MeterReading without_frequency = sample();
    without_frequency.frequency.reset();
    EXPECT_EQ(encode_speedwire(without_frequency).size(), 600U);
    EXPECT_EQ(encode_speedwire(sample(), MeterProtocol::extended).size(), 610U);
}

// Written by hand: outer frame, device, then 1.4.0 = 12.3 W, 1.8.0 = 2^32 Ws, 2.4.0 = 0.
TEST(Speedwire, ReadsAHandWrittenDatagram) {
    const auto decoded =
        decode_speedwire(bytes("534D4100 0004 02A0 00000001 0028 0010 6069 010E 71000001 FFFFFFF0"
                               "00010400 0000007B  00010800 0000000100000000  00020400 00000000  00000000"));
    ASSERT_TRUE(decoded) << describe(decoded.error());
    EXPECT_EQ(decoded->susy, 270);
    EXPECT_EQ(decoded->serial, 0x71000001U);
    EXPECT_EQ(decoded->ticker_ms, 0xFFFFFFF0U);
    EXPECT_EQ(decoded->total.active.imported.power, Deciwatts(123));
    EXPECT_EQ(decoded->total.active.imported.energy, WattSeconds(4'294'967'296));
    EXPECT_EQ(decoded->total.active.exported.power, Deciwatts(0));
    EXPECT_EQ(decoded->total.active.exported.energy, std::nullopt);
    EXPECT_EQ(decoded->phases[0], Line{});
    EXPECT_EQ(decoded->frequency, std::nullopt);
    EXPECT_EQ(decoded->firmware, std::nullopt);
}

TEST(Speedwire, ImportIsNegativeAndRoundedToTheNearestWatt) {
    MeterReading r = sample();
    r.total.active.imported.power = Deciwatts(34'576);
    r.total.active.exported.power = Deciwatts(0);
    EXPECT_EQ(grid_reading(r).power, Watts(-3458));
    r.total.active.imported.power = Deciwatts(0);
    r.total.active.exported.power = Deciwatts(5);
    EXPECT_EQ(grid_reading(r).power, Watts(1));
    r.total.active.exported.power = Deciwatts(4);
    EXPECT_EQ(grid_reading(r).power, Watts(0));
}

TEST(Speedwire, ACounterUsesAll64Bits) {
    MeterReading r = sample();
    r.total.active.imported.energy = WattSeconds(0xFEDC'BA98'7654'3210);
    const auto decoded = decode_speedwire(encode_speedwire(r));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->total.active.imported.energy, WattSeconds(0xFEDC'BA98'7654'3210));
}

TEST(Speedwire, TheExtendedProtocolHoldsTheSameReading) {
    const auto decoded = decode_speedwire(encode_speedwire(sample(), MeterProtocol::extended));
    ASSERT_TRUE(decoded) << describe(decoded.error());
    EXPECT_EQ(*decoded, sample());
}

TEST(Speedwire, TheOrderOfTheRecordsDoesNotMatter) {
    const Buffer plain = sample_bytes();
    constexpr std::size_t mean = 8;
    constexpr std::size_t counter = 12;
    const auto first = plain.begin() + records_at;  // 1.4.0, then 1.8.0
    Buffer swapped(plain.begin(), first);
    swapped.insert(swapped.end(), first + mean, first + mean + counter);
    swapped.insert(swapped.end(), first, first + mean);
    swapped.insert(swapped.end(), first + mean + counter, plain.end());
    ASSERT_NE(swapped, plain);
    ASSERT_EQ(swapped.size(), plain.size());
    const auto decoded = decode_speedwire(swapped);
    ASSERT_TRUE(decoded) << describe(decoded.error());
    EXPECT_EQ(*decoded, sample());
}

TEST(Speedwire, RecordsNobodyKnowsArePassedOver) {
    // Quantity 15 with a mean and a counter, line 4, channel 7, another record of the version channel.
    for (const char* extra : {"000F0400 00000001", "000F0800 0000000000000001", "00510400 00000001",
                              "07010400 00000001", "90010000 00000001", "000B0400 00000001"}) {
        const auto decoded = decode_speedwire(wrap_speedwire(
            0x6069,
            bytes("010E 71000001 00000001 00010400 00000000 00020400 0000000A" + std::string(extra))));
        ASSERT_TRUE(decoded) << extra << ": " << describe(decoded.error());
        EXPECT_EQ(grid_reading(*decoded).power, Watts(1)) << extra;
        EXPECT_EQ(decoded->total.current, std::nullopt);
    }
}

TEST(Speedwire, ATagOfZeroWithALengthIsNotTheEnd) {
    const Buffer plain = sample_bytes();
    Buffer longer(plain.begin(), plain.begin() + 12);
    const Buffer odd = bytes("0002 0000 0001");
    longer.insert(longer.end(), odd.begin(), odd.end());
    longer.insert(longer.end(), plain.begin() + 12, plain.end());
    const auto decoded = decode_speedwire(longer);
    ASSERT_TRUE(decoded) << describe(decoded.error());
    EXPECT_EQ(*decoded, sample());
}

TEST(Speedwire, AVersionIsThreeNumbersAndALetter) {
    EXPECT_EQ(text({1, 2, 4, 'R'}), "1.2.4.R");
    EXPECT_EQ(text({2, 18, 14, 'N'}), "2.18.14.N");
    EXPECT_EQ(text({0, 0, 255, '\n'}), "0.0.255.?");
}

TEST(Speedwire, DevicesHaveNames) {
    EXPECT_EQ(device_name(270), "Energy Meter 1.0");
    EXPECT_EQ(device_name(349), "Energy Meter 2.0");
    EXPECT_EQ(device_name(502), "Energy Meter 2.0");
    EXPECT_EQ(device_name(372), "Sunny Home Manager 2");
    EXPECT_EQ(device_name(501), "Sunny Home Manager 2");
    EXPECT_EQ(device_name(1), "meter of kind 1");
}

TEST(Speedwire, ASimulatedMeterTellsItsPowerAndCounters) {
    const MeterReading r = simulated_reading({.serial = 42,
                                              .ticker_ms = 7,
                                              .grid = Watts(-690),
                                              .imported = WattHours(5000),
                                              .exported = WattHours(30)});
    EXPECT_EQ(encode_speedwire(r).size(), 608U);
    const auto decoded = decode_speedwire(encode_speedwire(r));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->serial, 42U);
    EXPECT_EQ(grid_reading(*decoded).power, Watts(-690));
    EXPECT_EQ(decoded->total.active.imported.energy, WattSeconds(18'000'000));
    EXPECT_EQ(decoded->phases[2].current, Milliamps(1000));
    EXPECT_EQ(decoded->phases[2].active.imported.power, Deciwatts(2300));
}

}  // namespace
}  // namespace jkp::meter
