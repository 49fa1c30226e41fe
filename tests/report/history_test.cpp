// SPDX-License-Identifier: MIT
// Questions about what was recorded: what is refused, in which steps it is answered, and its JSON and CSV.
#include "report/history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

namespace jkp::report {
namespace {

using ::testing::HasSubstr;

HistoryRequest request(std::int64_t from, std::int64_t to, std::size_t points,
                       std::vector<std::string> series = {"current_a"}) {
    return {WallTime{from}, WallTime{to}, points, std::move(series)};
}

TEST(History, RefusesWhatNobodyCanAnswer) {
    EXPECT_EQ(request_fault(request(0, 10, 5)), std::nullopt);
    for (const HistoryRequest& bad :
         {request(10, 10, 5), request(10, 5, 5), request(-5, 5, 5), request(0, 1'000'000'000'000, 5),
          request(0, 30LL * 366 * 86400, 5), request(0, 10, 0), request(0, 10, 2001), request(0, 10, 5, {}),
          request(0, 10, 5, {"nonsense"}), request(0, 10, 5, std::vector<std::string>(65, "soc_pct")),
          request(INT64_MIN, INT64_MAX, 5)}) {
        EXPECT_NE(request_fault(bad), std::nullopt) << bad.from.seconds << ' ' << bad.to.seconds;
    }
}

TEST(History, KnowsEverySeriesByItsName) {
    for (const SeriesText& text : bank_series) EXPECT_TRUE(parse_series(text.name)) << text.name;
    for (const SeriesText& text : pack_series)
        EXPECT_EQ(parse_series("pack.my.garage." + std::string(text.name))->pack, "my.garage");
    EXPECT_EQ(parse_series("cell_max_v_min")->extreme, Extreme::min);
    EXPECT_EQ(parse_series("cell_min_v_max")->extreme, Extreme::max);
    EXPECT_EQ(parse_series("cell_max_v")->extreme, Extreme::mean);
    for (const char* bad : {"", "pack", "pack.", "pack..soc_pct", "pack.soc_pct", "pack.a.grid_w",
                            "soc_pct_mean", "temperature_max_c", "_min", "SOC_PCT"})
        EXPECT_FALSE(parse_series(bad)) << bad;
}

RC_GTEST_PROP(History, NeverHasMorePointsThanAskedForAndCoversTheSpan, ()) {
    const auto from = *rc::gen::inRange<std::int64_t>(1'500'000'000, 1'900'000'000);
    const auto span = *rc::gen::inRange<std::int64_t>(1, 20LL * 366 * 86400);
    const auto points = *rc::gen::inRange<std::size_t>(1, 2001);
    const auto finest = *rc::gen::element<std::int64_t>(1, 60, 900);
    const HistoryRequest asked = request(from, from + span, points);
    const std::int64_t step = step_of(asked.from, asked.to, points, finest);
    const HistoryTable table = HistoryBuilder(asked, step).table();
    RC_ASSERT(step >= finest);
    RC_ASSERT(!table.time.empty() && table.time.size() <= points);
    RC_ASSERT(table.time.front() <= from && table.time.front() + step > from);
    RC_ASSERT(table.time.back() < from + span && table.time.back() + step >= from + span);
    RC_ASSERT(table.columns[0].values.size() == table.time.size());
}

TEST(History, AnswersInUsualSteps) {
    EXPECT_EQ(step_of(WallTime{0}, WallTime{3600}, 2000, 1), 2);
    EXPECT_EQ(step_of(WallTime{0}, WallTime{86400}, 1440, 60), 60);
    EXPECT_EQ(step_of(WallTime{0}, WallTime{86400}, 500, 60), 300);
    EXPECT_EQ(step_of(WallTime{0}, WallTime{2 * 366 * 86400}, 2000, 900), 43200);
}

SeriesRow row(std::int64_t at, Range current, Range soc_of_pack) {
    SeriesRow result{at, {}, {}};
    result.bank[static_cast<std::size_t>(BankSeries::current)] = current;
    result.packs.push_back({"a", {}});
    result.packs[0].ranges[static_cast<std::size_t>(PackSeries::soc)] = soc_of_pack;
    return result;
}

HistoryTable two_rows() {
    HistoryBuilder builder(
        request(1'800'000'000, 1'800'001'800, 3,
                {"current_a", "current_a_min", "current_a_max", "pack.a.soc_pct", "pack.b.soc_pct"}),
        900);
    builder.add(row(1'800'000'000, {1'000, -500, 2'000}, {500, 490, 510}), 900);
    builder.add(row(1'800'000'060, {16'000, 15'000, 17'000}, {600, 600, 600}), 60);
    builder.add(row(1'799'999'999, {9, 9, 9}, {9, 9, 9}), 60);
    builder.add(row(1'800'001'800, {9, 9, 9}, {9, 9, 9}), 60);
    return builder.table();
}

TEST(History, WeighsRowsByHowLongTheyLast) {
    const HistoryTable table = two_rows();
    EXPECT_EQ(table.time, (std::vector<std::int64_t>{1'800'000'000, 1'800'000'900}));
    EXPECT_EQ(table.columns[0].values[0], (900 * 1'000 + 60 * 16'000 + 480) / 960);
    EXPECT_EQ(table.columns[1].values[0], -500);
    EXPECT_EQ(table.columns[2].values[0], 17'000);
    EXPECT_EQ(table.columns[0].values[1], std::nullopt);
    EXPECT_EQ(table.columns[4].values[0], std::nullopt);
}

TEST(History, IsToldInJsonAndCsvWithEmptyForUnknown) {
    const Json json = history_json(two_rows());
    EXPECT_EQ(json["step_s"], 900);
    EXPECT_EQ(json["time"][1], 1'800'000'900);
    EXPECT_EQ(json["series"]["current_a_min"].dump(), "[-0.5,null]");
    EXPECT_EQ(json["series"]["pack.b.soc_pct"].dump(), "[null,null]");
    EXPECT_EQ(history_csv(two_rows()),
              "time,current_a,current_a_min,current_a_max,pack.a.soc_pct,pack.b.soc_pct\n"
              "2027-01-15T08:00:00Z,1.938,-0.500,17.000,50.6,\n"
              "2027-01-15T08:15:00Z,,,,,\n");
}

TEST(History, EventsAndEnergyAreToldInJson) {
    EventRecord event{.id = 7,
                      .uptime = std::chrono::milliseconds(1'999),
                      .code = "can",
                      .severity = Severity::error,
                      .text_en = "gone",
                      .text_de = "weg"};
    EXPECT_EQ(event_json(event, Language::german).dump(),
              R"({"id":7,"time":null,"uptime_s":1,"code":"can","severity":"error","pack":"","text":"weg"})");
    event.at = WallTime{5};
    EXPECT_EQ(events_json({{event}, true}, Language::english)["events"][0]["time"], 5);
    EXPECT_EQ(events_json({{event}, true}, Language::english)["more"], true);
    const EnergyReport report{{{20261125, {1'234'567, 0, 400'000, std::nullopt, 499}}}, {}};
    EXPECT_EQ(energy_json(report)["days"].dump(),
              R"([{"day":"2026-11-25","charged_kwh":1.235,"discharged_kwh":0.0,"imported_kwh":null,)"
              R"("exported_kwh":0.0,"transferred_kwh":0.4}])");
}

}  // namespace
}  // namespace jkp::report
