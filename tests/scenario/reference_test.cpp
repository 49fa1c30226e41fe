// SPDX-License-Identifier: MIT
#include "scenario/reference.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "scenario/play.hpp"
#include "scenario/text.hpp"
#include "support.hpp"

namespace jkp::scenario::test {
namespace {

using testing::HasSubstr;

std::string page(const std::string& name) {
    return contents(std::filesystem::path(JKP_SOURCE_DIR) / "docs" / name);
}

Scenario example() {
    return loaded(contents(library() / "pack_lost_with_quorum.toml"));
}

// Leaves the fresh text behind when it is not in the page.
void expect_part(const std::string& name, const std::string& wanted) {
    if (page(name).find(wanted) != std::string::npos) return;
    const std::string fresh = testing::TempDir() + name;
    std::ofstream(fresh, std::ios::binary) << wanted;
    ADD_FAILURE() << "docs/" << name << " is out of date; the fresh part is in " << fresh;
}

TEST(ReferenceOfScenarios, TheTablesAreUpToDate) {
    expect_part("simulate.md", reference_markdown());
}

TEST(ReferenceOfScenarios, TheExampleIsAFileOfTheLibrary) {
    EXPECT_THAT(page("simulate.md"),
                HasSubstr("```toml\n" + contents(library() / "pack_lost_with_quorum.toml") + "```"));
}

TEST(ReferenceOfScenarios, TheStoryOfTheExampleIsThatOfToday) {
    const Scenario scenario = example();
    expect_part("simulate.md", story_text(scenario, play(scenario)));
}

TEST(ReferenceOfScenarios, ThePlotIsThatOfTheExample) {
    EXPECT_THAT(page("simulate.svg"), HasSubstr("<title>" + example().head.title + "</title>"));
}

}  // namespace
}  // namespace jkp::scenario::test
