// SPDX-License-Identifier: MIT
// The principal axes of a cloud of points in space.
#pragma once

#include <array>

namespace jkp::meter {

using Vector3 = std::array<double, 3>;
using Matrix3 = std::array<Vector3, 3>;

constexpr double dot(const Vector3& a, const Vector3& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

struct PrincipalAxis {
    double variance;
    Vector3 direction;  // of length 1
};

// Eigenvalues and eigenvectors of a symmetric, positive semidefinite matrix; largest first.
std::array<PrincipalAxis, 3> principal_axes(Matrix3 symmetric);

}  // namespace jkp::meter
