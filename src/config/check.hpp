// SPDX-License-Identifier: MIT
// Values that are each in range but contradict one another, and values that are allowed but unwise.
// A contradiction names both keys; a warning speaks only of what the file itself says.
#pragma once

#include <string>

#include "config/fields.hpp"
#include "config/findings.hpp"
#include "config/settings.hpp"

namespace jkp::config {

void check(const Settings& settings, Findings& findings);

void check_order(const Settings& settings, Findings& findings);
void check_packs(const Settings& settings, Findings& findings);
void check_bank(const Settings& settings, Findings& findings);
void check_can(const Settings& settings, Findings& findings);
void check_files(const Settings& settings, Findings& findings);
void check_history(const Settings& settings, Findings& findings);
void check_portal(const Settings& settings, Findings& findings);
void check_unused(const Settings& settings, Findings& findings);
void check_meter(const Settings& settings, Findings& findings);
void check_peer(const Settings& settings, Findings& findings);
void check_freshness(const Settings& settings, Findings& findings);
void check_curves(const Settings& settings, Findings& findings);
void check_targets(const Settings& settings, Findings& findings);
void check_useful_current(const Settings& settings, Findings& findings);
void check_stability(const Settings& settings, Findings& findings);
void check_sensor(const Settings& settings, Findings& findings);
void check_web(const Settings& settings, Findings& findings);

// "pack[1].port"
std::string pack_key(std::size_t pack, std::string_view key);
// A count as a person writes it: "3.55 V", "0.1".
std::string in_unit(double count, const Unit& unit);
std::string seconds_text(Duration duration);
std::string amps_text(Milliamps current);
std::string volts_text(double millivolts);
// "control.cells.latch_v (3.6 V)"
std::string with_value(const std::string& key, const std::string& value);

inline const std::string charge_key = "control.curves.charge_by_highest";
inline const std::string refill_key = "control.curves.charge_by_lowest";
inline const std::string discharge_key = "control.curves.discharge_by_lowest";
inline const std::string useful_key = "profile.smallest_useful_a";

}  // namespace jkp::config
