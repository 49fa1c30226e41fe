// SPDX-License-Identifier: MIT
#include "report/svg.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace jkp::report::svg_text {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
    return ' ' + std::string(name) + "=\"" + escaped(value) + '"';
}

std::string attribute(std::string_view name, double value) {
    return attribute(name, coordinate(value));
}

std::string class_of(std::string_view css_class) {
    return css_class.empty() ? "" : attribute("class", css_class);
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            case '\'': result += "&#39;"; break;
            default:
                if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) result += c;
        }
    }
    return result;
}

std::string coordinate(double value) {
    const double rounded = std::round(value * 10.0) / 10.0 + 0.0;  // no "-0"
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), rounded == std::floor(rounded) ? "%.0f" : "%.1f", rounded);
    return text.data();
}

std::string line(double x1, double y1, double x2, double y2, std::string_view css_class) {
    return "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) + attribute("y2", y2) +
           class_of(css_class) + "/>\n";
}

std::string box(double x, double y, double width, double height, std::string_view css_class) {
    return "<rect" + attribute("x", x) + attribute("y", y) + attribute("width", width) +
           attribute("height", height) + class_of(css_class) + "/>\n";
}

std::string text(double x, double y, std::string_view content, std::string_view anchor,
                 std::string_view css_class) {
    const std::string where = anchor == "start" ? "" : attribute("text-anchor", anchor);
    return "<text" + attribute("x", x) + attribute("y", y) + where + class_of(css_class) + '>' +
           escaped(content) + "</text>\n";
}

std::string path(std::string_view commands, std::string_view css_class, std::string_view title) {
    return "<path" + class_of(css_class) + attribute("d", commands) + "><title>" + escaped(title) +
           "</title></path>\n";
}

}  // namespace jkp::report::svg_text
