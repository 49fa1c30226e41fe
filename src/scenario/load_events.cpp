// SPDX-License-Identifier: MIT
#include "scenario/keys.hpp"
#include "scenario/load_parts.hpp"
#include "scenario/tables.hpp"

namespace jkp::scenario {
namespace {

using namespace config;  // NOLINT(google-build-using-namespace): what a document is made of

bool takes(const Kind& kind, std::string_view key) {
    const std::string padded = ' ' + std::string(kind.keys) + ' ';
    return padded.find(' ' + std::string(key) + ' ') != std::string::npos;
}

bool is_common(std::string_view key) {
    return key == "at" || key == "what" || key == "for";
}

std::string quoted(const Kind& kind) {
    return '"' + std::string(kind.name) + '"';
}

void check_keys(const Kind& kind, const Listed& item, bool several_packs, Findings& findings) {
    for (const Key<Event>& key : event_keys()) {
        if (is_common(key.name)) continue;
        const std::string path = item.path + '.' + std::string(key.name);
        const bool taken = takes(kind, key.name);
        const bool needed = taken && (key.name != "pack" || several_packs);
        if (findings.has_seen(path) && !taken) findings.error(path, "is no key of " + quoted(kind));
        if (!findings.has_seen(path) && needed) {
            findings.error(path, item.at, "", "is missing; " + quoted(kind) + " needs it");
        }
    }
}

void check_lasting(const Kind& kind, const Event& event, const Listed& item, Findings& findings) {
    const std::string path = item.path + ".for";
    if (kind.lasts == Lasting::never && event.lasts) findings.error(path, "is no key of " + quoted(kind));
    if (kind.lasts == Lasting::always && !findings.has_seen(path)) {
        findings.error(path, item.at, "", "is missing; " + quoted(kind) + " needs it");
    }
}

void check_place(Event& event, const Listed& item, const Scenario& scenario, Findings& findings) {
    if (const auto pack = pack_index(scenario, event.pack_name, item.path + ".pack", findings)) {
        event.pack = *pack;
    }
    if (event.pack < scenario.packs.size()) {
        const unsigned cells = scenario.packs[event.pack].cells;
        const std::string wrong = "the pack has " + std::to_string(cells) + " cells";
        if (event.cell > cells) findings.error(item.path + ".cell", wrong);
        if (event.cells > cells) findings.error(item.path + ".cells", wrong);
    }
    if (event.at && scenario.head.duration && *event.at > scenario.duration()) {
        findings.error(item.path + ".at", "is after the end of the scenario");
    }
}

Event read_event(const Listed& item, const Scenario& scenario, Findings& findings) {
    Event event;
    event.line = item.at.line;
    read_table(event_keys(), *item.table, item.path, item.at, event, findings);
    if (!findings.is_good(item.path + ".what")) return event;
    const Kind& kind = kinds()[static_cast<std::size_t>(event.what)];
    check_keys(kind, item, scenario.packs.size() > 1, findings);
    check_lasting(kind, event, item, findings);
    check_place(event, item, scenario, findings);
    return event;
}

}  // namespace

std::optional<std::size_t> pack_index(const Scenario& scenario, const std::string& name,
                                      const std::string& path, Findings& findings) {
    if (name.empty()) return std::nullopt;
    const auto& packs = scenario.gateway.control.packs;
    std::string known;
    for (std::size_t i = 0; i < packs.size(); ++i) {
        if (packs[i].name.view() == name) return i;
        known += (known.empty() ? "\"" : ", \"") + std::string(packs[i].name.view()) + '"';
    }
    findings.error(path, "is not the name of a [[pack]]" + (known.empty() ? "" : "; there is " + known));
    return std::nullopt;
}

void read_events(const Table& root, Scenario& scenario, Findings& findings) {
    for (const Listed& item : listed_tables(root, "event", "event", findings)) {
        scenario.events.push_back(read_event(item, scenario, findings));
    }
}

}  // namespace jkp::scenario
