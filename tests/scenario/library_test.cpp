// SPDX-License-Identifier: MIT
// Each .toml file beside this one is a test: what it expects holds, and would be found if it did not.
#include <gtest/gtest.h>

#include <algorithm>

#include "scenario/play.hpp"
#include "scenario/text.hpp"
#include "support.hpp"

namespace jkp::scenario::test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files() {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(library())) {
        if (entry.path().extension() == ".toml") found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end());
    return found;
}

How opposite(How how) {
    return how == How::never ? How::once : How::never;
}

class Library : public testing::TestWithParam<fs::path> {};

TEST_P(Library, HoldsAndEachExpectationCanFail) {
    Scenario scenario = loaded(contents(GetParam()));
    const std::size_t count = scenario.expectations.size();
    ASSERT_GE(count, 3U) << "a scenario without expectations shows nothing";
    for (std::size_t i = 0; i < count; ++i) {
        scenario.expectations.push_back(scenario.expectations[i]);
        scenario.expectations.back().how = opposite(scenario.expectations[i].how);
    }
    const Outcome outcome = play(scenario);
    ASSERT_EQ(outcome.verdicts.size(), 2 * count) << failures_text(outcome);
    for (std::size_t i = 0; i < count; ++i) {
        const Verdict& verdict = outcome.verdicts[i];
        EXPECT_TRUE(verdict.holds) << "line " << verdict.line << ": " << verdict.demand << ": "
                                   << verdict.found;
        EXPECT_FALSE(outcome.verdicts[count + i].holds) << outcome.verdicts[count + i].demand;
    }
}

TEST_P(Library, StatesInItsFirstLinesWhatItShows) {
    EXPECT_EQ(contents(GetParam()).find("# "), 0U);
}

INSTANTIATE_TEST_SUITE_P(Files, Library, testing::ValuesIn(files()),
                         [](const auto& file) { return file.param.stem().string(); });

}  // namespace
}  // namespace jkp::scenario::test
