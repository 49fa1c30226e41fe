// SPDX-License-Identifier: MIT
#pragma once

namespace jkp::app {

inline constexpr const char* version = JKP_VERSION;

}  // namespace jkp::app
