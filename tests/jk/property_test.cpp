// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "jk/support.hpp"

namespace jkp::jk {
namespace {

template <class Unit>
Unit in_steps(int low, int high, int step) {
    return Unit(static_cast<typename Unit::rep>(*rc::gen::inRange(low, high + 1)) *
                static_cast<typename Unit::rep>(step));
}

template <class Unit>
std::optional<Unit> maybe(int low, int high, int step) {
    if (!*rc::gen::arbitrary<bool>()) return std::nullopt;
    return in_steps<Unit>(low, high, step);
}

// Every value on a step of the wire, so that the round trip is exact.
PackReading any_reading() {
    PackReading r;
    const int count = *rc::gen::inRange(1, 33);
    for (int i = 0; i < count; ++i) r.cells.push_back(in_steps<Millivolts>(0, 0xFFFF, 1));
    r.voltage = in_steps<Millivolts>(0, 0xFFFF, 10);
    r.current = in_steps<Milliamps>(-0x7FFF, 10000, 10);  // inside both current rules
    r.soc = in_steps<Permille>(0, 255, 10);
    for (const Probe p : {Probe::mosfet, Probe::t1, Probe::t2}) {
        r.temperatures[p] = maybe<Decicelsius>(-50, 99, 10);
    }
    for (std::size_t i = 0; i < pack_alarm_count; ++i) {
        if (*rc::gen::arbitrary<bool>()) r.alarms.set(static_cast<PackAlarm>(i));
    }
    r.charge_mos = *rc::gen::arbitrary<bool>();
    r.discharge_mos = *rc::gen::arbitrary<bool>();
    r.balancing = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) r.cycles = static_cast<std::uint32_t>(*rc::gen::inRange(0, 0x10000));
    r.settings.cell_over_voltage = maybe<Millivolts>(0, 0xFFFF, 1);
    r.settings.cell_under_voltage = maybe<Millivolts>(0, 0xFFFF, 1);
    r.settings.charge_over_current = maybe<Milliamps>(0, 0xFFFF, 1000);
    r.settings.discharge_over_current = maybe<Milliamps>(0, 0xFFFF, 1000);
    r.settings.capacity = maybe<MilliampHours>(0, 100000, 1000);
    r.capacity = maybe<MilliampHours>(1, 100000, 1000);
    if (!r.capacity) r.capacity = r.settings.capacity;
    r.firmware = std::string_view("15A_____S15.29");
    return r;
}

RC_GTEST_PROP(JkProperty, EveryReadingSurvivesTheWireInPiecesOfAnySize, ()) {
    const PackReading reading = any_reading();
    const auto rule = *rc::gen::arbitrary<bool>() ? CurrentRule::biased : CurrentRule::sign_magnitude;
    const Buffer bytes = encode_reply(reading, {.current_rule = rule});
    const auto step = static_cast<std::size_t>(*rc::gen::inRange(1, 400));
    const Seen seen = take_apart(bytes, step);
    RC_ASSERT(seen.frames.size() == 1U);
    const auto decoded = decode_bytes(seen.frames[0]);
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(decoded->reading == reading);
}

// Nothing may depend on how a stream is cut into reads; good frames between arbitrary bytes are found.
RC_GTEST_PROP(JkProperty, ArbitraryBytesNeverHideAGoodFrameForLong, ()) {
    const auto garbage = *rc::gen::container<Buffer>(rc::gen::element<std::uint8_t>(
        0x4E, 0x57, 0x00, 0x01, 0x21, 0x68, 0x13, 0xFF, *rc::gen::arbitrary<std::uint8_t>()));
    const Buffer frame = encode_reply(sample());
    const Buffer stream = joined({garbage, frame});
    Deframer deframer;
    const Seen seen = take_apart(deframer, stream, static_cast<std::size_t>(*rc::gen::inRange(1, 700)));
    RC_ASSERT(!seen.frames.empty());
    RC_ASSERT(seen.frames.back() == frame);
    std::size_t in_frames = 0;
    for (const Buffer& f : seen.frames) in_frames += f.size();
    RC_ASSERT(in_frames + deframer.counters().skipped_bytes == stream.size());
    RC_ASSERT(deframer.counters().frames == seen.frames.size());
}

RC_GTEST_PROP(JkProperty, AnyInformationUnitIsDecodedOrRefused, ()) {
    const auto info = *rc::gen::container<Buffer>(rc::gen::element<std::uint8_t>(
        0x79, 0x03, 0x01, 0x80, 0x83, 0x84, 0x85, 0x8B, 0x8C, 0xC0, *rc::gen::arbitrary<std::uint8_t>()));
    RC_PRE(info.size() <= 980U);
    const auto decoded = decode_bytes(wrap(Command::read_all, Transport::reply, info));
    if (decoded) RC_ASSERT(!decoded->reading.cells.empty());
    if (!decoded) RC_ASSERT(!describe(decoded.error()).empty());
}

}  // namespace
}  // namespace jkp::jk
