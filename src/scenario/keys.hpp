// SPDX-License-Identifier: MIT
// Every key of a scenario file besides the gateway's own configuration, one row each: the rows read the
// file, word the errors and stand in docs/simulate.md.
#pragma once

#include <span>

#include "config/fields.hpp"
#include "scenario/scenario.hpp"

namespace jkp::scenario {

using config::Key;

std::span<const Key<Head>> head_keys();
std::span<const Key<sim::PackSpec>> pack_keys();
std::span<const Key<sim::InverterSpec>> inverter_keys();
std::span<const Key<DrawnDay>> day_keys();
std::span<const Key<WishPoint>> wish_keys();
std::span<const Key<Event>> event_keys();
std::span<const Key<Expectation>> expect_keys();  // without `equals`, whose kind is that of the quantity

enum class Lasting : std::uint8_t { never, optional, always };

// What an event is called, and which keys it takes besides `at` and `what`.
struct Kind {
    std::string_view name;
    What what;
    Lasting lasts;
    std::string_view keys;  // separated by spaces; all of them are needed, except "pack" with one pack only
    std::string_view meaning;
};
std::span<const Kind> kinds();  // in the order of What

}  // namespace jkp::scenario
