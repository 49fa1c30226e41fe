// SPDX-License-Identifier: MIT
#include "report/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

#include "report/svg.hpp"

namespace jkp::report {
namespace {

using svg_text::coordinate;

constexpr double width = 1000.0;
constexpr double left = 64.0;
constexpr double right = 20.0;
constexpr double inner = width - left - right;
constexpr double top = 62.0;
constexpr double span_height = 18.0;
constexpr double panel_height = 190.0;
constexpr double panel_gap = 44.0;
constexpr double bottom = 34.0;
constexpr double letter = 6.6;  // width of one in the legend
constexpr std::size_t columns = static_cast<std::size_t>(inner);

// The colours of Okabe and Ito, which colour-blind people can tell apart; lighter ones on black.
constexpr std::string_view style = R"(<style>
.page{fill:#fff}.frame{fill:none;stroke:#8a8f98}.grid{stroke:#8a8f98;stroke-opacity:.28}
.mark{stroke:#8a8f98;stroke-dasharray:2 3}
text{font:11px system-ui,sans-serif;fill:#20242b}.title{font-size:15px;font-weight:600}.small{font-size:10px}
.panel{font-weight:600}path{fill:none;stroke-width:1.4;stroke-linejoin:round}.dashed{stroke-dasharray:5 3}
.c0{stroke:#0072b2}.c1{stroke:#d55e00}.c2{stroke:#009e73}.c3{stroke:#b0578d}
.c4{stroke:#a87b00}.c5{stroke:#3f8fc0}.c6{stroke:#7a5cc0}.c7{stroke:#5f6670}
.s0{fill:#0072b2}.s1{fill:#d55e00}.s2{fill:#009e73}.s3{fill:#b0578d}
.s4{fill:#a87b00}.s5{fill:#3f8fc0}.s6{fill:#7a5cc0}.s7{fill:#5f6670}.span{fill-opacity:.3}
@media(prefers-color-scheme:dark){.page{fill:#12161c}text{fill:#dfe4ea}
.c0{stroke:#56b4e9}.c1{stroke:#ff9a4d}.c2{stroke:#3fd0a5}.c3{stroke:#e59ac6}
.c4{stroke:#f0c544}.c5{stroke:#8fd0f5}.c6{stroke:#b9a3f0}.c7{stroke:#aab2bd}}
</style>
)";

struct Range {
    double low = 0.0;
    double high = 1.0;
    double step = 0.2;
};

// The least of 1, 2 and 5 times a power of ten that is not less than `value`.
double round_step(double value) {
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * power >= value * 0.999) return factor * power;
    }
    return 10.0 * power;
}

Range range_of(const Panel& panel) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const Series& series : panel.series) {
        for (const Point& point : series.points) {
            low = std::min(low, point.y.value_or(low));
            high = std::max(high, point.y.value_or(high));
        }
    }
    if (low > high) return {};
    const double least = std::max(std::abs(high) * 1e-3, 1e-3);
    const double step = round_step(std::max(high - low, least) / 5.0);
    return {std::floor(low / step) * step,
            std::max(std::ceil(high / step), std::floor(low / step) + 1) * step, step};
}

double time_step(double seconds) {
    for (const double step : {10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 10800.0}) {
        if (seconds / step <= 12.0) return step;
    }
    return std::ceil(seconds / 12.0 / 21600.0) * 21600.0;
}

std::string two_digits(long value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string time_text(double seconds, double step) {
    const long whole = std::lround(seconds);
    if (step < 60.0) return two_digits(whole / 60) + ':' + two_digits(whole % 60);
    return two_digits(whole / 3600) + ':' + two_digits(whole / 60 % 60);
}

std::string tick_text(double value, double step) {
    const int digits = step >= 1.0 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value + 0.0);
    return text.data();
}

// One panel's place on the page.
class Frame {
  public:
    Frame(double y, const Range& range, double seconds) : y_(y), range_(range), seconds_(seconds) {}
    [[nodiscard]] double x(double at) const { return left + at / seconds_ * inner; }
    [[nodiscard]] double y(double value) const {
        return y_ + panel_height - (value - range_.low) / (range_.high - range_.low) * panel_height;
    }
    [[nodiscard]] const Range& range() const { return range_; }
    [[nodiscard]] double top_edge() const { return y_; }
    [[nodiscard]] double seconds() const { return seconds_; }

  private:
    double y_;
    Range range_;
    double seconds_;
};

// What of a pixel column is drawn: its first, extreme and last points. More cannot be seen.
std::vector<Point> thinned(const std::vector<Point>& points, double seconds) {
    std::vector<Point> kept;
    for (std::size_t begin = 0; begin < points.size();) {
        const auto column = [&](std::size_t i) {
            return static_cast<std::size_t>(points[i].x / seconds * static_cast<double>(columns));
        };
        std::size_t end = begin;
        std::size_t low = begin;
        std::size_t high = begin;
        for (; end < points.size() && column(end) == column(begin); ++end) {
            if (points[end].y && (!points[low].y || *points[end].y < *points[low].y)) low = end;
            if (points[end].y && (!points[high].y || *points[end].y > *points[high].y)) high = end;
        }
        std::array<std::size_t, 4> wanted{begin, low, high, end - 1};
        std::ranges::sort(wanted);
        const auto last = std::unique(wanted.begin(), wanted.end());
        for (auto it = wanted.begin(); it != last; ++it) kept.push_back(points[*it]);
        begin = end;
    }
    return kept;
}

// A point as it is written; nothing: the line has a gap here.
struct Written {
    std::string x;
    std::optional<std::string> y;
};

std::vector<Written> written(const Series& series, const Frame& frame) {
    std::vector<Written> points;
    for (const Point& point : thinned(series.points, frame.seconds())) {
        Written next{coordinate(frame.x(point.x)), std::nullopt};
        if (point.y) next.y = coordinate(frame.y(*point.y));
        // Of a level line only the ends are needed.
        const std::size_t n = points.size();
        const bool level = n >= 2 && points[n - 1].y == next.y && points[n - 2].y == next.y;
        if (level) points.pop_back();
        points.push_back(std::move(next));
    }
    return points;
}

std::string commands(const Series& series, const Frame& frame) {
    std::string text;
    std::optional<std::string> last;
    for (const auto& [x, y] : written(series, frame)) {
        if (y && !last) text += 'M' + x + ' ' + *y;
        if (y && last && series.steps) text += 'H' + x + (y == last ? "" : 'V' + *y);
        if (y && last && !series.steps) text += y == last ? 'H' + x : 'L' + x + ' ' + *y;
        last = y;
    }
    return text;
}

std::string css(const Series& series) {
    return 'c' + std::to_string(series.colour % 8) + (series.dashed ? " dashed" : "");
}

std::string legend(const Panel& panel, double y) {
    std::string text = svg_text::text(left, y, panel.title + ", " + panel.unit, "start", "panel");
    double x = width - right;
    for (auto it = panel.series.rbegin(); it != panel.series.rend(); ++it) {
        x -= static_cast<double>(it->name.size()) * letter;
        text += svg_text::text(x, y, it->name);
        text += svg_text::line(x - 22.0, y - 4.0, x - 5.0, y - 4.0, css(*it));
        x -= 36.0;
    }
    return text;
}

std::string value_axis(const Frame& frame) {
    const Range& range = frame.range();
    std::string text;
    const long ticks = std::lround((range.high - range.low) / range.step);
    for (long i = 0; i <= ticks; ++i) {
        const double value = range.low + static_cast<double>(i) * range.step;
        text += svg_text::line(left, frame.y(value), width - right, frame.y(value), "grid");
        text += svg_text::text(left - 6.0, frame.y(value) + 4.0, tick_text(value, range.step), "end");
    }
    return text;
}

std::string time_axis(const Frame& frame) {
    const double step = time_step(frame.seconds());
    std::string text;
    for (double at = 0.0; at <= frame.seconds(); at += step) {
        const double foot = frame.top_edge() + panel_height;
        text += svg_text::line(frame.x(at), frame.top_edge(), frame.x(at), foot, "grid");
        text += svg_text::text(frame.x(at), foot + 14.0, time_text(at, step), "middle");
    }
    return text;
}

std::string panel_text(const Panel& panel, const Frame& frame, const Chart& chart) {
    std::string text = legend(panel, frame.top_edge() - 8.0) + value_axis(frame) + time_axis(frame);
    for (const Mark& mark : chart.marks) {
        text += svg_text::line(frame.x(mark.x), frame.top_edge(), frame.x(mark.x),
                               frame.top_edge() + panel_height, "mark");
    }
    for (const Series& series : panel.series) {
        text += svg_text::path(commands(series, frame), css(series), series.name);
    }
    return text + svg_text::box(left, frame.top_edge(), inner, panel_height, "frame");
}

// The spans as a strip; a label only where it fits.
std::string strip(const Chart& chart, double y) {
    std::string text;
    for (const Span& span : chart.spans) {
        const double x = left + span.from / chart.seconds * inner;
        const double wide = (span.to - span.from) / chart.seconds * inner;
        text +=
            svg_text::box(x, y, std::max(wide, 0.5), span_height, "span s" + std::to_string(span.colour % 8));
        if (wide > static_cast<double>(span.label.size()) * letter) {
            text += svg_text::text(x + wide / 2.0, y + 13.0, span.label, "middle");
        }
    }
    return text;
}

std::string mark_labels(const Chart& chart, double y) {
    std::string text;
    double free_from = 0.0;
    for (const Mark& mark : chart.marks) {
        const double x = left + mark.x / chart.seconds * inner;
        const double long_is = static_cast<double>(mark.label.size()) * 5.4;
        const double begin = std::clamp(x, left, std::max(left, width - right - long_is));
        if (begin < free_from) continue;
        text += svg_text::text(begin, y, mark.label, "start", "small");
        free_from = begin + long_is + 8.0;
    }
    return text;
}

}  // namespace

std::string svg(const Chart& chart) {
    const double strip_y = top - span_height;
    const double panels_y = top + panel_gap;
    const double height =
        panels_y + static_cast<double>(chart.panels.size()) * (panel_height + panel_gap) - panel_gap + bottom;
    const std::string size = coordinate(width) + ' ' + coordinate(height);
    std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size +
                       "\" role=\"img\">\n<title>" + svg_text::escaped(chart.title) + "</title>\n";
    text += style;
    text += svg_text::box(0.0, 0.0, width, height, "page");
    text += svg_text::text(left, 24.0, chart.title, "start", "title");
    text += strip(chart, strip_y) + mark_labels(chart, top + 14.0);
    double y = panels_y;
    for (const Panel& panel : chart.panels) {
        text += panel_text(panel, Frame(y, range_of(panel), chart.seconds), chart);
        y += panel_height + panel_gap;
    }
    return text + "</svg>\n";
}

}  // namespace jkp::report
