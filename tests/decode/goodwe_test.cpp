// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "decode/support.hpp"
#include "goodwe/encode_answer.hpp"

namespace jkp::report {
namespace {

using goodwe::Question;

goodwe::Readings sample() {
    goodwe::Readings r;
    r.model = "GW3648-EM";
    r.serial = "93648EMU19CX0004";
    r.battery_voltage = Millivolts(52'900);
    r.battery_current = Milliamps(-18'500);
    r.soc = Permille(970);
    r.pv = Watts(1234);
    r.grid = Watts(-56);
    r.load = Watts(1400);
    return r;
}

std::string device_info_hex() {
    return hex_from_bytes(goodwe::encode_es_device_info("GW3648-EM", "93648EMU19CX0004"));
}
std::string running_hex(const goodwe::Readings& r = sample()) {
    return hex_from_bytes(goodwe::encode_es_running(r));
}

Output goodwe_json(const std::string& input) {
    return run(cli::DecodeKind::goodwe, input, cli::DecodeFormat::json);
}
std::string goodwe_words(const std::string& input) {
    return run(cli::DecodeKind::goodwe, input, cli::DecodeFormat::text).text;
}

TEST(DecodeGoodwe, WritesEveryKeyOfTheContractInItsOrder) {
    const Output output = goodwe_json(device_info_hex() + "\n\n" + running_hex());
    EXPECT_EQ(output.code, 0);
    ASSERT_EQ(output.objects.size(), 2U);
    EXPECT_EQ(output.objects[0].dump(),
              R"({"ok":true,"model":"GW3648-EM","serial":"93648EMU19CX0004","battery_v":null,)"
              R"("battery_a":null,"soc_pct":null,"mode":null,"pv_w":null,"grid_w":null,"load_w":null})");
    EXPECT_EQ(output.objects[1].dump(),
              R"({"ok":true,"model":null,"serial":null,"battery_v":52.9,"battery_a":-18.5,"soc_pct":97,)"
              R"("mode":"discharge","pv_w":1234,"grid_w":-56,"load_w":1400})");
}

TEST(DecodeGoodwe, ADamagedAnswerDoesNotStopTheRest) {
    std::string bad = running_hex();
    bad[40] = bad[40] == '0' ? '1' : '0';
    const Output output = goodwe_json(bad + running_hex());
    EXPECT_EQ(output.code, 1);
    ASSERT_EQ(output.objects.size(), 2U);
    EXPECT_EQ(output.objects[0].at("ok"), false);
    EXPECT_EQ(output.objects[1].at("ok"), true);
}

TEST(DecodeGoodwe, AnEmptyInputIsRefused) {
    EXPECT_EQ(goodwe_json("").objects.at(0).at("error"), "empty input: no hexadecimal text");
}

TEST(DecodeGoodwe, SaysTheDirectionsInWords) {
    EXPECT_EQ(goodwe_words(device_info_hex()), "GoodWe GW3648-EM, serial 93648EMU19CX0004\n");
    EXPECT_EQ(goodwe_words(running_hex()),
              "GoodWe\n"
              "  battery       52.9 V, 18.5 A discharging, 97 %\n"
              "  mode          discharge\n"
              "  panels        1234 W\n"
              "  grid          56 W importing\n"
              "  load          1400 W\n");
    goodwe::Readings other = sample();
    other.battery_current = Milliamps(700);
    other.grid = Watts(300);
    EXPECT_NE(goodwe_words(running_hex(other)).find("0.7 A charging"), std::string::npos);
    EXPECT_NE(goodwe_words(running_hex(other)).find("300 W exporting"), std::string::npos);
    other.battery_current = Milliamps(0);
    other.grid = Watts(0);
    EXPECT_NE(goodwe_words(running_hex(other)).find("0.0 A, 97 %"), std::string::npos);
    EXPECT_NE(goodwe_words(running_hex(other)).find("grid          0 W\n"), std::string::npos);
}

TEST(DecodeGoodwe, SaysAnErrorInWords) {
    EXPECT_EQ(goodwe_words("AA55C07F0106000245"), "error: a request, not an answer\n");
}

TEST(DecodeGoodweCaptures, EveryFileIsDecoded) {
    const auto folder = std::filesystem::path(JKP_CAPTURES_DIR) / "goodwe";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ostringstream text;
        text << std::ifstream(entry.path()).rdbuf();
        EXPECT_EQ(goodwe_json(text.str()).code, 0) << entry.path();
    }
}

}  // namespace
}  // namespace jkp::report
