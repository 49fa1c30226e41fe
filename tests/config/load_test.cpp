// SPDX-License-Identifier: MIT
#include "config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_test_support.hpp"
#include "config/reference.hpp"

namespace jkp::config {
namespace {

using namespace testing;
using ::testing::HasSubstr;

TEST(Load, AMinimalFileGivesTheDefaults) {
    const auto settings = load(minimal, "site.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    ASSERT_EQ(settings->control.packs.size(), 1U);
    EXPECT_EQ(settings->control.packs[0].name.view(), "pack1");
    EXPECT_EQ(settings->control.packs[0].max_charge, Milliamps(60000));
    EXPECT_EQ(settings->links[0].port, "/dev/ttyUSB0");
    control::Config expected;
    expected.packs = settings->control.packs;
    EXPECT_EQ(settings->control, expected);
    EXPECT_EQ(settings->can, CanSettings{});
    EXPECT_TRUE(settings->warnings.empty()) << format(settings->warnings);
}

TEST(Load, TheExampleLoadsWithoutErrorOrWarning) {
    const std::string text = contents(JKP_SOURCE_DIR "/packaging/jk-pylon.example.toml");
    const auto settings = load(text, "jk-pylon.example.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    EXPECT_TRUE(settings->warnings.empty()) << format(settings->warnings);
    const auto& pack = settings->control.packs[0];
    EXPECT_EQ(pack.cell_count, 16);
    EXPECT_EQ(pack.capacity, MilliampHours(280000));
    EXPECT_EQ(settings->can.interface, "can0");
    EXPECT_EQ(settings->log.target, LogTarget::journald);
}

// The lines from one that begins with `first` up to the next empty one lose their comment mark.
std::string uncommented(std::string text, std::string_view first) {
    std::size_t at = text.find(first);
    while (at != std::string::npos && text.compare(at, 2, "# ") == 0) {
        text.erase(at, 2);
        at = text.find('\n', at) + 1;
    }
    return text;
}

TEST(Load, TheSecondPackOfTheExampleLoadsWithoutErrorOrWarningOnceItIsNoComment) {
    std::string text = contents(JKP_SOURCE_DIR "/packaging/jk-pylon.example.toml");
    text = uncommented(uncommented(text, "# [[pack]]"), "# [bank]");
    const auto settings = load(text, "jk-pylon.example.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    EXPECT_TRUE(settings->warnings.empty()) << format(settings->warnings);
    ASSERT_EQ(settings->control.packs.size(), 2U);
    EXPECT_EQ(settings->control.packs[1].capacity, MilliampHours(150'000));
    EXPECT_EQ(settings->control.bank.max_charge, Milliamps(90'000));
}

// Every block of a page that configures a pack.
std::vector<std::string> blocks_of(const std::string& page) {
    std::vector<std::string> blocks;
    constexpr std::string_view begin = "```\n[[pack]]\n";
    for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at + 1)) {
        blocks.push_back(page.substr(at + 4, page.find("```", at + 4) - at - 4));
    }
    return blocks;
}

TEST(Load, TheConfigurationOfFirstWiringLoadsWithoutErrorOrWarning) {
    const auto blocks = blocks_of(contents(JKP_SOURCE_DIR "/docs/first-wiring.md"));
    ASSERT_EQ(blocks.size(), 1U);
    const auto settings = load(blocks[0], "first-wiring.md");
    ASSERT_TRUE(settings) << format(settings.error());
    EXPECT_TRUE(settings->warnings.empty()) << format(settings->warnings);
    EXPECT_EQ(settings->control.packs.size(), 2U);
}

TEST(Load, ThePresetIsAppliedBeforeSingleCurvesWhereverTheyStand) {
    const auto settings = load(with("[control.curves]\n"
                                    "charge_by_lowest = [[2.6, 0], [3.1, 1]]\n"
                                    "[control]\n"
                                    "preset = \"original\"\n"),
                               "site.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    const auto original = control::cell_curves(control::Preset::original);
    EXPECT_EQ(settings->control.curves.charge_by_highest, original.charge_by_highest);
    const control::Curve own = control::LinearCurve{{{2600, Permille(0)}, {3100, Permille(1000)}}};
    EXPECT_EQ(settings->control.curves.charge_by_lowest, own);
}

TEST(Load, EachPresetLoadsWithoutWarning) {
    for (const char* preset : {"smooth", "original", "original-strict"}) {
        EXPECT_EQ(warnings_of(with("[control]\npreset = \"" + std::string(preset) + "\"\n")), "") << preset;
    }
}

TEST(Load, StepsAreReadInAmperes) {
    const auto settings =
        load(with("[control.curves]\n"
                  "charge_by_highest = { below_a = 55.5, steps_a = [[3.45, 20], [3.5, 0]] }\n"),
             "site.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    const control::Curve expected =
        control::StepCurve{Milliamps(55500), {{3450, Milliamps(20000)}, {3500, Milliamps(0)}}};
    EXPECT_EQ(settings->control.curves.charge_by_highest, expected);
}

TEST(Load, AllErrorsComeAtOnceInTheOrderOfTheFile) {
    const std::string errors = errors_of(
        "[[pack]]\n"
        "port = \"/dev/ttyUSB0\"\n"
        "max_charge_a = 900\n"
        "max_discharge = 60\n"
        "[control.cells]\n"
        "hard_stop_v = \"high\"\n"
        "[control.age]\n"
        "zero_s = 5\n");
    EXPECT_EQ(
        errors,
        "site.toml:1: pack[0].max_discharge_a: is missing and has no default\n"
        "site.toml:3: pack[0].max_charge_a = 900: must be between 1 and 500 A\n"
        "site.toml:4: pack[0].max_discharge = 60: is not a known key; did you mean \"max_discharge_a\"?\n"
        "site.toml:6: control.cells.hard_stop_v = \"high\": must be a number between 3.4 and 3.65 V, not a "
        "text\n"
        "site.toml:8: control.age.zero_s = 5: control.age.reduce_from_s (5 s) must be below "
        "control.age.zero_s "
        "(5 s)\n");
}

TEST(Load, TheReferenceIsUpToDate) {
    const std::string committed = contents(JKP_SOURCE_DIR "/docs/configuration.md");
    const std::string wanted = reference_markdown();
    if (committed == wanted) return;
    const std::string fresh = ::testing::TempDir() + "configuration.md";
    std::ofstream(fresh, std::ios::binary) << wanted;
    FAIL() << "docs/configuration.md differs from the program's tables; the fresh text is in " << fresh;
}

}  // namespace
}  // namespace jkp::config
