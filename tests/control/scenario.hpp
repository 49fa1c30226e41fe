// SPDX-License-Identifier: MIT
// Scenario files: what a pack does over time, and what must be sent at which moment. One file, one test.
//
// Lines; everything after # is a comment. Words are separated by spaces, values are key=value.
//   config KEY=VALUE ...   before the first other line. preset=smooth|original|original_strict,
//                          charge_a, discharge_a, capacity_ah, cells, on_lost=zero|silence
//   set KEY=VALUE ...      changes the pack from now on; nothing is stepped.
//                          cell (all, mV), high (cell 3), low (cell 7), current (A, + charge), soc (%),
//                          t1, t2, mosfet (C or "none"), charge_mos=0|1, discharge_mos=0|1,
//                          alarm=NAME|none (adds, or clears all), ovp (mV or "none")
//   run SECONDS            a reading and a step each second
//   ramp KEY=VALUE SECONDS moves cell, high, low, current or t1+t2 (key "t") linearly to VALUE, a reading
//                          each second
//   lost SECONDS           steps each half second without readings
//   restart SECONDS [crash] saves, waits, restores; with crash the file is not of an orderly stop
//   ack | recover          the local command; must be accepted
//   expect KEY=VALUE ...   about the last decision. ccl, dcl (A), ccl_max, dcl_max (A, at most),
//                          why_charge, why_discharge (rule), cvl (mV), soc (%), phase, current (A),
//                          enable=both|charge|discharge|none, protections, alarms (names joined by + or
//                          "none"), stage, transmit=0|1, temperature (C), event=NAME (since the last
//                          "expect event=")
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace jkp::control::test {

// Complaints with line numbers; empty = the scenario holds.
std::vector<std::string> play_scenario(const std::filesystem::path& file);

}  // namespace jkp::control::test
