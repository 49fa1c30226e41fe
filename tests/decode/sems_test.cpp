// SPDX-License-Identifier: MIT
// The JSON form is in tests/golden; here what a person sees, and what no pair of files can show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "decode/support.hpp"

namespace jkp::report {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Output sems(const std::string& input, cli::DecodeFormat format = cli::DecodeFormat::json) {
    return run(cli::DecodeKind::sems, input, format);
}

TEST(DecodeSems, IsATableForPeople) {
    const Output output = sems("49.9V/0.8A/40W\n", cli::DecodeFormat::text);
    EXPECT_EQ(output.code, 0);
    EXPECT_THAT(output.text,
                AllOf(HasSubstr("49.9 V"), HasSubstr("-0.8 A"), HasSubstr("-40 W"), Not(HasSubstr("null"))));
}

TEST(DecodeSems, NothingIsAnEmptyInput) {
    for (const char* input : {"", "\n\n", "# comment\n", "[]"}) {
        EXPECT_EQ(sems(input).code, 1);
        EXPECT_THAT(sems(input).text, HasSubstr("empty input")) << input;
    }
}

TEST(DecodeSems, ATokenIsNeverShown) {
    const Output output = sems(R"({"code":0,"data":{"uid":"geheim","token":"geheim"}})");
    EXPECT_EQ(output.code, 1);
    EXPECT_THAT(output.text, Not(HasSubstr("geheim")));
}

TEST(DecodeSems, DamagedAnswersAreRefused) {
    for (const char* input :
         {"{", "{}", "[", "[1]", "{\"code\":0}", "\xFF\xFE", "{\"code\":0,\"data\":[]}"}) {
        const Output output = sems(input);
        EXPECT_EQ(output.code, 1) << input;
        ASSERT_EQ(output.objects.size(), 1U) << input;
        EXPECT_FALSE(output.objects[0].at("ok").get<bool>()) << input;
    }
}

TEST(DecodeSems, RecordedFilesAreRead) {
    const auto folder = std::filesystem::path(JKP_CAPTURES_DIR) / "sems";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recordings in " << JKP_CAPTURES_DIR;
    const auto read = [&](const char* name) {
        std::ifstream file(folder / name);
        return sems({std::istreambuf_iterator<char>(file), {}});
    };
    const Output strings = read("sems-battery-strings.txt");
    EXPECT_EQ(strings.code, 0);
    ASSERT_EQ(strings.objects.size(), 2U);
    EXPECT_EQ(strings.objects[0].at("battery_a"), -0.8);
    const Output flow = read("semsplus-flow-sample.json");
    EXPECT_EQ(flow.code, 0);
    EXPECT_EQ(flow.objects.at(0).at("battery_w"), -500);
    const Output errors = read("sems-errors.json");
    ASSERT_EQ(errors.objects.size(), 3U);
    EXPECT_EQ(errors.objects[0].at("cause"), "session_expired");
    EXPECT_EQ(errors.objects[1].at("cause"), "version_refused");
    EXPECT_EQ(errors.objects[2].at("cause"), "request_refused");
}

}  // namespace
}  // namespace jkp::report
