// SPDX-License-Identifier: MIT
#include "sim/jk_device.hpp"

#include <gtest/gtest.h>

#include "jk/decode_4e57.hpp"
#include "jk/encode_4e57.hpp"
#include "sim/pack.hpp"

namespace jkp::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Device : public testing::Test {
  protected:
    Pack pack{{}};
    JkDevice device{[this](TimePoint at) { return pack.reading(at); }, milliseconds(1)};
    TimePoint now{seconds(100)};

    std::vector<std::uint8_t> ask(Duration wait = seconds(1)) {
        device.receive(jk::read_all_request(), now);
        return device.take(now += wait);
    }
    static jk::DeframerCounters deframed(Bytes bytes) {
        jk::Deframer deframer;
        deframer.feed(bytes);
        while (deframer.next()) {
        }
        deframer.gap();
        while (deframer.next()) {
        }
        return deframer.counters();
    }
};

TEST_F(Device, AnswersWithWhatThePackReports) {
    pack.force_cell(2, Millivolts(3456));
    const auto bytes = ask();
    jk::Deframer deframer;
    ASSERT_EQ(deframer.feed(bytes), bytes.size());
    const auto item = deframer.next();
    ASSERT_TRUE(item && item->has_value());
    jk::LinkMemory memory;
    const auto decoded = jk::decode(**item, memory);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->reading.cells, pack.reading(now).cells);
}

TEST_F(Device, An291ByteAnswerTakes25Point3MillisecondsAfterTheReplyDelay) {
    device.receive(jk::read_all_request(), now);
    const TimePoint start = now + milliseconds(1);
    const Duration whole = Duration(25'261);  // 291 * 10 bits / 115200 bit/s
    EXPECT_EQ(device.take(start + Duration(86)).size(), 0U);
    EXPECT_EQ(device.next_byte_at(), start + Duration(87));
    EXPECT_EQ(device.take(start + Duration(87)).size(), 1U);
    EXPECT_EQ(device.take(start + whole - Duration(1)).size(), 289U);
    EXPECT_EQ(device.take(start + whole).size(), 1U);
    EXPECT_EQ(device.next_byte_at(), std::nullopt);
}

TEST_F(Device, TheSecondAnswerWaitsUntilTheFirstIsOut) {
    device.misbehaviour.twice = true;
    device.receive(jk::read_all_request(), now);
    EXPECT_EQ(device.take(now + milliseconds(1) + line_time(291)).size(), 291U);
    EXPECT_EQ(device.take(now + milliseconds(1) + 2 * line_time(291)).size(), 291U);
}

TEST_F(Device, StaysSilentForTheFirstPollsOnly) {
    device.misbehaviour.silent_polls = 2;
    EXPECT_TRUE(ask().empty());
    EXPECT_TRUE(ask().empty());
    EXPECT_EQ(ask().size(), 291U);
}

TEST_F(Device, SleepsUntilItIsActivated) {
    device.misbehaviour.asleep = true;
    EXPECT_TRUE(ask().empty());
    device.receive(jk::activate_request(), now);
    EXPECT_FALSE(device.take(now += seconds(1)).empty());
    EXPECT_EQ(ask().size(), 291U);
    EXPECT_EQ(device.activations(), 1U);
}

TEST_F(Device, FrozenValuesStayThoseOfTheLastAnswer) {
    const auto before = ask();
    device.misbehaviour.frozen = true;
    pack.force_cell(0, Millivolts(3333));
    EXPECT_EQ(ask(), before);
    device.misbehaviour.frozen = false;
    EXPECT_NE(ask(), before);
}

TEST_F(Device, EachDamageIsTheOneThatIsNamed) {
    device.misbehaviour.truncate_to = 100;
    EXPECT_EQ(deframed(ask()).truncated, 1U);
    device.misbehaviour = {.wrong_checksum = true};
    EXPECT_EQ(deframed(ask()).bad_checksum, 1U);
    device.misbehaviour = {.flip_bit = 100 * 8};
    EXPECT_EQ(deframed(ask()).bad_checksum, 1U);
    device.misbehaviour = {.length = std::uint16_t{0x7FFF}};
    EXPECT_EQ(deframed(ask()).bad_length, 1U);
    device.misbehaviour = {.prefix = {0x00, 0xFF, 0x4E}};
    EXPECT_EQ(deframed(ask()).frames, 1U);
    EXPECT_EQ(deframed(ask()).skipped_bytes, 3U);
    device.misbehaviour = {};
    EXPECT_EQ(deframed(ask()).frames, 1U);
}

TEST_F(Device, AnEchoComesBeforeTheAnswer) {
    device.misbehaviour.echo = true;
    const auto bytes = ask();
    const auto request = jk::read_all_request();
    ASSERT_EQ(bytes.size(), request.size() + 291U);
    EXPECT_TRUE(std::equal(request.begin(), request.end(), bytes.begin()));
}

TEST_F(Device, TheStartUpFrameHasNeitherChargeNorCycles) {
    device.misbehaviour.start_up = true;
    const auto bytes = ask();
    jk::Deframer deframer;
    deframer.feed(bytes);
    jk::LinkMemory memory;
    const auto decoded = jk::decode(**deframer.next(), memory);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->reading.soc, Permille(0));
    EXPECT_EQ(decoded->reading.cycles, 0U);
}

TEST_F(Device, AnUnknownRegisterEndsTheWalkButNotTheReading) {
    device.misbehaviour.unknown_register = std::uint8_t{0xC7};
    const auto bytes = ask();
    jk::Deframer deframer;
    deframer.feed(bytes);
    jk::LinkMemory memory;
    const auto decoded = jk::decode(**deframer.next(), memory);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->unknown_register, 0xC7);
}

class Misreading : public Device {
  protected:
    PackReading told() {
        const auto bytes = ask();
        jk::Deframer deframer;
        deframer.feed(bytes);
        jk::LinkMemory memory;
        return jk::decode(**deframer.next(), memory).value().reading;
    }
    static Millivolts sum(const Cells& cells) {
        Millivolts all{0};
        for (const Millivolts cell : cells) all += cell;
        return all;
    }
};

TEST_F(Misreading, FewerCellsWithTheVoltageOfAll) {
    device.misbehaviour.cells = 15;
    const PackReading reading = told();
    EXPECT_EQ(reading.cells.size(), 15U);
    EXPECT_NEAR(reading.voltage.count(), pack.reading(now).voltage.count(), 10);
}

TEST_F(Misreading, AVoltageBesideTheSumOfTheCells) {
    device.misbehaviour.voltage_error = Millivolts(3000);
    const PackReading reading = told();
    EXPECT_NEAR((reading.voltage - sum(reading.cells)).count(), 3000, 10);
}

TEST_F(Misreading, OneCellIsToldWrongAndTheSumFollows) {
    device.misbehaviour.misread_cell = {4, Millivolts(5200)};
    const PackReading reading = told();
    EXPECT_EQ(reading.cells[4], Millivolts(5200));
    EXPECT_NEAR(reading.voltage.count(), sum(reading.cells).count(), 10);
    EXPECT_LT(pack.cell(4), Millivolts(3400)) << "the cell itself is well";
}

}  // namespace
}  // namespace jkp::sim
