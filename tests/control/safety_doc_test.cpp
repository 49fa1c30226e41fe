// SPDX-License-Identifier: MIT
// docs/safety.md names tests and copies tables; here it is held to them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "control/bms_alarms.hpp"

namespace jkp::control::test {
namespace {

namespace fs = std::filesystem;
const fs::path root = JKP_SOURCE_DIR;

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    EXPECT_TRUE(in) << file;
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::set<std::string> all_tests() {
    std::set<std::string> names;
    const std::regex declared(R"((?:TEST|TEST_P|TEST_F|RC_GTEST_PROP)\(\s*(\w+),\s*(\w+))");
    for (const auto& entry : fs::recursive_directory_iterator(root / "tests")) {
        if (entry.path().extension() != ".cpp") continue;
        const std::string text = text_of(entry.path());
        for (std::sregex_iterator it(text.begin(), text.end(), declared), end; it != end; ++it) {
            names.insert((*it)[1].str() + "." + (*it)[2].str());
        }
    }
    return names;
}

// Rule number -> tests named in its section.
std::map<int, std::set<std::string>> documented() {
    std::map<int, std::set<std::string>> rules;
    std::istringstream lines(text_of(root / "docs/safety.md"));
    const std::regex heading(R"(## S(\d+) .*)");
    const std::regex test(R"(`([A-Z]\w+\.[A-Z]\w+)`)");
    int rule = 0;
    for (std::string line; std::getline(lines, line);) {
        std::smatch match;
        if (line.starts_with("## ")) rule = std::regex_match(line, match, heading) ? std::stoi(match[1]) : 0;
        if (rule > 0) rules[rule];
        for (std::sregex_iterator it(line.begin(), line.end(), test), end; it != end; ++it) {
            rules[rule].insert((*it)[1]);
        }
    }
    return rules;
}

TEST(SafetyDocument, EveryTestItNamesExistsAndEveryRuleHasOne) {
    const auto existing = all_tests();
    const auto rules = documented();
    for (int rule = 1; rule <= 12; ++rule) {
        ASSERT_TRUE(rules.contains(rule)) << "S" << rule;
        EXPECT_FALSE(rules.at(rule).empty()) << "S" << rule;
    }
    for (const auto& [rule, tests] : rules) {
        for (const std::string& test : tests)
            EXPECT_TRUE(existing.contains(test)) << "S" << rule << " " << test;
    }
}

TEST(SafetyDocument, EveryTestOfARuleIsNamedUnderThatRule) {
    const auto rules = documented();
    const std::regex numbered(R"(\w+\.S(\d+)_\w+)");
    for (const std::string& test : all_tests()) {
        std::smatch match;
        if (!std::regex_match(test, match, numbered)) continue;
        const int rule = std::stoi(match[1]);
        EXPECT_TRUE(rules.contains(rule) && rules.at(rule).contains(test)) << test;
    }
}

TEST(SafetyDocument, TheTableOfBmsAlarmsIsTheOneInUse) {
    const std::string text = text_of(root / "docs/safety.md");
    for (const AlarmEffect& effect : alarm_effects) {
        const char* blocks = effect.blocks_charge ? (effect.blocks_discharge ? "both" : "charge")
                                                  : (effect.blocks_discharge ? "discharge" : "nothing");
        const std::string protection(effect.protection ? name(*effect.protection) : "none");
        const std::string warning = protection == "system_error" ? "internal_communication" : protection;
        const std::string row = "| " + std::string(name(effect.alarm)) + " | " + blocks + " | " + protection +
                                " | " + warning + " |";
        EXPECT_NE(text.find(row), std::string::npos) << row;
    }
}

}  // namespace
}  // namespace jkp::control::test
