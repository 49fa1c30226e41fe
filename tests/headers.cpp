// SPDX-License-Identifier: MIT
// Only there so that headers.hpp has a target to be compiled for.
