// SPDX-License-Identifier: MIT
// The few elements of SVG that the charts need, as text. Every text from outside is escaped.
#pragma once

#include <string>
#include <string_view>

namespace jkp::report::svg_text {

// & < > " ' as entities; control characters, which XML does not allow, left out.
std::string escaped(std::string_view text);
// At most one decimal: "12.5", "12".
std::string coordinate(double value);

std::string line(double x1, double y1, double x2, double y2, std::string_view css_class);
std::string box(double x, double y, double width, double height, std::string_view css_class);
// `anchor`: start, middle or end.
std::string text(double x, double y, std::string_view content, std::string_view anchor = "start",
                 std::string_view css_class = "");
// `commands`: as of the attribute d. `title` is what a pointer over it shows.
std::string path(std::string_view commands, std::string_view css_class, std::string_view title);

}  // namespace jkp::report::svg_text
