// SPDX-License-Identifier: MIT
// Whatever a device answers is a value within its range or a fault with words that are safe to print.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/ensure.hpp"
#include "meter/json_value.hpp"

namespace {

using namespace jkp;
using namespace jkp::meter;

constexpr double most = 50'000;

GridRule rule(std::string_view paths) {
    GridRule described;
    described.power = {.plus = read_json_sum(paths).value(), .scale = -1, .minimum = -most, .maximum = most};
    described.common.time = std::nullopt;
    return described;
}

void check(std::string_view payload, const GridRule& described) {
    const auto reading = read_grid(payload, described);
    if (reading) {
        ensure(reading->value.power <= Watts(50'000) && reading->value.power >= Watts(-50'000), "in range");
        return;
    }
    const std::string words = describe(reading.error());
    ensure(!words.empty() && words.size() < 400, "a fault has words");
    ensure(std::ranges::all_of(words, [](char c) { return c >= 0x20 && c < 0x7F; }), "safe to print");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string payload(data, data + size);
    for (const char* paths : {"plain", "/emeters/*/power", "/grid/power", "/*", "/0 + /1"})
        check(payload, rule(paths));
    GridRule dated = rule("/state");
    dated.common.time = read_json_path("/last_reported");
    dated.common.direction = JsonDirection{read_json_path("/state").value(), {"out"}, {"in"}};
    check(payload, dated);
    return 0;
}
