// SPDX-License-Identifier: MIT
#include <iostream>

#include "app/demo.hpp"
#include "cli/commands.hpp"
#include "pylontech/dbc.hpp"

namespace jkp::cli {

int demo(double for_s, bool plain) {
    return app::run_demo({for_s, plain});
}

int dbc() {
    std::cout << pylontech::dbc_text();
    return good;
}

}  // namespace jkp::cli
