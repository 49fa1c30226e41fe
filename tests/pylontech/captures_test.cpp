// SPDX-License-Identifier: MIT
// Frames of real batteries and of an emulator that a Solis inverter accepts, when the folder is there.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "pylontech/support.hpp"

namespace jkp::pylontech {
namespace {

const std::filesystem::path folder = std::filesystem::path(JKP_CAPTURES_DIR) / "can";

std::vector<CanFrame> frames_in(const std::string& file) {
    std::ifstream log(folder / file);
    std::vector<CanFrame> frames;
    for (std::string line; std::getline(log, line);) {
        std::istringstream words(line);
        std::string time;
        std::string interface;
        std::string frame;
        words >> time >> interface >> frame;
        frames.push_back(frame_of(frame));
    }
    return frames;
}

struct Capture {
    const char* file;
    int charge_voltage_mv, charge_ma, discharge_ma, discharge_voltage_mv;
    int soc, soh;
    int voltage_mv, current_ma, temperature_dc;
    int modules;
    std::size_t other_frames;
};

const std::vector<Capture> captures{
    {"02-us5000-oldfw-v12-6mod.log", 53200, 480000, 480000, 45000, 880, 940, 49860, -27000, 363, 6, 0},
    {"04-us5000-4mod-candump.log", 53200, 120000, 160000, 45000, 900, 1000, 49960, -1500, 55, 4, 0},
    {"08-solis-rhi-3k-48es-5g-with-0x305.log", 56000, 20000, 60000, 0, 650, 990, 53040, -900, 340, 0, 1},
};

BatteryReport report_of(const Capture& c) {
    BatteryReport r;
    r.charge_voltage = Millivolts(c.charge_voltage_mv);
    r.charge_current_limit = Milliamps(c.charge_ma);
    r.discharge_current_limit = Milliamps(c.discharge_ma);
    r.discharge_voltage = Millivolts(c.discharge_voltage_mv);
    r.soc = Permille(c.soc);
    r.soh = Permille(c.soh);
    r.voltage = Millivolts(c.voltage_mv);
    r.current = Milliamps(c.current_ma);
    r.temperature = Decicelsius(c.temperature_dc);
    r.modules = static_cast<std::uint8_t>(c.modules);
    r.charge_enable = true;
    r.discharge_enable = true;
    return r;
}

TEST(CanCaptures, TheEncoderWritesTheSameBytes) {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    for (const Capture& capture : captures) {
        SCOPED_TRACE(capture.file);
        std::size_t same = 0;
        const std::vector<CanFrame> recorded = frames_in(capture.file);
        for (const CanFrame& ours : encode(report_of(capture), {})) {
            for (const CanFrame& real : recorded) {
                if (real.id != ours.id) continue;
                EXPECT_EQ(text_of(ours), text_of(real));
                ++same;
            }
        }
        EXPECT_EQ(same, 6U);
        EXPECT_EQ(recorded.size(), 6U + capture.other_frames);
    }
}

TEST(CanCaptures, TheDecoderReadsTheSameValues) {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    for (const Capture& capture : captures) {
        SCOPED_TRACE(capture.file);
        std::map<std::uint32_t, CanFrame> by_id;
        for (const CanFrame& frame : frames_in(capture.file)) by_id[frame.id] = frame;
        const Burst burst{by_id.at(0x359), by_id.at(0x351), by_id.at(0x355),
                          by_id.at(0x356), by_id.at(0x35C), by_id.at(0x35E)};
        EXPECT_EQ(pylontech::report_of(burst), report_of(capture));
    }
}

TEST(CanCaptures, AForeignSystemIsReadWithoutAnError) {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    std::map<std::string_view, int> seen;
    for (const CanFrame& frame : frames_in("10-deye-se-f12c-native-victron-gx.log")) {
        const auto message = decode(frame);
        ASSERT_TRUE(message) << text_of(frame);
        ++seen[message_name(*message)];
    }
    EXPECT_EQ(seen["inverter_alive"], 4);
    EXPECT_EQ(seen["limits"], 4);
    EXPECT_EQ(seen["battery_name"], 4);
    EXPECT_GT(seen["unknown"], 30);
}

}  // namespace
}  // namespace jkp::pylontech
