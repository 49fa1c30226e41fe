// SPDX-License-Identifier: MIT
// Answers of real inverters, when the folder with captures is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "goodwe/support.hpp"

namespace jkp::goodwe {
namespace {

class GoodweCaptures : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    }
    static Buffer bytes_of(const std::string& name) {
        std::ostringstream text;
        text << std::ifstream(folder / name).rdbuf();
        return bytes_from_hex(text.str()).value();
    }
    static Readings read(const std::string& name) { return readings_of(bytes_of(name)); }

    static inline const std::filesystem::path folder = std::filesystem::path(JKP_CAPTURES_DIR) / "goodwe";
};

TEST_F(GoodweCaptures, DeviceInfoOfAnEm) {
    const Readings r = read("goodwe-es-GW5048-EM_device_info.hex");
    EXPECT_EQ(r.model, "GW5048-EM");
    EXPECT_EQ(r.serial, "00000EMU00AW0000");
    EXPECT_EQ(family_of(r.serial.view()), Family::es);
}

TEST_F(GoodweCaptures, RunningDataOfAnEm) {
    Readings expected;
    expected.battery_voltage = Millivolts(52'900);
    expected.battery_current = Milliamps(-18'500);
    expected.soc = Permille(970);
    expected.mode = BatteryMode::discharge;
    expected.pv = Watts(102);
    expected.grid = Watts(2);
    expected.load = Watts(209);
    expected.backup = Watts(847);
    expected.inverter = Watts(1032);
    expected.meter_ok = true;
    EXPECT_EQ(read("goodwe-es-GW5048-EM_running_data.hex"), expected);
}

TEST_F(GoodweCaptures, RunningDataOfAnEt) {
    Readings expected;
    expected.battery_voltage = Millivolts(254'200);
    expected.battery_current = Milliamps(9'800);
    expected.battery_power = Watts(2512);
    expected.mode = BatteryMode::charge;
    expected.pv = Watts(1695 + 1761);
    expected.grid = Watts(-3);
    expected.load = Watts(522);
    expected.backup = Watts(312);
    expected.inverter = Watts(831);
    EXPECT_EQ(read("goodwe-et-GW10K-ET_running_data.hex"), expected);
    EXPECT_EQ(*expected.inverter - *expected.load - *expected.backup, *expected.grid)
        << "what leaves the inverter goes into both loads and the grid";
}

TEST_F(GoodweCaptures, MeterDataOfAnEt) {
    Readings expected;
    expected.grid = Watts(-110);
    expected.meter_ok = true;
    EXPECT_EQ(read("goodwe-et-GW10K-ET_meter_data.hex"), expected);
}

// What a decoder reads of a real answer, the encoder's answer of the same length says again.
TEST_F(GoodweCaptures, OurAnswersHaveTheSameShapeAsRealOnes) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        SCOPED_TRACE(entry.path().filename().string());
        const Buffer real = bytes_of(entry.path().filename());
        const auto decoded = decode_bytes(real);
        ASSERT_TRUE(decoded) << describe(decoded.error());
        const Buffer ours = answer(decoded->question, decoded->readings);
        EXPECT_EQ(ours.size(), real.size());
        EXPECT_EQ(readings_of(ours), decoded->readings);
    }
}

TEST_F(GoodweCaptures, EveryDamagedByteIsRefused) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const Buffer real = bytes_of(entry.path().filename());
        for (std::size_t at = 0; at < real.size(); ++at) {
            Buffer bad = real;
            bad[at] ^= 0x10;
            ASSERT_TRUE(take_apart(bad).frames.empty()) << entry.path() << " byte " << at;
        }
    }
}

}  // namespace
}  // namespace jkp::goodwe
