// SPDX-License-Identifier: MIT
#include "figures.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/ensure.hpp"

namespace jkp::bench {
namespace {

void print_row(const char* name, const char* measured, const char* bound, const char* ratio,
               const std::string& verdict) {
    std::printf("%-54s %14s %12s %7s  %s\n", name, measured, bound, ratio, verdict.c_str());
    std::fflush(stdout);
}

std::string quantity(double value, const std::string& unit) {
    char text[48];
    const int digits = std::abs(value) >= 100 || value == std::floor(value) ? 0
                       : std::abs(value) >= 10                              ? 1
                                                                            : 2;
    std::snprintf(text, sizeof text, "%.*f %s", digits, value, unit.c_str());
    return text;
}

std::string ratio(double measured, double bound) {
    if (bound == 0) return "-";
    char text[16];
    std::snprintf(text, sizeof text, "%.2f", measured / bound);
    return text;
}

}  // namespace

void Table::print_header() {
    print_row("figure", "measured", "bound", "ratio", "verdict");
}

void Table::add(const Figure& f) {
    const bool over = judge_ && f.bound && f.measured > *f.bound;
    broken_ = broken_ || over;
    std::string verdict = !f.bound ? "information" : !judge_ ? "not judged" : over ? "too slow" : "ok";
    if (!f.note.empty()) verdict += ": " + f.note;
    print_row(f.name.c_str(), quantity(f.measured, f.unit).c_str(),
              f.bound ? quantity(*f.bound, f.unit).c_str() : "",
              f.bound ? ratio(f.measured, *f.bound).c_str() : "", verdict);
}

double quantile(std::vector<double> values, double share) {
    ensure(!values.empty(), "a quantile of something");
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

}  // namespace jkp::bench
