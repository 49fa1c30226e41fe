// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "decode/support.hpp"
#include "meter/encode_speedwire.hpp"

namespace jkp::report {
namespace {

std::string hex_of(Watts grid) {
    return hex_from_bytes(meter::encode_speedwire(meter::simulated_reading({.serial = 3'000'000'042,
                                                                            .ticker_ms = 600,
                                                                            .grid = grid,
                                                                            .imported = WattHours(12'345),
                                                                            .exported = WattHours(678)})));
}

Output sma_json(const std::string& input) {
    return run(cli::DecodeKind::sma, input, cli::DecodeFormat::json);
}

TEST(DecodeSma, WritesEveryKeyOfTheContract) {
    const Output output = sma_json(hex_of(Watts(-690)));
    EXPECT_EQ(output.code, 0);
    ASSERT_EQ(output.objects.size(), 1U);
    EXPECT_EQ(output.objects[0], Json::parse(R"({
        "ok": true, "serial": 3000000042, "susy": 372, "ticker": 600, "grid_w": -690,
        "phases": [{"w": -230, "a": 1, "v": 230}, {"w": -230, "a": 1, "v": 230}, {"w": -230, "a": 1, "v": 230}],
        "frequency_hz": 50, "import_kwh": 12.345, "export_kwh": 0.678, "firmware": "2.18.14.R"})"));
}

TEST(DecodeSma, EachBlankLineBeginsAnotherDatagram) {
    const Output output = sma_json(hex_of(Watts(1)) + "\n\n" + hex_of(Watts(2)) + "\n");
    EXPECT_EQ(output.code, 0);
    ASSERT_EQ(output.objects.size(), 2U);
    EXPECT_EQ(output.objects[1].at("grid_w"), 2.0);
}

TEST(DecodeSma, OrdinaryTrafficIsIgnoredAndGood) {
    const Output output = sma_json(hex_from_bytes(meter::speedwire_discovery_request()));
    EXPECT_EQ(output.code, 0);
    ASSERT_EQ(output.objects.size(), 1U);
    EXPECT_EQ(output.objects[0], Json::parse(R"({"ok": true,
        "ignored": "a search for devices, or an answer to one"})"));
}

TEST(DecodeSma, WhatIsNoTrafficOfSmaIsNotGood) {
    const std::string cut = hex_of(Watts(1)).substr(0, 600);
    EXPECT_EQ(sma_json(cut).code, 1);
    EXPECT_EQ(sma_json("00").code, 1);
    EXPECT_EQ(sma_json("00").objects.at(0).at("ignored"), "not a datagram of SMA");
    EXPECT_EQ(sma_json("").objects.at(0).at("error"), "empty input: no hexadecimal text");
}

TEST(DecodeSma, ATableForPeopleSaysTheDirectionInWords) {
    const Output output =
        run(cli::DecodeKind::sma, hex_of(Watts(-690)) + "\n\n" + hex_of(Watts(0)), cli::DecodeFormat::text);
    EXPECT_EQ(output.code, 0);
    for (const char* part : {"Sunny Home Manager 2, serial 3000000042, firmware 2.18.14.R",
                             "grid          690.0 W import", "L3            230.0 W import, 1.00 A, 230.0 V",
                             "50.00 Hz", "import 12.3 kWh, export 0.7 kWh", "grid          0.0 W\n"}) {
        EXPECT_NE(output.text.find(part), std::string::npos) << part << "\n" << output.text;
    }
}

TEST(DecodeSma, CapturesGiveTheFiguresThatWereRecordedWithThem) {
    const auto folder = std::filesystem::path(JKP_CAPTURES_DIR) / "sma";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    int readings = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        const Output output = sma_json(text.str());
        SCOPED_TRACE(entry.path().filename().string());
        EXPECT_EQ(output.code, 0) << output.text;
        ASSERT_EQ(output.objects.size(), 1U);
        const bool ignore = entry.path().filename().string().starts_with("sma-ignore-");
        EXPECT_EQ(output.objects[0].contains("ignored"), ignore);
        readings += ignore ? 0 : 1;
        if (output.objects[0].value("serial", 0U) == 1900204523U) {
            EXPECT_EQ(output.objects[0].at("grid_w"), -3457.9);
            EXPECT_EQ(output.objects[0].at("import_kwh"), 26630.0257);
            EXPECT_TRUE(output.objects[0].at("frequency_hz").is_null());
        }
    }
    EXPECT_GT(readings, 0);
}

}  // namespace
}  // namespace jkp::report
