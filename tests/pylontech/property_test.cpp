// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "pylontech/support.hpp"

namespace jkp::pylontech {
namespace {

constexpr int widest = std::numeric_limits<int>::max();

BatteryReport any_report(int low, int high) {
    const auto number = [&] { return *rc::gen::inRange(low, high); };
    const auto coin = [] { return *rc::gen::arbitrary<bool>(); };
    BatteryReport r;
    r.charge_voltage = Millivolts(number());
    r.charge_current_limit = Milliamps(number());
    r.discharge_current_limit = Milliamps(number());
    r.discharge_voltage = Millivolts(number());
    r.soc = Permille(number());
    r.soh = Permille(number());
    r.voltage = Millivolts(number());
    r.current = Milliamps(number());
    r.temperature = Decicelsius(number());
    for (int i = 0; i < 6; ++i) {
        if (coin()) r.protections.set(static_cast<Flag>(i));
        if (coin()) r.alarms.set(static_cast<Flag>(i));
    }
    if (coin()) r.protections.set(Flag::system_error);
    if (coin()) r.alarms.set(Flag::internal_communication);
    r.modules = *rc::gen::arbitrary<std::uint8_t>();
    r.charge_enable = coin();
    r.discharge_enable = coin();
    r.force_charge_1 = coin();
    r.force_charge_2 = coin();
    r.full_charge = coin();
    return r;
}

bool at_most_below(int sent, int wanted, int step) {
    return sent <= wanted && wanted - sent < step;
}
bool near(int sent, int wanted, int step) {
    return 2 * std::abs(sent - wanted) <= step;
}

RC_GTEST_PROP(PylontechProperty, EveryReportSurvivesTheBusWithinItsResolution, ()) {
    BatteryReport r = any_report(0, 320000);
    r.soc = Permille(*rc::gen::inRange(0, 1001));
    r.soh = Permille(*rc::gen::inRange(0, 1001));
    r.temperature = Decicelsius(*rc::gen::inRange(-0x8000, 0x8000));
    r.current = Milliamps(*rc::gen::inRange(-3276800, 3276700));
    const BatteryReport sent = report_of(encode(r, {.pad_to_8 = *rc::gen::arbitrary<bool>()}));
    RC_ASSERT(at_most_below(sent.charge_voltage.count(), r.charge_voltage.count(), 100));
    RC_ASSERT(at_most_below(sent.charge_current_limit.count(), r.charge_current_limit.count(), 100));
    RC_ASSERT(at_most_below(sent.discharge_current_limit.count(), r.discharge_current_limit.count(), 100));
    RC_ASSERT(at_most_below(r.discharge_voltage.count(), sent.discharge_voltage.count(), 100));
    RC_ASSERT(at_most_below(sent.soc.count(), r.soc.count(), 10));
    RC_ASSERT(at_most_below(sent.soh.count(), r.soh.count(), 10));
    RC_ASSERT(near(sent.voltage.count(), r.voltage.count(), 10));
    RC_ASSERT(near(sent.current.count(), r.current.count(), 100));
    RC_ASSERT(sent.temperature == r.temperature);
    RC_ASSERT(sent.protections == r.protections);
    RC_ASSERT(sent.alarms == r.alarms);
    RC_ASSERT(sent.modules == r.modules);
    RC_ASSERT(sent.charge_enable == r.charge_enable && sent.discharge_enable == r.discharge_enable);
    RC_ASSERT(sent.force_charge_1 == r.force_charge_1 && sent.force_charge_2 == r.force_charge_2);
    RC_ASSERT(sent.full_charge == r.full_charge);
}

RC_GTEST_PROP(PylontechProperty, WhatWasSentOnceIsSentAgainTheSame, ()) {
    const Burst burst = encode(any_report(-widest, widest), {});
    RC_ASSERT(encode(report_of(burst), {}) == burst);
}

// A value that cannot be written becomes the nearest one that can, never one of the other sign.
RC_GTEST_PROP(PylontechProperty, SaturationNeverWraps, ()) {
    const BatteryReport r = any_report(-widest, widest);
    const BatteryReport sent = report_of(encode(r, {}));
    const auto same_side = [](auto out, auto in) {
        return (out.count() < 0) == (in.count() < 0) || out.count() == 0;
    };
    RC_ASSERT(same_side(sent.voltage, r.voltage));
    RC_ASSERT(same_side(sent.current, r.current));
    RC_ASSERT(same_side(sent.temperature, r.temperature));
    RC_ASSERT(sent.charge_current_limit >= Milliamps(0));
    RC_ASSERT(sent.charge_current_limit <= std::max(r.charge_current_limit, Milliamps(0)));
    RC_ASSERT(sent.discharge_current_limit >= Milliamps(0));
    RC_ASSERT(sent.discharge_current_limit <= std::max(r.discharge_current_limit, Milliamps(0)));
    RC_ASSERT(sent.charge_voltage <= std::max(r.charge_voltage, Millivolts(0)));
    RC_ASSERT(sent.soc >= Permille(0) && sent.soc <= std::clamp(r.soc, Permille(0), Permille(1000)));
}

RC_GTEST_PROP(PylontechProperty, AnyFrameIsDecodedOrRefused, ()) {
    CanFrame frame;
    frame.id = *rc::gen::oneOf(rc::gen::inRange<std::uint32_t>(0x350, 0x360),
                               rc::gen::inRange<std::uint32_t>(0, 0x20000000));
    frame.extended = *rc::gen::arbitrary<bool>();
    frame.size = *rc::gen::inRange<std::uint8_t>(0, 9);
    for (auto& byte : frame.data) byte = *rc::gen::arbitrary<std::uint8_t>();
    const auto message = decode(frame);
    const std::string_view what = message ? message_name(*message) : name(message.error());
    RC_ASSERT(!what.empty());
}

}  // namespace
}  // namespace jkp::pylontech
