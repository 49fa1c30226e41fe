// SPDX-License-Identifier: MIT
// Charts over time as one SVG text: panels below each other on one time axis, spans and marks across all of
// them. Readable on light and dark backgrounds; no script, no outside font or file.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jkp::report {

struct Point {
    double x = 0.0;             // seconds
    std::optional<double> y{};  // nothing: the line has a gap here
};

struct Series {
    std::string name;
    unsigned colour = 0;  // 0..7
    bool dashed = false;
    bool steps = false;         // keeps each value to the next point
    std::vector<Point> points;  // x rises
};

struct Panel {
    std::string title;
    std::string unit;
    std::vector<Series> series;
};

struct Span {
    double from = 0.0;
    double to = 0.0;
    std::string label;
    unsigned colour = 0;  // 0..7
};

struct Mark {
    double x = 0.0;
    std::string label;
};

struct Chart {
    std::string title;
    double seconds = 1.0;  // length of the time axis
    std::vector<Span> spans;
    std::vector<Mark> marks;
    std::vector<Panel> panels;
};

std::string svg(const Chart& chart);

}  // namespace jkp::report
