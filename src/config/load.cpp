// SPDX-License-Identifier: MIT
#include "config/load.hpp"

#include "config/check.hpp"
#include "config/keys.hpp"
#include "config/reader.hpp"
#include "config/unknown.hpp"
#include "config/values.hpp"

namespace jkp::config {
namespace {

void read_pack(const Node& node, std::size_t index, Settings& settings, Findings& findings) {
    const std::string path = "pack[" + std::to_string(index) + "]";
    const auto* table = std::get_if<Table>(&node.value);
    if (table == nullptr)
        return findings.error(path, node.at, written(node), "must be a table: write [[pack]]");
    PackEntry entry;
    entry.rules.name = std::string_view("pack" + std::to_string(index + 1));
    for (const Key<PackEntry>& key : pack_keys()) read_key(key, table, path, node.at, entry, findings);
    settings.control.packs.push_back(entry.rules);
    settings.links.push_back(entry.link);
}

void read_packs(const Table& root, Settings& settings, Findings& findings) {
    const Node* node = find(root, "pack");
    if (node == nullptr) return findings.error("pack", {}, "", "is missing: at least one [[pack]] is needed");
    const auto* list = std::get_if<Array>(&node->value);
    if (list == nullptr) {
        return findings.error("pack", node->at, "", "is a list of tables: write [[pack]] in double brackets");
    }
    if (list->empty()) return findings.error("pack", node->at, "[]", "at least one [[pack]] is needed");
    if (list->size() > control::max_packs) {
        const Node& first_too_many = (*list)[control::max_packs];
        return findings.error(
            "pack[" + std::to_string(control::max_packs) + "]", first_too_many.at, "",
            "is one too many: at most " + std::to_string(control::max_packs) + " packs are allowed");
    }
    for (std::size_t i = 0; i < list->size(); ++i) read_pack((*list)[i], i, settings, findings);
}

void read_tables(const Table& root, Settings& settings, Findings& findings) {
    for (const Key<Settings>* key : settings_keys()) {
        const std::string path(key->table);
        read_key(*key, find_table(root, path), path, {}, settings, findings);
    }
}

// Control waits for what is configured, and reports it missing.
void expect_sources(Settings& settings) {
    control::CoordinationSettings& coordination = settings.control.coordination;
    coordination.expects_grid = settings.meter.kind != MeterKind::none;
    coordination.expects_peer = settings.goodwe.enabled() || settings.portal.enabled() ||
                                settings.sensor.bus || settings.peer_json.enabled();
}

}  // namespace

Settings read_settings(const Table& root, Findings& findings) {
    Settings settings;
    report_unknown(root, findings);
    read_packs(root, settings, findings);
    read_tables(root, settings, findings);
    expect_sources(settings);
    check(settings, findings);
    return settings;
}

Result<Settings, std::vector<ConfigError>> load(std::string_view text, std::string_view file_name) {
    const auto root = parse(text, file_name);
    if (!root) return failure(std::vector{root.error()});

    Findings findings(file_name);
    Settings settings = read_settings(*root, findings);
    if (auto errors = findings.errors(); !errors.empty()) return failure(std::move(errors));
    settings.warnings = findings.warnings();
    return settings;
}

}  // namespace jkp::config
