// SPDX-License-Identifier: MIT
// One table of measured figures, each beside its bound. All bounds are upper bounds.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace jkp::bench {

struct Figure {
    std::string name;
    double measured = 0;
    std::string unit;
    std::optional<double> bound{};  // absent: information
    std::string note{};
};

class Table {
  public:
    static void print_header();
    // Prints the row at once. With `judge` false no bound can be broken: a smoke run measures nothing.
    explicit Table(bool judge) : judge_(judge) {}
    void add(const Figure& figure);
    // 0, or 1 when a bound was broken.
    [[nodiscard]] int exit_code() const { return broken_ ? 1 : 0; }

  private:
    bool judge_;
    bool broken_ = false;
};

// The value below which `share` (0..1) of the values lie. Precondition: not empty.
double quantile(std::vector<double> values, double share);

}  // namespace jkp::bench
