// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "closed_loop/loop/many_days.hpp"
#include "closed_loop/loop/site_table.hpp"

namespace jkp::closed_loop {

struct Options {
    Plan plan;
    bool site = false;                   // houses with two inverters instead
    std::size_t fights = 0;              // with `site`; 0: as many as days
    std::optional<std::uint64_t> fight;  // only this one, as a plot
    std::string plot;                    // its file
    std::string json;                    // file; empty: none
    std::optional<std::uint64_t> day;    // only this one, in detail
    unsigned every = 1800;               // seconds between two lines of its detail
};

// What to run, or the exit code of a program that has nothing to run (0: help was asked for, 2: wrong usage).
struct Parsed {
    std::optional<Options> options;
    int exit_code = 0;
};
Parsed parse(int argc, char** argv);

}  // namespace jkp::closed_loop
