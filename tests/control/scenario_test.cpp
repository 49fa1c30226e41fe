// SPDX-License-Identifier: MIT
// Each file of tests/scenario is a test.
#include "scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

namespace jkp::control::test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(fs::path(JKP_SOURCE_DIR) / "tests/scenario")) {
        const bool scenario = entry.path().extension() == ".txt" && entry.path().stem() != "CMakeLists";
        if (scenario) found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

class Scenario : public testing::TestWithParam<fs::path> {};

TEST_P(Scenario, Holds) {
    for (const std::string& complaint : play_scenario(GetParam())) ADD_FAILURE() << complaint;
}

INSTANTIATE_TEST_SUITE_P(Files, Scenario, testing::ValuesIn(files()),
                         [](const auto& file) { return file.param.stem().string(); });

std::vector<std::string> played(const std::string& text) {
    const fs::path file = fs::path(testing::TempDir()) / "jkp_scenario.txt";
    std::ofstream(file) << text;
    auto complaints = play_scenario(file);
    fs::remove(file);
    return complaints;
}

TEST(ScenarioLoader, SaysWhatDoesNotHoldAndWhatItDoesNotUnderstand) {
    EXPECT_TRUE(played("set cell=3300\nrun 100\nexpect ccl=60\n").empty());
    EXPECT_EQ(played("run 100\nexpect ccl=59\n").at(0), "jkp_scenario.txt:2: ccl is 60, not 59");
    EXPECT_EQ(played("run 1\n").at(0), "jkp_scenario.txt: expects nothing");
    EXPECT_EQ(played("run 1\nexpect event=data_zero\n").size(), 1U);
    EXPECT_EQ(played("run 100\nexpect ccl_max=59\n").size(), 1U);
    for (const char* wrong : {"fly 3", "set wing=1", "set cell=red", "run", "config wing=1", "expect wing=1",
                              "set alarm=wing", "set cell", "run 1\nconfig cells=8", "ack", "recover"}) {
        EXPECT_EQ(played(std::string("run 1\nexpect ccl=0\n") + wrong + "\n").size(), 1U) << wrong;
    }
}

}  // namespace
}  // namespace jkp::control::test
