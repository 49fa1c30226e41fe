// SPDX-License-Identifier: MIT
#include "scenario/load.hpp"

#include <array>

#include "config/load.hpp"
#include "scenario/keys.hpp"
#include "scenario/load_parts.hpp"
#include "scenario/tables.hpp"

namespace jkp::scenario {
namespace {

using namespace config;  // NOLINT(google-build-using-namespace): what a document is made of

constexpr std::array<std::string_view, 5> own_tables{"scenario", "plant", "wish", "event", "expect"};

bool is_own(std::string_view name) {
    return std::ranges::find(own_tables, name) != own_tables.end();
}

// No serial port is opened, so none need be named.
Node with_port(const Node& pack, std::size_t index) {
    Node result = pack;
    auto* table = std::get_if<Table>(&result.value);
    if (table == nullptr || find(*table, "port") != nullptr) return result;
    table->push_back({"port", pack.at, {"/simulated/pack" + std::to_string(index + 1), pack.at}});
    return result;
}

// The gateway's part of the file.
Table gateway_tables(const Table& root) {
    Table result;
    for (const Member& member : root) {
        if (is_own(member.key)) continue;
        result.push_back(member);
        auto* packs = std::get_if<Array>(&result.back().node.value);
        if (member.key != "pack" || packs == nullptr) continue;
        for (std::size_t i = 0; i < packs->size(); ++i) (*packs)[i] = with_port((*packs)[i], i);
    }
    return result;
}

void read_head(const Table& root, Scenario& scenario, Findings& findings) {
    const Table* head = only_table(root, "scenario", "scenario", findings);
    if (head == nullptr) return findings.error("scenario", {}, "", "is missing: write [scenario]");
    read_table(head_keys(), *head, "scenario", find(root, "scenario")->at, scenario.head, findings);
}

// The gateway's configuration stands in a file of its own.
void fetch_gateway(const Table& own, Scenario& scenario, const Fetch& fetch, Findings& findings,
                   std::vector<ConfigError>& elsewhere) {
    if (!own.empty()) {
        const Member& first = own.front();
        findings.error(first.key, first.at, "",
                       "stands in the file that scenario.config names; write one of both");
    }
    const auto text = fetch(scenario.head.config);
    if (!text) return findings.error("scenario.config", text.error());
    auto settings = config::load(*text, scenario.head.config);
    if (settings) {
        scenario.gateway = std::move(*settings);
    } else {
        elsewhere = settings.error();
    }
}

}  // namespace

Result<Scenario, std::vector<ConfigError>> load(std::string_view text, std::string_view file_name,
                                                const Fetch& fetch) {
    const auto root = parse(text, file_name);
    if (!root) return failure(std::vector{root.error()});
    Findings findings(file_name);
    Scenario scenario;
    std::vector<ConfigError> elsewhere;
    read_head(*root, scenario, findings);
    const Table own = gateway_tables(*root);
    if (scenario.head.config.empty()) {
        scenario.gateway = read_settings(own, findings);
    } else {
        fetch_gateway(own, scenario, fetch, findings, elsewhere);
    }
    read_plant(*root, scenario, findings);
    read_wish(*root, scenario, findings);
    read_events(*root, scenario, findings);
    read_expectations(*root, scenario, findings);

    std::vector<ConfigError> errors = findings.errors();
    errors.insert(errors.end(), elsewhere.begin(), elsewhere.end());
    if (!errors.empty()) return failure(std::move(errors));
    return scenario;
}

}  // namespace jkp::scenario
