// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "decode/support.hpp"

namespace jkp::report {
namespace {

std::string error_of(const Output& output) {
    EXPECT_EQ(output.code, 1);
    EXPECT_EQ(output.objects.size(), 1U);
    EXPECT_FALSE(output.objects.at(0).at("ok").get<bool>());
    EXPECT_EQ(output.objects.at(0).size(), 2U);
    return output.objects.at(0).at("error").get<std::string>();
}

TEST(DecodeJk, WritesEveryKeyOfTheContract) {
    const Output output = jk_json(small_hex());
    EXPECT_EQ(output.code, 0);
    ASSERT_EQ(output.objects.size(), 1U);
    EXPECT_EQ(output.objects[0], Json::parse(R"({
        "ok": true, "protocol": "4E57", "cells_mv": [3201, 3185, 3203, 3202], "voltage_v": 12.79,
        "current_a": -0.69, "soc_pct": 15, "temperatures_c": {"mos": 18, "t1": -1, "t2": null},
        "cycles": 17, "capacity_ah": 81, "alarms": ["low_soc", "afe_fault_b"], "charge_mos": true,
        "discharge_mos": false, "balancing": false, "firmware": "H7.X__S7.1.0H"})"));
}

TEST(DecodeJk, ThePasswordNeverAppears) {
    EXPECT_NE(small_hex().find("313233343536"), std::string::npos);
    EXPECT_EQ(jk_json(small_hex()).text.find("123456"), std::string::npos);
}

TEST(DecodeJk, SeveralFramesInOneBlockGiveSeveralObjects) {
    const Output output = jk_json("00FF" + small_hex() + small_hex() + "\n" + small_hex() + "4E");
    EXPECT_EQ(output.code, 0);
    EXPECT_EQ(output.objects.size(), 3U);
}

TEST(DecodeJk, BlocksAreIndependentInputs) {
    const std::string half = small_hex().substr(0, 122);
    const Output output = jk_json(half + "\n \n\n" + small_hex() + "\r\n\r\n# the end\n");
    EXPECT_EQ(output.code, 1);
    ASSERT_EQ(output.objects.size(), 2U);
    EXPECT_EQ(output.objects[0].at("error"), "truncated: 61 of 243 bytes");
    EXPECT_EQ(output.objects[1].at("ok"), true);
}

TEST(DecodeJk, CommentsAndAnyLayoutAreAccepted) {
    std::string spaced;
    const std::string hex = small_hex();
    for (std::size_t i = 0; i < hex.size(); i += 2)
        spaced += "0x" + hex.substr(i, 2) + (i % 32 == 0 ? "\n" : ", ");
    const Output output = jk_json("# recorded today\n; by us\n" + spaced + "\n# more\n");
    EXPECT_EQ(output.code, 0) << output.text;
    EXPECT_EQ(output.objects.size(), 1U);
}

TEST(DecodeJk, ABadChecksumIsNamedWithBothSums) {
    auto bytes = jk::encode_reply(small_pack());
    bytes[bytes.size() - 1] = 0x82;
    bytes[bytes.size() - 2] = 0x48;
    const std::string error = error_of(jk_json(hex_from_bytes(bytes)));
    EXPECT_TRUE(error.starts_with("checksum 4882 does not match ")) << error;
    EXPECT_EQ(error.size(), std::string("checksum 4882 does not match 47F0").size());
}

TEST(DecodeJk, RefusedInputsSayWhy) {
    EXPECT_EQ(error_of(jk_json(hex_from_bytes(jk::read_all_request()))), "a request, not an answer");
    EXPECT_EQ(error_of(jk_json("55AAEB90 0200 0000")), "55AAEB90 frame of the PB series: not supported yet");
    EXPECT_EQ(error_of(jk_json("00 01 02")), "no frame found in 3 bytes");
    EXPECT_EQ(error_of(jk_json("# title\n4E57\nhello")), "line 3: not hexadecimal text");
    EXPECT_EQ(error_of(jk_json("\n\n4E570")), "line 3 and following: not pairs of hexadecimal digits");
    EXPECT_EQ(error_of(jk_json("")), "empty input: no hexadecimal text");
    EXPECT_EQ(error_of(jk_json(" \n# nothing\n\n")), "empty input: no hexadecimal text");
    EXPECT_EQ(error_of(jk_json("4E57FFFF")), "length 65535 is not within 18..1000");
}

TEST(DecodeJk, ABadFrameDoesNotStopTheRest) {
    std::string bad = small_hex();
    bad[60] = bad[60] == '0' ? '1' : '0';
    const Output output = jk_json(small_hex() + bad + small_hex());
    EXPECT_EQ(output.code, 1);
    ASSERT_EQ(output.objects.size(), 3U);
    EXPECT_EQ(output.objects[0].at("ok"), true);
    EXPECT_EQ(output.objects[1].at("ok"), false);
    EXPECT_EQ(output.objects[2].at("ok"), true);
}

TEST(DecodeJk, PbFramesBesideOursAreReportedToo) {
    const Output output = jk_json("55AAEB90 0102" + small_hex() + "55AAEB90");
    EXPECT_EQ(output.code, 1);
    ASSERT_EQ(output.objects.size(), 3U);
    EXPECT_EQ(output.objects[0].at("ok"), true);
}

TEST(DecodeJk, WhatIsAbsentIsNull) {
    PackReading pack = small_pack();
    pack.cycles.reset();
    pack.settings.capacity.reset();
    const Output output = jk_json(hex_from_bytes(jk::encode_reply(pack, {.with_tail = false})));
    ASSERT_EQ(output.objects.size(), 1U);
    EXPECT_TRUE(output.objects[0].at("cycles").is_null());
    EXPECT_TRUE(output.objects[0].at("capacity_ah").is_null());
}

TEST(DecodeJk, ATableForPeopleNamesTheExtremes) {
    const Output output = run(cli::DecodeKind::jk, small_hex() + "\n\n00", cli::DecodeFormat::text);
    EXPECT_EQ(output.code, 1);
    for (const char* part :
         {"12.79 V", "-0.69 A, discharging", "15 % of 81 Ah, 17 cycles",
          "4, lowest 3.185 V (cell 2), highest 3.203 V (cell 3), difference 18 mV",
          "MOSFET 18 C, sensor 1 -1 C, sensor 2 unknown", "charge on, discharge off, balancing off",
          "low soc, afe fault b", "error: no frame found in 1 bytes"}) {
        EXPECT_NE(output.text.find(part), std::string::npos) << part << "\n" << output.text;
    }
}

}  // namespace
}  // namespace jkp::report
