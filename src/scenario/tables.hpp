// SPDX-License-Identifier: MIT
// Reads one table or a list of tables by their rows; unknown keys are errors.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "config/reader.hpp"

namespace jkp::scenario {

// `known` besides the rows; "" when there are no more.
void report_unknown(const config::Table& table, const std::string& path,
                    const std::vector<std::string_view>& known, config::Findings& findings);

template <class Owner>
void read_table(std::span<const config::Key<Owner>> rows, const config::Table& table, const std::string& path,
                config::Place at, Owner& owner, config::Findings& findings,
                std::vector<std::string_view> known = {}) {
    for (const auto& row : rows) known.push_back(row.name);
    report_unknown(table, path, known, findings);
    for (const auto& row : rows) config::read_key(row, &table, path, at, owner, findings);
}

// The table of this name; complains when it is something else. Nothing when it is missing.
const config::Table* only_table(const config::Table& parent, const std::string& name, const std::string& path,
                                config::Findings& findings);

// The tables of a [[list]], each with its path; complains about what is none. Empty when it is missing.
struct Listed {
    const config::Table* table;
    std::string path;
    config::Place at;
};
std::vector<Listed> listed_tables(const config::Table& parent, const std::string& name,
                                  const std::string& path, config::Findings& findings);

}  // namespace jkp::scenario
