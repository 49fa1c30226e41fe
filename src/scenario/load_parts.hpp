// SPDX-License-Identifier: MIT
// The parts of a scenario file. Each complains to `findings` and leaves what it could not read as it was.
#pragma once

#include "config/document.hpp"
#include "config/findings.hpp"
#include "scenario/scenario.hpp"

namespace jkp::scenario {

// The head and the gateway's packs are read before.
void read_plant(const config::Table& root, Scenario& scenario, config::Findings& findings);
void read_wish(const config::Table& root, Scenario& scenario, config::Findings& findings);
void read_events(const config::Table& root, Scenario& scenario, config::Findings& findings);
void read_expectations(const config::Table& root, Scenario& scenario, config::Findings& findings);

// The index of the pack of this name; complains when there is none. Empty: nothing, without a complaint.
std::optional<std::size_t> pack_index(const Scenario& scenario, const std::string& name,
                                      const std::string& path, config::Findings& findings);

}  // namespace jkp::scenario
