// SPDX-License-Identifier: MIT
// A datagram has no checksum of its own, only that of UDP. What can be promised for damaged ones: nothing is
// read past the end, whatever breaks the structure is refused, and a changed value changes only itself.
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include "meter/support.hpp"

namespace jkp::meter {
namespace {

TEST(SpeedwireCorruption, EveryTruncationIsRefused) {
    const Buffer whole = sample_bytes();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_FALSE(decode_speedwire(Bytes(whole).first(size))) << size;
    }
}

TEST(SpeedwireCorruption, EveryTruncationWithARightLengthIsRefusedOrMissesOnlyTheRest) {
    const Buffer whole = sample_bytes();
    const Bytes payload = Bytes(whole).subspan(18, whole.size() - 18 - end_tag);
    for (std::size_t size = 0; size < payload.size(); ++size) {
        const auto decoded = decode_speedwire(wrap_speedwire(0x6069, payload.first(size)));
        if (!decoded) continue;
        EXPECT_EQ(grid_reading(*decoded), grid_reading(sample())) << size;
        EXPECT_EQ(decoded->firmware, std::nullopt) << size;
    }
}

// How many values of two readings differ.
int differences(const Flow& a, const Flow& b) {
    return (a.power != b.power ? 1 : 0) + (a.energy != b.energy ? 1 : 0);
}
int differences(const Flows& a, const Flows& b) {
    return differences(a.imported, b.imported) + differences(a.exported, b.exported);
}
int differences(const Line& a, const Line& b) {
    return differences(a.active, b.active) + differences(a.reactive, b.reactive) +
           differences(a.apparent, b.apparent) + (a.power_factor != b.power_factor ? 1 : 0) +
           (a.current != b.current ? 1 : 0) + (a.voltage != b.voltage ? 1 : 0);
}
int differences(const MeterReading& a, const MeterReading& b) {
    int count = differences(a.total, b.total) + (a.susy != b.susy ? 1 : 0) + (a.serial != b.serial ? 1 : 0) +
                (a.ticker_ms != b.ticker_ms ? 1 : 0) + (a.frequency != b.frequency ? 1 : 0) +
                (a.firmware != b.firmware ? 1 : 0);
    for (std::size_t i = 0; i < a.phases.size(); ++i) count += differences(a.phases.at(i), b.phases.at(i));
    return count;
}

TEST(SpeedwireCorruption, EveryFlipOfOneBitChangesAtMostOneValueOrIsRefused) {
    const Buffer whole = sample_bytes();
    const MeterReading right = sample();
    int refused = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            Buffer damaged = whole;
            damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ (1U << bit));
            const auto decoded = decode_speedwire(damaged);
            refused += decoded ? 0 : 1;
            if (!decoded) continue;
            EXPECT_LE(differences(*decoded, right), 1) << at << " bit " << bit;
        }
    }
    EXPECT_GT(refused, 500);
}

TEST(SpeedwireCorruption, EveryValueOfEveryByteOfTheFrameIsSurvived) {
    const Buffer whole = sample_bytes();
    for (std::size_t at = 0; at < records_at + 20; ++at) {
        for (unsigned value = 0; value < 256; ++value) {
            Buffer damaged = whole;
            damaged[at] = static_cast<std::uint8_t>(value);
            const auto decoded = decode_speedwire(damaged);
            if (!decoded) continue;
            EXPECT_LE(differences(*decoded, sample()), 1) << at << " = " << value;
        }
    }
}

TEST(SpeedwireCorruption, GarbageBeforeADatagramHidesItAndGarbageBehindDoesNotMatter) {
    Buffer before{0};
    const Buffer whole = sample_bytes();
    before.insert(before.end(), whole.begin(), whole.end());
    EXPECT_EQ(reason(before), Ignored::not_sma);
    Buffer behind = whole;
    behind.insert(behind.end(), {0xDE, 0xAD, 0xBE, 0xEF});
    const auto decoded = decode_speedwire(behind);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, sample());
}

RC_GTEST_PROP(SpeedwireProperty, AnyBytesAreDecodedOrRefusedWithWords, ()) {
    const auto payload = *rc::gen::container<Buffer>(rc::gen::element<std::uint8_t>(
        0, 0, 1, 2, 4, 8, 0x90, 0x10, 0x60, 0x69, *rc::gen::arbitrary<std::uint8_t>()));
    for (const Buffer& datagram :
         {payload, wrap_speedwire(0x6069, payload), wrap_speedwire(0x6081, payload)}) {
        const auto decoded = decode_speedwire(datagram);
        if (decoded) RC_ASSERT(net(decoded->total.active).has_value());
        if (!decoded) RC_ASSERT(!describe(decoded.error()).empty());
    }
}

template <class Unit>
std::optional<Unit> maybe(std::int32_t most) {
    if (!*rc::gen::arbitrary<bool>()) return std::nullopt;
    return Unit(static_cast<typename Unit::rep>(*rc::gen::inRange<std::int32_t>(0, most)));
}

Flow any_flow() {
    return {maybe<Deciwatts>(100'000'000),
            *rc::gen::arbitrary<bool>() ? std::optional(WattSeconds(*rc::gen::arbitrary<std::uint64_t>()))
                                        : std::nullopt};
}

Line any_line() {
    Line line;
    for (Flows* flows : {&line.active, &line.reactive, &line.apparent}) *flows = {any_flow(), any_flow()};
    line.power_factor = maybe<Permille>(1000);
    return line;
}

RC_GTEST_PROP(SpeedwireProperty, EveryReadingSurvivesTheWire, ()) {
    MeterReading r;
    r.susy = *rc::gen::arbitrary<std::uint16_t>();
    r.serial = *rc::gen::arbitrary<std::uint32_t>();
    r.ticker_ms = *rc::gen::arbitrary<std::uint32_t>();
    r.total = any_line();
    r.total.active.imported.power = Deciwatts(*rc::gen::inRange(0, 100'000'000));
    r.total.active.exported.power = Deciwatts(*rc::gen::inRange(0, 100'000'000));
    for (Line& phase : r.phases) {
        phase = any_line();
        phase.current = maybe<Milliamps>(1'000'000);
        phase.voltage = maybe<Millivolts>(400'000);
    }
    r.frequency = maybe<Millihertz>(60'000);
    if (*rc::gen::arbitrary<bool>()) r.firmware = Version{1, 2, 3, *rc::gen::arbitrary<char>()};
    const auto protocol = *rc::gen::arbitrary<bool>() ? MeterProtocol::plain : MeterProtocol::extended;
    const auto decoded = decode_speedwire(encode_speedwire(r, protocol));
    RC_ASSERT(decoded.has_value());
    RC_ASSERT(*decoded == r);
}

}  // namespace
}  // namespace jkp::meter
