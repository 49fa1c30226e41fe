// SPDX-License-Identifier: MIT
#include "report/meter_json.hpp"

#include <nlohmann/json.hpp>

#include "report/hex_blocks.hpp"

namespace jkp::report {
namespace {

template <class Unit>
Json in_units_of(const std::optional<Unit>& value, double count_per_unit) {
    return value ? Json(static_cast<double>(value->count()) / count_per_unit) : Json(nullptr);
}

Json watts(const std::optional<meter::Deciwatts>& power) {
    return in_units_of(power, 10);
}

// To 0.1 Wh, finer than any meter shows. In whole numbers, because a double cannot hold every counter.
Json kilowatt_hours(const std::optional<meter::WattSeconds>& energy) {
    if (!energy) return nullptr;
    const std::uint64_t count = energy->count();
    return static_cast<double>(count / 360 + (count % 360 >= 180 ? 1 : 0)) / 10'000;
}

Json phase_json(const meter::Line& phase) {
    return {{"w", watts(net(phase.active))},
            {"a", in_units_of(phase.current, 1000)},
            {"v", in_units_of(phase.voltage, 1000)}};
}

}  // namespace

Json meter_json(const meter::MeterReading& r) {
    Json phases = Json::array();
    for (const meter::Line& phase : r.phases) phases.push_back(phase_json(phase));
    return {{"ok", true},
            {"serial", r.serial},
            {"susy", r.susy},
            {"ticker", r.ticker_ms},
            {"grid_w", watts(net(r.total.active))},
            {"phases", phases},
            {"frequency_hz", in_units_of(r.frequency, 1000)},
            {"import_kwh", kilowatt_hours(r.total.active.imported.energy)},
            {"export_kwh", kilowatt_hours(r.total.active.exported.energy)},
            {"firmware", r.firmware ? Json(text(*r.firmware)) : Json(nullptr)}};
}

Json ignored_json(const meter::Refusal& refusal) {
    const std::string why = describe(refusal);
    if (!is_fault(refusal.reason)) return {{"ok", true}, {"ignored", why}};
    Json object = error_json(why);
    object["ignored"] = why;
    return object;
}

std::vector<Json> decode_sma_text(std::string_view text) {
    std::vector<Json> objects;
    for (const HexBlock& block : hex_blocks(text)) {
        if (!block) {
            objects.push_back(error_json(block.error()));
            continue;
        }
        const auto decoded = meter::decode_speedwire(*block);
        objects.push_back(decoded ? meter_json(*decoded) : ignored_json(decoded.error()));
    }
    return objects;
}

}  // namespace jkp::report
