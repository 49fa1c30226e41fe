// SPDX-License-Identifier: MIT
#include "sim/lfp.hpp"

#include <algorithm>
#include <array>

namespace jkp::sim {
namespace {

struct Point {
    double soc;
    double volts;
};

// Typical of the data sheets of large prismatic cells at 25 C.
constexpr std::array<Point, 24> curve{
    {{-0.05, 1.80}, {-0.01, 2.35}, {0.00, 2.50},  {0.01, 2.72},   {0.02, 2.88},  {0.04, 3.03},
     {0.07, 3.12},  {0.10, 3.175}, {0.15, 3.213}, {0.20, 3.240},  {0.30, 3.275}, {0.40, 3.290},
     {0.50, 3.296}, {0.60, 3.305}, {0.70, 3.325}, {0.80, 3.332},  {0.90, 3.338}, {0.95, 3.346},
     {0.97, 3.360}, {0.98, 3.385}, {0.99, 3.430}, {0.995, 3.490}, {1.00, 3.600}, {1.03, 4.200}}};

}  // namespace

double resting_voltage(double soc) {
    const auto above = std::find_if(curve.begin() + 1, curve.end() - 1,
                                    [soc](const Point& point) { return soc < point.soc; });
    const Point& high = *above;
    const Point& low = *(above - 1);
    const double share = (soc - low.soc) / (high.soc - low.soc);
    return std::clamp(low.volts + share * (high.volts - low.volts), 0.5, 4.99);
}

}  // namespace jkp::sim
