// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "jk/registers.hpp"
#include "jk/support.hpp"

namespace jkp::jk {
namespace {

// The mandatory registers and nothing else; each test changes or adds what it is about.
Buffer info_with_current(std::uint16_t raw) {
    return {0x79,
            3,
            1,
            0x0C,
            0xE4,
            0x83,
            0x01,
            0x4A,
            0x84,
            static_cast<std::uint8_t>(raw >> 8),
            static_cast<std::uint8_t>(raw),
            0x85,
            50,
            0x8B,
            0,
            0,
            0x8C,
            0,
            3};
}

Buffer reply(const Buffer& info) {
    return wrap(Command::read_all, Transport::reply, info);
}

Buffer extended(const Buffer& more, std::uint16_t current = 0) {
    return reply(joined({info_with_current(current), more}));
}

DecodeFailure refused(const Buffer& bytes) {
    const auto decoded = decode_bytes(bytes);
    EXPECT_FALSE(decoded);
    return decoded ? DecodeFailure{} : decoded.error();
}

TEST(Registers, AreInAscendingOrderWithoutDoubles) {
    EXPECT_TRUE(std::ranges::is_sorted(registers, std::ranges::less_equal{}, &Register::id));
    EXPECT_EQ(registers.front().id, first_register);
    EXPECT_EQ(registers.back().id, last_register);
    for (const int gap : {0x7A, 0x7F, 0x88, 0x8D, 0xC1, 0xFF}) {
        EXPECT_EQ(find_register(static_cast<std::uint8_t>(gap)), nullptr);
    }
}

TEST(Decode, GivesBackWhatWasEncoded) {
    const auto decoded = decode_bytes(encode_reply(sample()));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->reading, sample());
    EXPECT_EQ(decoded->unknown_register, std::nullopt);
}

TEST(Decode, WalksEveryRegisterOfTheTable) {
    Buffer info;
    for (const Register& r : registers) {
        info.push_back(r.id);
        if (r.kind == Kind::cells) {
            info.insert(info.end(), {3, 1, 0x0C, 0xE4});
        } else {
            info.insert(info.end(), r.width, r.id == reg::protocol_version ? 1 : 0);
        }
    }
    const auto decoded = decode_bytes(reply(info));
    ASSERT_TRUE(decoded) << describe(decoded.error());
    EXPECT_EQ(decoded->unknown_register, std::nullopt);
}

TEST(Decode, ReadsOneTo32Cells) {
    for (std::size_t n = 1; n <= max_cells; ++n) {
        const auto decoded = decode_bytes(encode_reply(sample(n)));
        ASSERT_TRUE(decoded) << n;
        EXPECT_EQ(decoded->reading, sample(n));
    }
}

struct CurrentCase {
    std::uint16_t raw;
    std::optional<std::uint8_t> version;
    int milliamps;
};

TEST(Decode, KnowsBothCurrentRules) {
    for (const CurrentCase& c : {CurrentCase{0x80D0, 1, 2080},
                                 {0x0370, 1, -8800},
                                 {0x07D0, 1, -20000},
                                 {0x87D0, 1, 20000},
                                 {0, 1, 0},
                                 {0x8000, 1, 0},
                                 {0xFFFF, 1, 327670},
                                 {0x7FFF, 1, -327670},
                                 {0x0045, 1, -690},
                                 {9500, 0, 5000},
                                 {11000, 0, -10000},
                                 {10000, 0, 0},
                                 {10000, {}, 0},
                                 {9500, {}, 5000},
                                 {0, {}, 100000}}) {
        const Buffer tail = c.version ? Buffer{0xC0, *c.version} : Buffer{};
        const auto decoded = decode_bytes(extended(tail, c.raw));
        ASSERT_TRUE(decoded) << c.raw;
        EXPECT_EQ(decoded->reading.current, Milliamps(c.milliamps)) << c.raw;
    }
}

// The original subtracted where it had to add: -12.2 A read as -8.28 A, -2.55 A as +2.55 A (defect D10).
TEST(Decode, DischargeCurrentsThatOtherDecodersGetWrongAreExact) {
    for (const int milliamps : {-12200, -2550, -8800, -32000, 32000, -327670}) {
        PackReading pack = sample();
        pack.current = Milliamps(milliamps);
        const auto decoded = decode_bytes(encode_reply(pack));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->reading.current, pack.current);
    }
    EXPECT_EQ(decode_bytes(extended({0xC0, 1}, 0x04C4))->reading.current, Milliamps(-12200));
    EXPECT_EQ(decode_bytes(extended({0xC0, 1}, 0x00FF))->reading.current, Milliamps(-2550));
}

TEST(Decode, FindsC0BeforeTheCurrentToo) {
    const auto decoded = decode_bytes(reply(joined({{0xC0, 1}, info_with_current(0x80D0)})));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->reading.current, Milliamps(2080));
}

TEST(Decode, RemembersTheCurrentRuleOfTheLink) {
    LinkMemory memory;
    ASSERT_TRUE(decode_bytes(extended({0xC0, 1}), memory));
    EXPECT_EQ(memory.current_rule, CurrentRule::sign_magnitude);
    const auto without = decode_bytes(extended({}, 0x80D0), memory);
    ASSERT_TRUE(without);
    EXPECT_EQ(without->reading.current, Milliamps(2080));
    EXPECT_FALSE(without->current_rule_changed);
    const auto changed = decode_bytes(extended({0xC0, 0}, 9500), memory);
    ASSERT_TRUE(changed);
    EXPECT_TRUE(changed->current_rule_changed);
    EXPECT_EQ(changed->reading.current, Milliamps(5000));
    EXPECT_EQ(memory.current_rule, CurrentRule::biased);
}

TEST(Decode, ARefusedFrameLeavesTheMemoryAlone) {
    LinkMemory memory;
    EXPECT_FALSE(decode_bytes(reply({0x85, 50, 0xC0, 1}), memory));
    EXPECT_EQ(memory.current_rule, std::nullopt);
}

TEST(Decode, StopsAtAnUnknownRegisterAndKeepsWhatCameBefore) {
    LinkMemory memory{.current_rule = CurrentRule::sign_magnitude};
    const auto decoded = decode_bytes(extended({0xC5, 1, 2, 3, 0x85}, 0x80D0), memory);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->unknown_register, 0xC5);
    EXPECT_EQ(decoded->reading.current, Milliamps(2080));
    const auto after_c0 = decode_bytes(extended({0xC0, 1, 0xC5}, 0x80D0));
    ASSERT_TRUE(after_c0);
    EXPECT_EQ(after_c0->unknown_register, 0xC5);
}

TEST(Decode, AnUnknownRegisterBeforeC0IsRefusedWhileNoRuleIsKnown) {
    const DecodeFailure why = refused(extended({0x88, 0, 0xC0, 1}));
    EXPECT_EQ(why.error, DecodeError::current_rule_unknown);
    EXPECT_EQ(why.register_id, 0x88);
    EXPECT_EQ(describe(why), "register 88 is unknown and hides how the current is to be read");
}

struct TemperatureCase {
    std::uint16_t raw;
    std::optional<int> celsius;
};

TEST(Decode, ReadsBiasedTemperatures) {
    for (const TemperatureCase& c : {TemperatureCase{0, 0},
                                     {25, 25},
                                     {99, 99},
                                     {100, 0},
                                     {101, -1},
                                     {110, -10},
                                     {140, -40},
                                     {150, -50},
                                     {151, {}},
                                     {0xFFF6, {}},
                                     {0xFFFF, {}}}) {
        const auto high = static_cast<std::uint8_t>(c.raw >> 8);
        const auto low = static_cast<std::uint8_t>(c.raw);
        const auto decoded = decode_bytes(extended({0x80, high, low}));
        ASSERT_TRUE(decoded);
        const auto seen = decoded->reading.temperatures[Probe::mosfet];
        const auto expected = c.celsius ? std::optional(Decicelsius(*c.celsius * 10)) : std::nullopt;
        EXPECT_EQ(seen, expected) << c.raw;
        EXPECT_EQ(decoded->reading.temperatures[Probe::t1], std::nullopt);
    }
}

TEST(Decode, KnowsEveryAlarmBitAndIgnoresTheReservedOnes) {
    for (unsigned bit = 0; bit < 16; ++bit) {
        Buffer info = info_with_current(0);
        info[14] = static_cast<std::uint8_t>((1U << bit) >> 8);
        info[15] = static_cast<std::uint8_t>(1U << bit);
        const auto decoded = decode_bytes(reply(info));
        ASSERT_TRUE(decoded);
        const PackAlarms expected = bit < 14 ? PackAlarms{static_cast<PackAlarm>(bit)} : PackAlarms{};
        EXPECT_EQ(decoded->reading.alarms, expected) << bit;
    }
    EXPECT_EQ(static_cast<int>(PackAlarm::battery_under_temperature), 9);
    EXPECT_EQ(static_cast<int>(PackAlarm::afe_fault_b), 13);
}

TEST(Decode, ReadsTheSwitchStatesAndIgnoresTheRestOfTheStatus) {
    for (unsigned bits = 0; bits < 16; ++bits) {
        Buffer info = info_with_current(0);
        info[17] = 0xFF;
        info[18] = static_cast<std::uint8_t>(0xF8U | bits);
        const auto decoded = decode_bytes(reply(info));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->reading.charge_mos, (bits & 1U) != 0);
        EXPECT_EQ(decoded->reading.discharge_mos, (bits & 2U) != 0);
        EXPECT_EQ(decoded->reading.balancing, (bits & 4U) != 0);
    }
}

TEST(Decode, TakesTheCapacitySettingWhereNothingWasMeasured) {
    const Buffer setting{0xAA, 0, 0, 0, 110};
    EXPECT_EQ(decode_bytes(extended(setting))->reading.capacity, MilliampHours(110000));
    const Buffer zero = joined({setting, {0xB9, 0, 0, 0, 0}});
    EXPECT_EQ(decode_bytes(extended(zero))->reading.capacity, MilliampHours(110000));
    const Buffer measured = joined({setting, {0xB9, 0, 0, 0, 98}});
    EXPECT_EQ(decode_bytes(extended(measured))->reading.capacity, MilliampHours(98000));
    EXPECT_EQ(decode_bytes(extended({}))->reading.capacity, std::nullopt);
}

TEST(Decode, TrimsTheFirmwareAndKeepsOnlyPrintableCharacters) {
    const auto with = [](std::string_view text) {
        Buffer more{0xB7};
        more.insert(more.end(), text.begin(), text.end());
        more.resize(16, '_');
        return std::string(decode_bytes(extended(more))->reading.firmware.view());
    };
    EXPECT_EQ(with("H6.X__S6.1.3S__"), "H6.X__S6.1.3S");
    EXPECT_EQ(with(" 11\x01.A\x7F\xFF"), "11.A");
    EXPECT_EQ(with(""), "");
}

TEST(Decode, RefusesWhatIsNoCompleteReading) {
    const Request echo = read_all_request();
    EXPECT_EQ(refused(Buffer(echo.begin(), echo.end())).error, DecodeError::not_a_reply);
    EXPECT_EQ(refused(wrap(Command::activate, Transport::reply, Buffer{0})).error,
              DecodeError::not_a_reading);
    EXPECT_EQ(refused(extended({0x90, 0x0E})).error, DecodeError::cut_register);
    EXPECT_EQ(refused(extended({0x85, 51})).error, DecodeError::duplicate_register);
    EXPECT_EQ(refused(reply({0x79})).error, DecodeError::cut_register);
    EXPECT_EQ(refused(reply({})).error, DecodeError::missing_register);
}

TEST(Decode, EachMandatoryRegisterIsAskedFor) {
    const std::vector<Buffer> parts{
        {0x79, 3, 1, 0x0C, 0xE4}, {0x83, 1, 0x4A}, {0x84, 0, 0}, {0x85, 50}, {0x8B, 0, 0}, {0x8C, 0, 3}};
    for (const Buffer& left_out : parts) {
        Buffer info;
        for (const Buffer& part : parts) {
            if (part != left_out) info.insert(info.end(), part.begin(), part.end());
        }
        const DecodeFailure why = refused(reply(info));
        EXPECT_EQ(why.error, DecodeError::missing_register);
        EXPECT_EQ(why.register_id, left_out[0]);
    }
    EXPECT_EQ(describe({DecodeError::missing_register, 0x84}), "register 84 (current) is missing");
}

TEST(Decode, RefusesCellBlocksThatAreNotNumberedInOrder) {
    const Buffer rest{0x83, 1, 0x4A, 0x84, 0, 0, 0x85, 50, 0x8B, 0, 0, 0x8C, 0, 3};
    const auto error_of = [&](const Buffer& cells) { return refused(reply(joined({cells, rest}))).error; };
    EXPECT_EQ(error_of({0x79, 0}), DecodeError::bad_cell_block);
    EXPECT_EQ(error_of({0x79, 4, 1, 12, 0, 2}), DecodeError::bad_cell_block);
    EXPECT_EQ(error_of({0x79, 3, 0, 12, 0}), DecodeError::bad_cell_block);
    EXPECT_EQ(error_of({0x79, 6, 1, 12, 0, 3, 12, 0}), DecodeError::bad_cell_block);
    EXPECT_EQ(error_of({0x79, 6, 2, 12, 0, 1, 12, 0}), DecodeError::bad_cell_block);
    Buffer too_many{0x79, 99};
    for (std::uint8_t i = 1; i <= 33; ++i) too_many.insert(too_many.end(), {i, 12, 0});
    EXPECT_EQ(error_of(too_many), DecodeError::bad_cell_block);
}

TEST(Decode, AcceptsAFullDumpThatAnswersCommand03AndUnsolicitedUploads) {
    const Buffer info = joined({info_with_current(0x80D0), {0xC0, 1}});
    EXPECT_TRUE(decode_bytes(wrap(Command::read, Transport::reply, info)));
    EXPECT_TRUE(decode_bytes(wrap(Command::read_all, Transport::upload, info)));
    EXPECT_EQ(refused(wrap(Command::read, Transport::reply, Buffer{0x83, 1, 0x4A})).error,
              DecodeError::missing_register);
}

TEST(Decode, EveryErrorHasAName) {
    EXPECT_EQ(name(DecodeError::not_a_reply), "not_a_reply");
    EXPECT_EQ(name(DecodeError::current_rule_unknown), "current_rule_unknown");
}

}  // namespace
}  // namespace jkp::jk
