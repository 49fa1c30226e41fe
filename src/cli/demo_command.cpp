// SPDX-License-Identifier: MIT
#include <iostream>

#include "app/demo.hpp"
#include "cli/commands.hpp"
#include "pylontech/dbc.hpp"

namespace jkp::cli {

int demo(const DemoOptions& options) {
    return app::run_demo(
        {.for_s = options.for_s, .plain = options.plain, .port = options.port, .mqtt = options.mqtt});
}

int dbc() {
    std::cout << pylontech::dbc_text();
    return good;
}

}  // namespace jkp::cli
