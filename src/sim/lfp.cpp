// SPDX-License-Identifier: MIT
#include "sim/lfp.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

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

// All points lie on this grid, so that the segment of a value is found without a search.
constexpr double grid = 0.005;
constexpr std::size_t grid_cells = 216;

constexpr std::array<std::uint8_t, grid_cells> segments = [] {
    std::array<std::uint8_t, grid_cells> result{};
    std::uint8_t high = 1;
    for (std::size_t i = 0; i < grid_cells; ++i) {
        const double middle = curve.front().soc + (static_cast<double>(i) + 0.5) * grid;
        while (high + 1U < curve.size() && middle >= curve[high].soc) ++high;
        result[i] = high;
    }
    return result;
}();

}  // namespace

double resting_voltage(double soc) {
    const double place = std::clamp((soc - curve.front().soc) / grid, 0.0, grid_cells - 1.0);
    const std::size_t high_at = segments[static_cast<std::size_t>(place)];
    const Point& high = curve[high_at];
    const Point& low = curve[high_at - 1];
    const double share = (soc - low.soc) / (high.soc - low.soc);
    return std::clamp(low.volts + share * (high.volts - low.volts), 0.5, 4.99);
}

}  // namespace jkp::sim
