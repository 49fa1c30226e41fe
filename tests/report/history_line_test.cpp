// SPDX-License-Identifier: MIT
#include "report/history_line.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace jkp::report {
namespace {

TEST(HistoryLine, IsTheTextOfTheTree) {
    constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
    constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
    HistoryTable table{WallTime{1'800'000'000}, WallTime{1'800'000'600}, 60, {1, 2, 3}, {}};
    for (int decimals = 0; decimals <= 3; ++decimals) {
        for (const auto& values : std::vector<std::vector<std::optional<std::int32_t>>>{{0, std::nullopt, 1},
                                                                                        {-1, 10, -10},
                                                                                        {999, 1000, 1001},
                                                                                        {-53'120, 53'123, 5},
                                                                                        {most, least, 100}})
            table.columns.push_back(
                {"pack.a b\"c." + std::to_string(table.columns.size()), decimals, values});
    }
    EXPECT_EQ(Json::parse(history_line(table)), history_json(table));
    EXPECT_EQ(history_line({}), R"({"from":0,"to":0,"step_s":1,"time":[],"series":{}})");
}

}  // namespace
}  // namespace jkp::report
