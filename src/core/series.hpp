// SPDX-License-Identifier: MIT
// What is recorded of the site over time, and in which counts. Names and columns are part of the interface:
// queries, CSV and the database use them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jkp {

// Signs as everywhere: + charges a battery, + is export at the grid.
enum class BankSeries : std::uint8_t {
    voltage,
    current,
    power,
    soc,
    charge_limit,
    discharge_limit,
    cell_max,
    cell_min,
    temperature,
    grid,
    peer,
};
inline constexpr std::size_t bank_series_count = 11;
enum class PackSeries : std::uint8_t { voltage, current, soc, cell_max, cell_min, temperature_max };
inline constexpr std::size_t pack_series_count = 6;

struct SeriesText {
    std::string_view name;    // of a query, with the unit a person reads: "voltage_v"
    std::string_view column;  // of the database, with the unit that is stored: "voltage_mv"
    int decimals;             // the stored number is the value times 10^decimals
};
inline constexpr std::array<SeriesText, bank_series_count> bank_series{{
    {"voltage_v", "voltage_mv", 3},
    {"current_a", "current_ma", 3},
    {"power_w", "power_w", 0},
    {"soc_pct", "soc_permille", 1},
    {"charge_limit_a", "charge_limit_ma", 3},
    {"discharge_limit_a", "discharge_limit_ma", 3},
    {"cell_max_v", "cell_max_mv", 3},
    {"cell_min_v", "cell_min_mv", 3},
    {"temperature_c", "temperature_dc", 1},
    {"grid_w", "grid_w", 0},
    {"peer_w", "peer_w", 0},
}};
inline constexpr std::array<SeriesText, pack_series_count> pack_series{{
    {"voltage_v", "voltage_mv", 3},
    {"current_a", "current_ma", 3},
    {"soc_pct", "soc_permille", 1},
    {"cell_max_v", "cell_max_mv", 3},
    {"cell_min_v", "cell_min_mv", 3},
    {"temperature_max_c", "temperature_max_dc", 1},
}};

// Absent = not known then, and never 0.
template <std::size_t N>
using SeriesValues = std::array<std::optional<std::int32_t>, N>;
using BankValues = SeriesValues<bank_series_count>;
using PackValues = SeriesValues<pack_series_count>;

// What a value was over a while.
struct Range {
    std::int32_t mean = 0;
    std::int32_t min = 0;
    std::int32_t max = 0;
    bool operator==(const Range&) const = default;
};
template <std::size_t N>
using SeriesRanges = std::array<std::optional<Range>, N>;
using BankRanges = SeriesRanges<bank_series_count>;
using PackRanges = SeriesRanges<pack_series_count>;

struct NamedPackRanges {
    std::string pack;
    PackRanges ranges;
    bool operator==(const NamedPackRanges&) const = default;
};

// A minute or a quarter of an hour. `at`: its begin, seconds since 1970 UTC.
struct SeriesRow {
    std::int64_t at = 0;
    BankRanges bank;
    std::vector<NamedPackRanges> packs;
    std::int32_t samples = 60;  // that it is made of: the weight of its means
    bool operator==(const SeriesRow&) const = default;
};

// In mWh, none of them ever negative. Absent: no meter.
struct Energy {
    std::int64_t charged = 0;
    std::int64_t discharged = 0;
    std::int64_t transferred = 0;  // from one battery into the other, through the house
    std::optional<std::int64_t> imported;
    std::optional<std::int64_t> exported;
    bool operator==(const Energy&) const = default;

    Energy& operator+=(const Energy& other) {
        charged += other.charged;
        discharged += other.discharged;
        transferred += other.transferred;
        if (other.imported) imported = imported.value_or(0) + *other.imported;
        if (other.exported) exported = exported.value_or(0) + *other.exported;
        return *this;
    }
};

// A day as the people there count it: 20261125.
using LocalDay = std::int32_t;
struct EnergyDay {
    LocalDay day = 0;
    Energy energy;
    bool operator==(const EnergyDay&) const = default;
};

}  // namespace jkp
