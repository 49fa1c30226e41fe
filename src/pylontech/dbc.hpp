// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace jkp::pylontech {

// The signal table as a DBC file, for SavvyCAN, cantools and the like. docs/pylontech.dbc is this text.
std::string dbc_text();

}  // namespace jkp::pylontech
