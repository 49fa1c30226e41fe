// SPDX-License-Identifier: MIT
// `jk-pylon demo`: the real gateway against a simulated BMS and inverter on pseudo terminals, with a short
// story so that every protection can be watched at work. Touches nothing outside a temporary folder.
#pragma once

#include <cstdint>
#include <string>

namespace jkp::app {

struct DemoOptions {
    double for_s = 0;        // 0 = until interrupted
    bool plain = false;      // one line a second instead of a live view
    std::uint16_t port = 0;  // of the dashboard; 0 = a free one
    std::string mqtt;        // HOST:PORT of a broker; empty = none
};

// Exit code: 0 when every burst was right as the story goes, 1 when the simulated inverter saw something it
// should not have, 2 when the demo could not run.
int run_demo(const DemoOptions& options);

}  // namespace jkp::app
