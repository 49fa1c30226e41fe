// SPDX-License-Identifier: MIT
#include "report/goodwe_json.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "goodwe/decode.hpp"
#include "report/hex_blocks.hpp"

namespace jkp::report {
namespace {

template <class Unit>
Json thousandths(const std::optional<Unit>& value) {
    return value ? Json(static_cast<double>(value->count()) / 1000) : Json(nullptr);
}

Json watts(const std::optional<Watts>& power) {
    return power ? Json(power->count()) : Json(nullptr);
}

Json percent(const std::optional<Permille>& share) {
    if (!share) return nullptr;
    return share->count() % 10 == 0 ? Json(share->count() / 10) : Json(share->count() / 10.0);
}

template <std::size_t N>
Json text(const FixedText<N>& value) {
    return value.empty() ? Json(nullptr) : Json(value.view());
}

Json answer_json(const goodwe::Answer& answer) {
    const auto decoded = goodwe::decode(answer);
    return decoded ? goodwe_json(decoded->readings) : error_json(goodwe::describe(decoded.error()));
}

std::vector<Json> decode_goodwe_bytes(Bytes bytes) {
    std::vector<Json> objects;
    Bytes rest = bytes;
    while (const auto item = goodwe::next_answer(rest)) {
        objects.push_back(item->has_value() ? answer_json(**item)
                                            : error_json(goodwe::describe(item->error())));
    }
    if (objects.empty()) {
        objects.push_back(error_json("no answer of a GoodWe found in " + std::to_string(bytes.size()) +
                                     " bytes: it begins with AA55"));
    }
    return objects;
}

}  // namespace

Json goodwe_json(const goodwe::Readings& r) {
    return {{"ok", true},
            {"model", text(r.model)},
            {"serial", text(r.serial)},
            {"battery_v", thousandths(r.battery_voltage)},
            {"battery_a", thousandths(r.battery_current)},
            {"soc_pct", percent(r.soc)},
            {"mode", r.mode ? Json(goodwe::name(*r.mode)) : Json(nullptr)},
            {"pv_w", watts(r.pv)},
            {"grid_w", watts(r.grid)},
            {"load_w", watts(r.load)}};
}

std::vector<Json> decode_goodwe_text(std::string_view text) {
    std::vector<Json> objects;
    for (const HexBlock& block : hex_blocks(text)) {
        auto found = block ? decode_goodwe_bytes(*block) : std::vector{error_json(block.error())};
        std::ranges::move(found, std::back_inserter(objects));
    }
    return objects;
}

}  // namespace jkp::report
