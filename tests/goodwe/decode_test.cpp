// SPDX-License-Identifier: MIT
#include "goodwe/decode.hpp"

#include <gtest/gtest.h>

#include "goodwe/support.hpp"

namespace jkp::goodwe {
namespace {

// A payload of running data with single fields set, in which everything else is 0.
class EsPayload {
  public:
    explicit EsPayload(std::size_t length = 140) : bytes_(length) {}
    EsPayload& byte(std::size_t at, std::uint8_t value) {
        bytes_[at] = value;
        return *this;
    }
    EsPayload& word(std::size_t at, std::uint16_t value) {
        bytes_[at] = static_cast<std::uint8_t>(value >> 8);
        bytes_[at + 1] = static_cast<std::uint8_t>(value);
        return *this;
    }
    [[nodiscard]] Readings read() const { return readings_of(aa55_answer(0x0186, bytes_)); }

  private:
    Buffer bytes_;
};

class EtBlock {
  public:
    explicit EtBlock(RegisterBlock where) : first_(where.first), bytes_(where.bytes()) {}
    EtBlock& word(std::uint16_t number, std::uint16_t value) {
        const auto at = std::size_t{2} * static_cast<std::size_t>(number - first_);
        bytes_[at] = static_cast<std::uint8_t>(value >> 8);
        bytes_[at + 1] = static_cast<std::uint8_t>(value);
        return *this;
    }
    [[nodiscard]] Readings read() const { return readings_of(modbus_answer(bytes_)); }

  private:
    std::uint16_t first_;
    Buffer bytes_;
};

TEST(EsRunning, TheModeGivesTheCurrentItsSign) {
    EsPayload payload;
    payload.word(18, 185);
    EXPECT_EQ(payload.byte(30, 2).read().battery_current, Milliamps(-18'500)) << "discharge";
    EXPECT_EQ(payload.byte(30, 3).read().battery_current, Milliamps(18'500)) << "charge";
    EXPECT_EQ(payload.byte(30, 3).read().mode, BatteryMode::charge);
}

TEST(EsRunning, WithoutAKnownModeTheCurrentIsUnknown) {
    const Readings r = EsPayload().word(18, 185).byte(30, 6).read();
    EXPECT_EQ(r.mode, std::nullopt);
    EXPECT_EQ(r.battery_current, std::nullopt);
}

TEST(EsRunning, TheDirectionGivesTheGridPowerItsSign) {
    EsPayload payload;
    payload.word(38, 3297);
    EXPECT_EQ(payload.byte(80, 0).read().grid, Watts(3297)) << "a few watts are called idle";
    EXPECT_EQ(payload.byte(80, 1).read().grid, Watts(3297)) << "export";
    EXPECT_EQ(payload.byte(80, 2).read().grid, Watts(-3297)) << "import";
    EXPECT_EQ(payload.byte(80, 3).read().grid, std::nullopt);
}

TEST(EsRunning, OfASignedGridPowerOnlyTheMagnitudeCounts) {
    EXPECT_EQ(EsPayload().word(38, 0xFEEA).byte(80, 2).read().grid, Watts(-278));
    EXPECT_EQ(EsPayload().word(38, 0xFEEA).byte(80, 1).read().grid, Watts(278));
}

TEST(EsRunning, TheLoadIsSigned) {
    EXPECT_EQ(EsPayload().word(47, 0xFEEA).read().load, Watts(-278));
}

TEST(EsRunning, PanelsCountOnlyWhileTheyProduce) {
    EsPayload payload;
    payload.word(0, 3782).word(2, 14).word(5, 3409).word(7, 3);
    EXPECT_EQ(payload.byte(4, 0).byte(9, 0).read().pv, Watts(0)) << "an AC-coupled unit without panels";
    EXPECT_EQ(payload.byte(4, 1).byte(9, 2).read().pv, Watts(102));
    EXPECT_EQ(payload.byte(4, 2).byte(9, 2).read().pv, Watts(632));
    EXPECT_EQ(payload.byte(4, 3).byte(9, 2).read().pv, std::nullopt);
}

TEST(EsRunning, AllOnesAreNoValue) {
    EsPayload payload;
    for (std::size_t at = 0; at < 140; ++at) payload.byte(at, 0xFF);
    const Readings r = payload.read();
    Readings nothing;
    nothing.meter_ok = false;
    EXPECT_EQ(r, nothing);
    EXPECT_EQ(peer_reading(r), PeerReading{});
}

TEST(EsRunning, ReadsAsMuchAsTheLengthAllows) {
    const Readings all = only(sample(), Question::es_running);
    EXPECT_EQ(readings_of(encode_es_running(sample(), {.length = 133})), all);
    EXPECT_EQ(readings_of(encode_es_running(sample(), {.length = 95})), all);
    Readings part = all;
    part.backup.reset();
    EXPECT_EQ(readings_of(encode_es_running(sample(), {.length = 82})), part);
    part.grid.reset();
    EXPECT_EQ(readings_of(encode_es_running(sample(), {.length = 80})), part);
    part.load.reset();
    part.inverter.reset();
    EXPECT_EQ(readings_of(encode_es_running(sample(), {.length = 48})), part);
}

TEST(EsRunning, ThatEndsBeforeTheBatteryModeIsTooShort) {
    const auto decoded = decode_bytes(aa55_answer(0x0186, Buffer(30)));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().error, DecodeError::too_short);
    EXPECT_EQ(describe(decoded.error()), "answer 0186 is too short: 30 bytes of data");
}

TEST(EsDeviceInfo, FillersOfTheModelAreNotPartOfIt) {
    for (const char* written : {"GW5048-EM ", "GW3648#10 ", " GW3648   "}) {
        const Readings r = readings_of(encode_es_device_info(written, "93648EMU19CX0004"));
        EXPECT_TRUE(r.model == "GW5048-EM" || r.model == "GW3648") << r.model.view();
        EXPECT_EQ(r.serial, "93648EMU19CX0004");
    }
}

TEST(EsDeviceInfo, WhatIsNotPrintableIsCutOff) {
    const Readings r = readings_of(encode_es_device_info("GW\x01\x02", std::string_view("93\0 48", 6)));
    EXPECT_EQ(r.model, "GW");
    EXPECT_EQ(r.serial, "93");
}

TEST(EsDeviceInfo, ThatEndsBeforeTheSerialHoldsTheModelOnly) {
    Buffer payload(20, ' ');
    payload[5] = 'G';
    const Readings r = readings_of(aa55_answer(0x0182, payload));
    EXPECT_EQ(r.model, "G");
    EXPECT_TRUE(r.serial.empty());
    EXPECT_EQ(decode_bytes(aa55_answer(0x0182, Buffer(14))).error().error, DecodeError::too_short);
}

TEST(EtRunning, BatterySignsAreTurnedRound) {
    const Readings r = EtBlock(et_running_block)
                           .word(35180, 2542)
                           .word(35181, 0xFF9E)
                           .word(35182, 0xFFFF)
                           .word(35183, 0xF630)
                           .word(35184, 3)
                           .read();
    EXPECT_EQ(r.battery_voltage, Millivolts(254'200));
    EXPECT_EQ(r.battery_current, Milliamps(9'800));
    EXPECT_EQ(r.battery_power, Watts(2512));
    EXPECT_EQ(r.mode, BatteryMode::charge);
}

TEST(EtRunning, UndefinedRegistersAreAbsent) {
    EtBlock block(et_running_block);
    for (std::uint16_t number = 35100; number < 35225; ++number) block.word(number, 0xFFFF);
    EXPECT_EQ(block.read(), Readings{});
}

TEST(EtRunning, StringsThatAreNotFittedAddNothing) {
    EtBlock block(et_running_block);
    block.word(35106, 1695).word(35110, 1761);
    EXPECT_EQ(block.read().pv, Watts(3456));
    block.word(35113, 0xFFFF).word(35114, 0xFFFF).word(35117, 0x8000);
    EXPECT_EQ(block.read().pv, Watts(3456));
}

TEST(EtMeter, TheLongRegisterIsTaken) {
    const Readings r =
        EtBlock(et_meter_block).word(36004, 1).word(36008, 5).word(36025, 0xFFFE).word(36026, 0x7960).read();
    EXPECT_EQ(r.grid, Watts(-100'000));
    EXPECT_EQ(r.meter_ok, true);
    EXPECT_EQ(EtBlock(et_meter_block).read().meter_ok, false);
}

TEST(EtBattery, ASocAboveAHundredIsNone) {
    EXPECT_EQ(EtBlock(et_battery_block).word(37007, 100).read().soc, Permille(1000));
    EXPECT_EQ(EtBlock(et_battery_block).word(37007, 101).read().soc, std::nullopt);
}

TEST(Decode, TheMeterOverridesTheInverterOnlyWhereItSaysSomething) {
    Readings whole;
    whole.grid = Watts(-3);
    whole.serial = "9010KETU";
    merge(whole, readings_of(modbus_answer(encode_et_data(Question::et_meter, Readings{}))));
    EXPECT_EQ(whole.grid, Watts(-3));
    EXPECT_EQ(whole.serial, "9010KETU");
    merge(whole, EtBlock(et_meter_block).word(36026, 110).read());
    EXPECT_EQ(whole.grid, Watts(110));
}

TEST(Decode, OtherAnswersAreToldApart) {
    const auto settings = decode_bytes(aa55_answer(0x0189, Buffer(86)));
    EXPECT_EQ(settings.error().error, DecodeError::other_data);
    EXPECT_EQ(describe(settings.error()),
              "answer 0189 with 86 bytes of data holds neither device info nor running data");
    EXPECT_EQ(decode_bytes(modbus_answer(Buffer(4))).error().error, DecodeError::other_data);
    const auto refusal = decode_bytes(modbus_refusal(2));
    EXPECT_EQ(refusal.error().error, DecodeError::refused);
    EXPECT_EQ(describe(refusal.error()),
              "the inverter refuses the question with code 2: it has no such registers");
}

TEST(Family, FollowsTheTagOfTheSerialNumber) {
    EXPECT_EQ(family_of("93648EMU19CX0004"), Family::es);
    EXPECT_EQ(family_of("95000ESA00000000"), Family::es);
    EXPECT_EQ(family_of("9010KETU00000000"), Family::et);
    EXPECT_EQ(family_of("5010KMSU00000000"), std::nullopt) << "a string inverter without a battery";
    EXPECT_EQ(family_of("EMU"), std::nullopt);
    EXPECT_EQ(family_of(""), std::nullopt);
}

TEST(PeerReading, HoldsTheInvertersOwnPowerOrCurrentTimesVoltage) {
    Readings r = sample();
    PeerReading peer = peer_reading(r);
    EXPECT_EQ(peer.current, Milliamps(-18'500));
    EXPECT_EQ(peer.voltage, Millivolts(52'900));
    EXPECT_EQ(peer.soc, Permille(970));
    EXPECT_EQ(peer.power, Watts(-979));
    r.battery_power = Watts(-950);
    EXPECT_EQ(peer_reading(r).power, Watts(-950));
    r.battery_power.reset();
    r.battery_voltage.reset();
    EXPECT_EQ(peer_reading(r).power, std::nullopt);
}

}  // namespace
}  // namespace jkp::goodwe
