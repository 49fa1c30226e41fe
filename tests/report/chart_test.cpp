// SPDX-License-Identifier: MIT
#include "report/chart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "report/svg.hpp"

namespace jkp::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Chart chart_of(std::vector<Point> points) {
    return {"Title", 100.0, {}, {}, {{"Voltage", "V", {{"cell", 1, false, false, std::move(points)}}}}};
}

// The d attribute of the only series.
std::string path_of(const std::string& svg) {
    const std::size_t begin = svg.find(" d=\"") + 4;
    return svg.substr(begin, svg.find('"', begin) - begin);
}

TEST(Svg, EscapesWhatXmlGivesAMeaning) {
    EXPECT_EQ(svg_text::escaped("a<b>&\"c'\x01\n"), "a&lt;b&gt;&amp;&quot;c&#39;");
    EXPECT_THAT(svg_text::text(1, 2, "<script>"), Not(HasSubstr("<script>")));
    EXPECT_THAT(svg_text::path("M0 0", "x\" onload=\"y", "t"), Not(HasSubstr("onload=\"")));
}

TEST(Svg, WritesCoordinatesWithOneDecimalAtMost) {
    EXPECT_EQ(svg_text::coordinate(12.0), "12");
    EXPECT_EQ(svg_text::coordinate(12.349), "12.3");
    EXPECT_EQ(svg_text::coordinate(-0.01), "0");
}

TEST(Chart, IsAWholeDocumentWithTitleAxesAndLegend) {
    const std::string svg_of = svg(chart_of({{0, 3.2}, {100, 3.5}}));
    EXPECT_EQ(svg_of.find("<svg xmlns=\"http://www.w3.org/2000/svg\""), 0U);
    EXPECT_THAT(svg_of, HasSubstr("<title>Title</title>"));
    EXPECT_THAT(svg_of, HasSubstr(">Voltage, V</text>"));
    EXPECT_THAT(svg_of, HasSubstr(">cell</text>"));
    EXPECT_THAT(svg_of, HasSubstr(">3.2</text>"));
    EXPECT_THAT(svg_of, HasSubstr(">3.5</text>"));
    EXPECT_THAT(svg_of, HasSubstr(">00:50</text>"));
    EXPECT_THAT(svg_of, HasSubstr("prefers-color-scheme:dark"));
    EXPECT_TRUE(svg_of.ends_with("</svg>\n"));
}

TEST(Chart, AMissingValueIsAGap) {
    const std::string path = path_of(svg(chart_of({{0, 1}, {20, 2}, {40, std::nullopt}, {60, 2}, {80, 1}})));
    EXPECT_EQ(std::ranges::count(path, 'M'), 2) << path;
    EXPECT_EQ(std::ranges::count(path, 'L'), 2) << path;
}

TEST(Chart, StepsKeepTheValueToTheNextPoint) {
    Chart chart = chart_of({{0, 1}, {50, 2}, {100, 2}});
    chart.panels[0].series[0].steps = true;
    const std::string path = path_of(svg(chart));
    EXPECT_EQ(std::ranges::count(path, 'H'), 2) << path;
    EXPECT_EQ(std::ranges::count(path, 'V'), 1) << path;
}

TEST(Chart, ThinsOutWithoutLosingAPeak) {
    std::vector<Point> points;
    for (int i = 0; i < 100'000; ++i) points.push_back({i / 1000.0, i == 54'321 ? 10.0 : 1.0});
    const std::string svg_of = svg(chart_of(points));
    EXPECT_LT(svg_of.size(), 10'000U);
    EXPECT_THAT(svg_of, HasSubstr(">10</text>")) << "the axis reaches the peak";
    EXPECT_THAT(path_of(svg_of), HasSubstr(" 106L")) << "the upper edge of the panel";
}

TEST(Chart, OfALevelLineOnlyTheEndsAreWritten) {
    EXPECT_EQ(path_of(svg(chart_of({{0, 1}, {25, 1}, {50, 1}, {75, 1}, {100, 2}}))), "M64 296H751L980 106");
}

TEST(Chart, WithoutAnyValueItStillHasAxes) {
    EXPECT_THAT(svg(chart_of({})), HasSubstr(">0.2</text>"));
    EXPECT_THAT(svg(chart_of({{0, std::nullopt}})), Not(HasSubstr("nan")));
    EXPECT_THAT(svg(chart_of({{0, 5.0}, {100, 5.0}})), Not(HasSubstr("nan")));
}

TEST(Chart, SpansAreLabelledWhereTheyAreWideEnough) {
    Chart chart = chart_of({{0, 1}});
    chart.spans = {{0, 60, "bulk", 1}, {60, 60.5, "absorb", 2}, {60.5, 100, "float", 3}};
    chart.marks = {{30, "one event"}, {30.5, "hidden"}, {99, "at the end"}};
    const std::string svg_of = svg(chart);
    EXPECT_THAT(svg_of, HasSubstr(">bulk</text>"));
    EXPECT_THAT(svg_of, Not(HasSubstr(">absorb</text>")));
    EXPECT_THAT(svg_of, HasSubstr(">one event</text>"));
    EXPECT_THAT(svg_of, Not(HasSubstr(">hidden</text>"))) << "labels do not overlap";
    EXPECT_THAT(svg_of, HasSubstr(">at the end</text>"));
}

}  // namespace
}  // namespace jkp::report
