// SPDX-License-Identifier: MIT
// No input crashes the loader, and it never stays silent about a refusal.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "config/config_test_support.hpp"

namespace jkp::config {
namespace {

using namespace testing;

void check_answer(const std::string& text) {
    const auto settings = load(text, "site.toml");
    if (settings) {
        RC_ASSERT(settings->control.packs.size() == 1U);
        RC_ASSERT(settings->control.packs[0].max_charge > Milliamps(0));
    } else {
        RC_ASSERT(!settings.error().empty());
        for (const ConfigError& error : settings.error()) RC_ASSERT(!error.message.empty());
    }
}

RC_GTEST_PROP(LoaderProperties, ArbitraryBytesGiveSettingsOrErrors, (const std::string& bytes)) {
    check_answer(bytes);
}

RC_GTEST_PROP(LoaderProperties, ArbitraryBytesInsideAGoodFileGiveSettingsOrErrors,
              (const std::string& bytes)) {
    const std::string example = contents(JKP_SOURCE_DIR "/packaging/jk-pylon.example.toml");
    const auto at = *rc::gen::inRange<std::size_t>(0, example.size());
    check_answer(example.substr(0, at) + bytes + example.substr(at));
}

RC_GTEST_PROP(LoaderProperties, TomlLikeWordsGiveSettingsOrErrors, ()) {
    const auto word = rc::gen::element<std::string>(
        "[[pack]]\n", "[", "]", "{", "}", "=", "\n", ".", ",", "\"", "port", "control", "curves", "1", "3.5",
        "nan", "1e999", "true", "\n#", "charge_by_highest", "[can]\n", "kind");
    std::string text;
    for (const std::string& piece : *rc::gen::container<std::vector<std::string>>(word)) text += piece;
    check_answer(text);
}

// Any number either loads as written or is refused: it never wraps into the range.
RC_GTEST_PROP(LoaderProperties, ANumberIsTakenAsWrittenOrRefused, (std::int64_t amps)) {
    const auto settings =
        load("[[pack]]\nport = \"/dev/x\"\nmax_discharge_a = 9\nmax_charge_a = " + std::to_string(amps),
             "site.toml");
    RC_ASSERT(settings.has_value() == (amps >= 1 && amps <= 500));
    if (settings) RC_ASSERT(settings->control.packs[0].max_charge.count() == amps * 1000);
}

TEST(LoaderBounds, DeepNestingAndSizeAreRefusedInsteadOfExhaustingTheStack) {
    std::string dotted = "a";
    for (int i = 0; i < 30000; ++i) dotted += ".a";
    EXPECT_EQ(errors_of(dotted + " = 1\n"), "site.toml:1: is nested too deeply to be a configuration\n");
    EXPECT_EQ(errors_of("\na = " + std::string(65, '{')),
              "site.toml:2: is nested too deeply to be a configuration\n");
    EXPECT_NE(errors_of("a = " + std::string(60000, '[')), "");
    EXPECT_EQ(errors_of(std::string(std::size_t{65536} + 1, '#')),
              "site.toml: is larger than 64 KiB and cannot be a configuration\n");
}

TEST(LoaderBounds, TheDeepestNestingThatIsAcceptedIsHandled) {
    std::string level = "a";
    for (int i = 0; i < 32; ++i) level += ".a";
    std::string nested = "1";
    for (int i = 0; i < 16; ++i) nested = "[\n{" + level + " = " + nested + "}]";
    EXPECT_EQ(errors_of(with("[x]\n" + level + " = " + nested + "\n")),
              "site.toml:5: x = {...}: is not a known key\n");
}

}  // namespace
}  // namespace jkp::config
