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

TEST(HistoryCsv, WritesEveryNumberWithItsDecimals) {
    constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();
    const HistoryTable table{WallTime{0},
                             WallTime{60},
                             60,
                             {0},
                             {{"a", 3, {-5}},
                              {"b", 1, {1000}},
                              {"c", 0, {0}},
                              {"d", 3, {least}},
                              {"e", 3, {-53'120}},
                              {"f", 2, {std::nullopt}}}};
    EXPECT_EQ(history_csv(table),
              "time,a,b,c,d,e,f\n1970-01-01T00:00:00Z,-0.005,100.0,0,-2147483.648,-53.120,\n");
}

}  // namespace
}  // namespace jkp::report
