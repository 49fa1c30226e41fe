// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "goodwe/support.hpp"

namespace jkp::goodwe {
namespace {

template <class Unit>
std::optional<Unit> maybe(int low, int high, int step = 1) {
    if (!*rc::gen::arbitrary<bool>()) return std::nullopt;
    return Unit(static_cast<typename Unit::rep>(*rc::gen::inRange(low, high + 1)) * step);
}
// -1 W is the wire's "no value".
std::optional<Watts> maybe_watts(int low, int high) {
    const auto value = maybe<Watts>(low, high);
    return value == Watts(-1) ? Watts(-2) : value;
}

// Every value on a step of the wire, so that the round trip is exact.
Readings any_readings() {
    Readings r;
    r.model = "GW5048-EM";
    r.serial = "95048EMU00000000";
    r.battery_voltage = maybe<Millivolts>(0, 0xFFFE, 100);
    r.battery_current = maybe<Milliamps>(-0x7FFF, 0x7FFF, 100);
    r.battery_power = maybe_watts(-100'000, 100'000);
    if (r.battery_power == Watts(1)) r.battery_power = Watts(2);
    if (r.battery_current == Milliamps(100)) r.battery_current = Milliamps(200);
    r.soc = maybe<Permille>(0, 100, 10);
    r.pv = maybe<Watts>(0, 12'000);
    r.grid = maybe_watts(-0x7FFF, 0x7FFF);
    r.load = maybe_watts(-0x8000, 0x7FFF);
    r.backup = maybe<Watts>(0, 0x7FFF);
    r.inverter = maybe_watts(-0x8000, 0x7FFF);
    r.meter_ok = *rc::gen::arbitrary<bool>();
    if (r.battery_current) {
        r.mode = *r.battery_current > Milliamps(0) ? BatteryMode::charge : BatteryMode::discharge;
    }
    return r;
}

RC_GTEST_PROP(GoodweProperty, EveryReadingSurvivesTheWire, ()) {
    const Readings r = any_readings();
    for (const Question question : every_question) {
        const auto decoded = decode_bytes(answer(question, r));
        RC_ASSERT(decoded.has_value());
        RC_ASSERT(decoded->question == question);
        RC_ASSERT(decoded->readings == only(r, question));
    }
}

RC_GTEST_PROP(GoodweProperty, AnyNumbersAreEncodedIntoAnAnswerThatDecodes, ()) {
    Readings r;
    r.battery_voltage = Millivolts(*rc::gen::arbitrary<int>());
    r.battery_current = Milliamps(*rc::gen::arbitrary<int>());
    r.soc = Permille(*rc::gen::arbitrary<int>());
    r.pv = Watts(*rc::gen::arbitrary<int>());
    r.grid = Watts(*rc::gen::inRange(-1'000'000'000, 1'000'000'000));
    r.load = Watts(*rc::gen::arbitrary<int>());
    for (const Question question : every_question) RC_ASSERT(decode_bytes(answer(question, r)).has_value());
    const Readings es = readings_of(answer(Question::es_running, r));
    RC_ASSERT(es.battery_voltage >= Millivolts(0));
    RC_ASSERT(es.soc >= Permille(0) && es.soc <= Permille(1000));
    RC_ASSERT((*es.grid < Watts(0)) == (*r.grid < Watts(0)));
}

RC_GTEST_PROP(GoodweProperty, AnyDataOfAnyAnswerAreReadOrRefused, ()) {
    const auto data = *rc::gen::container<Buffer>(rc::gen::arbitrary<std::uint8_t>());
    RC_PRE(data.size() <= 255U);
    for (const Buffer& bytes : {aa55_answer(0x0186, data), aa55_answer(0x0182, data), modbus_answer(data)}) {
        const auto decoded = decode_bytes(bytes);
        if (!decoded) RC_ASSERT(!describe(decoded.error()).empty());
        if (decoded) RC_ASSERT(decoded->readings.soc.value_or(Permille(0)) <= Permille(1000));
    }
}

RC_GTEST_PROP(GoodweProperty, ArbitraryBytesInFrontNeverHideAnAnswerForLong, ()) {
    const auto garbage = *rc::gen::container<Buffer>(
        rc::gen::element<std::uint8_t>(0xAA, 0x55, 0x7F, 0xC0, 0xF7, 0x03, 0x01, 0x86, 0x02));
    const Buffer frame = answer(Question::es_running);
    const Seen seen = take_apart(joined({garbage, frame}));
    RC_ASSERT(!seen.frames.empty());
    RC_ASSERT(seen.frames.back() == frame);
}

}  // namespace
}  // namespace jkp::goodwe
