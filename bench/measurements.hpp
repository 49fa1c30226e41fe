// SPDX-License-Identifier: MIT
// The figures that need the running daemon. Each function adds its rows; all throw std::runtime_error when
// the daemon does not do its work.
#pragma once

#include <string>

#include "figures.hpp"

namespace jkp::bench {

struct Plan {
    std::string program;
    unsigned starts = 5;
    unsigned polls = 200;
    unsigned sites = 10;  // daemons side by side in the reaction trials
    unsigned trials_per_site = 2;
    double memory_after_s = 60;  // least age of the daemon whose memory is read
};

// Process start -> first frame on the bus.
void measure_start(Table& table, const Plan& plan);
// Last byte of an answer on the UART -> first CAN frame, and the processor time of a poll.
void measure_latency(Table& table, const Plan& plan);
// A cell jumps to 3.56 V at any moment between two polls -> a charge limit of 0 A on the wire, at 1 s
// polling; then the memory of these daemons.
void measure_reaction(Table& table, const Plan& plan);

}  // namespace jkp::bench
