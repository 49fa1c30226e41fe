// SPDX-License-Identifier: MIT
// Datagrams of real devices, when the folder with captures is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "meter/support.hpp"

namespace jkp::meter {
namespace {

const std::filesystem::path folder = std::filesystem::path(JKP_CAPTURES_DIR) / "sma";

std::vector<std::filesystem::path> files(std::string_view beginning, std::string_view not_beginning = "?") {
    std::vector<std::filesystem::path> found;
    if (!std::filesystem::exists(folder)) return found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename();
        if (name.ends_with(".hex") && name.starts_with(beginning) && !name.starts_with(not_beginning)) {
            found.push_back(entry.path());
        }
    }
    return found;
}

Buffer bytes_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return bytes_from_hex(text.str()).value();
}

double kwh(const std::optional<WattSeconds>& energy) {
    return static_cast<double>(energy.value().count()) / 3.6e6;
}

TEST(SpeedwireCaptures, AnEnergyMeterThatImports) {
    const auto found = files("sma-em1-fw1.2.4.R");
    if (found.empty()) GTEST_SKIP() << "no captures in " << folder;
    const auto r = decode_speedwire(bytes_of(found.front()));
    ASSERT_TRUE(r) << describe(r.error());
    EXPECT_EQ(r->susy, 270);
    EXPECT_EQ(r->serial, 1900204523U);
    EXPECT_EQ(net(r->total.active), Deciwatts(-34'579));
    EXPECT_EQ(grid_reading(*r).power, Watts(-3458));
    EXPECT_EQ(net(r->phases[0].active), Deciwatts(-32'080));
    EXPECT_EQ(net(r->phases[1].active), Deciwatts(-1836));
    EXPECT_EQ(net(r->phases[2].active), Deciwatts(-663));
    EXPECT_NEAR(kwh(r->total.active.imported.energy), 26630.0257, 1e-4);
    EXPECT_NEAR(kwh(r->total.active.exported.energy), 10276.4220, 1e-4);
    EXPECT_EQ(r->phases[0].voltage, Millivolts(0x36CD4));
    EXPECT_EQ(r->phases[0].current, Milliamps(0x3847));
    EXPECT_EQ(r->frequency, std::nullopt);
    EXPECT_EQ(text(r->firmware.value()), "1.2.4.R");
}

TEST(SpeedwireCaptures, ASunnyHomeManagerThatExports) {
    const auto found = files("sma-shm2-fw2.3.4.R");
    if (found.empty()) GTEST_SKIP() << "no captures in " << folder;
    const auto r = decode_speedwire(bytes_of(found.front()));
    ASSERT_TRUE(r) << describe(r.error());
    EXPECT_EQ(r->susy, 372);
    EXPECT_EQ(r->serial, 3002850058U);
    EXPECT_EQ(grid_reading(*r).power, Watts(4877));
    EXPECT_EQ(r->frequency, Millihertz(49'980));
    EXPECT_NEAR(kwh(r->total.active.imported.energy), 2192.0187, 1e-4);
    EXPECT_NEAR(kwh(r->total.active.exported.energy), 8954.9532, 1e-4);
    EXPECT_EQ(text(r->firmware.value()), "2.3.4.R");
}

TEST(SpeedwireCaptures, OurDatagramsAreTheSameBytesAsRealOnes) {
    const auto found = files("sma-", "sma-ignore-");
    if (found.empty()) GTEST_SKIP() << "no captures in " << folder;
    for (const auto& path : found) {
        SCOPED_TRACE(path.filename().string());
        const Buffer real = bytes_of(path);
        const auto decoded = decode_speedwire(real);
        ASSERT_TRUE(decoded) << describe(decoded.error());
        EXPECT_EQ(hex_from_bytes(encode_speedwire(*decoded)), hex_from_bytes(real));
    }
}

TEST(SpeedwireCaptures, TrafficOfOtherDevicesIsIgnoredWithoutAnError) {
    const auto found = files("sma-ignore-");
    if (found.empty()) GTEST_SKIP() << "no captures in " << folder;
    for (const auto& path : found) {
        const auto decoded = decode_speedwire(bytes_of(path));
        ASSERT_FALSE(decoded) << path;
        EXPECT_FALSE(is_fault(decoded.error().reason)) << path << ": " << describe(decoded.error());
    }
}

}  // namespace
}  // namespace jkp::meter
