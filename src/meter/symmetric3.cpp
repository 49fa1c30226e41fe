// SPDX-License-Identifier: MIT
#include "meter/symmetric3.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace jkp::meter {
namespace {

// One rotation of Jacobi's method: makes matrix[p][q] zero, and turns the axes along.
void rotate(Matrix3& matrix, Matrix3& axes, std::size_t p, std::size_t q) {
    if (matrix[p][q] == 0) return;
    const double angle = 0.5 * std::atan2(2 * matrix[p][q], matrix[q][q] - matrix[p][p]);
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    const auto mix = [&](double& a, double& b) {
        const double old = a;
        a = c * old - s * b;
        b = s * old + c * b;
    };
    for (std::size_t k = 0; k < 3; ++k) mix(matrix[k][p], matrix[k][q]);
    for (std::size_t k = 0; k < 3; ++k) mix(matrix[p][k], matrix[q][k]);
    for (std::size_t k = 0; k < 3; ++k) mix(axes[p][k], axes[q][k]);
}

}  // namespace

std::array<PrincipalAxis, 3> principal_axes(Matrix3 symmetric) {
    constexpr int sweeps = 12;  // converges quadratically; 6 suffice for doubles
    Matrix3 axes{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    for (int i = 0; i < sweeps; ++i) {
        rotate(symmetric, axes, 0, 1);
        rotate(symmetric, axes, 0, 2);
        rotate(symmetric, axes, 1, 2);
    }
    std::array<PrincipalAxis, 3> result{};
    for (std::size_t i = 0; i < 3; ++i) result[i] = {std::max(0.0, symmetric[i][i]), axes[i]};
    std::ranges::sort(result, std::greater<>(), &PrincipalAxis::variance);
    return result;
}

}  // namespace jkp::meter
