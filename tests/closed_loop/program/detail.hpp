// SPDX-License-Identifier: MIT
// One day in detail on standard output, for finding out why it was the worst one.
#pragma once

#include "closed_loop/program/options.hpp"

namespace jkp::closed_loop {

void print_day(const Options& options);

}  // namespace jkp::closed_loop
