// SPDX-License-Identifier: MIT
// The tables of the project's control rules, section 3, as data.
#include "control/config.hpp"
#include "core/ensure.hpp"

namespace jkp::control {
namespace {

Permille share(int permille) {
    return Permille(permille);
}
Milliamps amps(int a) {
    return Milliamps(a * 1000);
}

CellCurves smooth() {
    return {
        .charge_by_highest = LinearCurve{{{3380, share(1000)},
                                          {3420, share(500)},
                                          {3450, share(150)},
                                          {3480, share(20)},
                                          {3500, share(0)}}},
        .charge_by_lowest = LinearCurve{{{2700, share(0)}, {2900, share(200)}, {3000, share(1000)}}},
        .discharge_by_lowest = LinearCurve{{{3000, share(0)},
                                            {3030, share(20)},
                                            {3080, share(150)},
                                            {3150, share(500)},
                                            {3250, share(1000)}}},
        .charge_rise = {},
        .discharge_rise = {},
    };
}

CellCurves original() {
    return {
        .charge_by_highest =
            StepCurve{amps(60), {{3450, amps(30)}, {3470, amps(15)}, {3500, amps(2)}, {3550, amps(0)}}},
        .charge_by_lowest = StepCurve{amps(0), {{2700, amps(30)}, {3000, amps(60)}}},
        .discharge_by_lowest =
            StepCurve{amps(0), {{2900, amps(10)}, {3000, amps(30)}, {3100, amps(50)}, {3300, amps(60)}}},
        .charge_rise = {},
        .discharge_rise = {},
    };
}

CellCurves original_strict() {
    return {
        .charge_by_highest = StepCurve{amps(60), {{3420, amps(30)}, {3440, amps(0)}}},
        .charge_by_lowest = StepCurve{amps(0), {{2700, amps(20)}, {3200, amps(60)}}},
        .discharge_by_lowest = StepCurve{amps(0), {{3151, amps(60)}}},
        .charge_rise = {.hold = minutes(45), .highest_below = Millivolts(3400), .soc_above = {}},
        .discharge_rise = {.hold = {}, .highest_below = {}, .soc_above = Permille(400)},
    };
}

}  // namespace

CellCurves cell_curves(Preset preset) {
    switch (preset) {
        case Preset::smooth: return smooth();
        case Preset::original: return original();
        case Preset::original_strict: return original_strict();
    }
    broken("a Preset of the list", std::source_location::current());
}

TemperatureCurves default_temperature_curves() {
    return {
        .charge = {{{0, share(0)},
                    {50, share(150)},
                    {100, share(500)},
                    {150, share(1000)},
                    {400, share(1000)},
                    {450, share(500)},
                    {500, share(0)}}},
        .discharge = {{{-150, share(0)},
                       {-100, share(250)},
                       {0, share(500)},
                       {100, share(1000)},
                       {450, share(1000)},
                       {500, share(500)},
                       {550, share(0)}}},
        .mosfet = {{{700, share(1000)}, {800, share(400)}, {900, share(0)}}},
    };
}

}  // namespace jkp::control
