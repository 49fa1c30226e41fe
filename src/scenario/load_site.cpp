// SPDX-License-Identifier: MIT
#include "scenario/keys.hpp"
#include "scenario/load_parts.hpp"
#include "scenario/tables.hpp"
#include "sim/noise.hpp"

namespace jkp::scenario {
namespace {

using namespace config;  // NOLINT(google-build-using-namespace): what a document is made of

sim::PackSpec plain_pack(const Scenario& scenario, std::size_t index) {
    sim::PackSpec spec;
    spec.noise = true;  // without it a resting battery looks frozen
    spec.seed = sim::scramble(scenario.head.seed + index);
    if (index >= scenario.gateway.control.packs.size()) return spec;
    const control::PackConfig& pack = scenario.gateway.control.packs[index];
    spec.capacity = pack.capacity.value_or(spec.capacity);
    spec.cells = pack.cell_count.value_or(static_cast<std::uint8_t>(spec.cells));
    return spec;
}

void read_packs(const Table& plant, Scenario& scenario, Findings& findings) {
    const auto tables = listed_tables(plant, "pack", "plant.pack", findings);
    const std::size_t wanted = scenario.gateway.control.packs.size();
    if (!tables.empty() && wanted != 0 && tables.size() != wanted) {
        findings.error("plant.pack", tables.front().at, "",
                       "must stand as often as [[pack]]: " + std::to_string(wanted) + " times, not " +
                           std::to_string(tables.size()) + "; or not at all");
    }
    for (std::size_t i = 0; i < std::min(wanted, tables.size()); ++i) {
        read_table(pack_keys(), *tables[i].table, tables[i].path, tables[i].at, scenario.packs[i], findings);
    }
}

void read_day(const Table& plant, Scenario& scenario, Findings& findings) {
    const Table* day = only_table(plant, "day", "plant.day", findings);
    if (day == nullptr) return;
    scenario.day.emplace();
    read_table(day_keys(), *day, "plant.day", find(plant, "day")->at, *scenario.day, findings);
}

}  // namespace

void read_plant(const Table& root, Scenario& scenario, Findings& findings) {
    for (std::size_t i = 0; i < scenario.gateway.control.packs.size(); ++i) {
        scenario.packs.push_back(plain_pack(scenario, i));
    }
    const Table* plant = only_table(root, "plant", "plant", findings);
    if (plant == nullptr) return;
    report_unknown(*plant, "plant", {"pack", "inverter", "day"}, findings);
    read_packs(*plant, scenario, findings);
    read_day(*plant, scenario, findings);
    if (const Table* inverter = only_table(*plant, "inverter", "plant.inverter", findings)) {
        read_table(inverter_keys(), *inverter, "plant.inverter", find(*plant, "inverter")->at,
                   scenario.inverter, findings);
    }
}

void read_wish(const Table& root, Scenario& scenario, Findings& findings) {
    for (const Listed& item : listed_tables(root, "wish", "wish", findings)) {
        WishPoint point;
        read_table(wish_keys(), *item.table, item.path, item.at, point, findings);
        if (!scenario.wish.empty() && point.at <= scenario.wish.back().at &&
            findings.has_seen(item.path + ".at")) {
            findings.error(item.path + ".at", "must be later than that of the [[wish]] before it");
        }
        scenario.wish.push_back(point);
    }
    if (scenario.day && !scenario.wish.empty()) {
        findings.error("wish", find(root, "wish")->at, "",
                       "and [plant.day] exclude each other; write one of both");
    }
    if (!scenario.day && scenario.wish.empty()) {
        findings.error("wish", {}, "",
                       "is missing: write [[wish]] with at and amps, or [plant.day] with seed");
    }
}

}  // namespace jkp::scenario
