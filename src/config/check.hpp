// SPDX-License-Identifier: MIT
// Values that are each in range but contradict one another, and values that are allowed but unwise.
#pragma once

#include "config/findings.hpp"
#include "config/settings.hpp"

namespace jkp::config {

void check(const Settings& settings, Findings& findings);

void check_order(const Settings& settings, Findings& findings);
void check_packs(const Settings& settings, Findings& findings);
void check_bank(const Settings& settings, Findings& findings);
void check_can(const Settings& settings, Findings& findings);
void check_curves(const Settings& settings, Findings& findings);
void check_stability(const Settings& settings, Findings& findings);

}  // namespace jkp::config
