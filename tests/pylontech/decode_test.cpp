// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "pylontech/support.hpp"

namespace jkp::pylontech {
namespace {

std::string kind_of(const std::string& text) {
    const auto message = decode(frame_of(text));
    return std::string(message ? message_name(*message) : name(message.error()));
}

TEST(Decode, ReadsTheFramesOfARealBattery) {
    const auto limits = as<Limits>(frame_of("351#1402C012C012C201"));
    EXPECT_EQ(limits.charge_voltage, Millivolts(53200));
    EXPECT_EQ(limits.charge_current_limit, Milliamps(480000));
    EXPECT_EQ(limits.discharge_current_limit, Milliamps(480000));
    EXPECT_EQ(limits.discharge_voltage, Millivolts(45000));
    const auto soc = as<StateOfCharge>(frame_of("355#58005E00"));
    EXPECT_EQ(soc.soc, Permille(880));
    EXPECT_EQ(soc.soh, Permille(940));
    const auto measured = as<Measurements>(frame_of("356#7A13F2FE6B01"));
    EXPECT_EQ(measured.voltage, Millivolts(49860));
    EXPECT_EQ(measured.current, Milliamps(-27000));
    EXPECT_EQ(measured.temperature, Decicelsius(363));
    const auto alarms = as<Alarms>(frame_of("359#0208040806504E"));
    EXPECT_EQ(alarms.protections, (Flags{Flag::over_voltage, Flag::system_error}));
    EXPECT_EQ(alarms.alarms, (Flags{Flag::under_voltage, Flag::internal_communication}));
    EXPECT_EQ(alarms.modules, 6);
    EXPECT_EQ(alarms.manufacturer.view(), "PN");
    const auto requests = as<Requests>(frame_of("35C#C000"));
    EXPECT_TRUE(requests.charge_enable && requests.discharge_enable);
    EXPECT_FALSE(requests.force_charge_1 || requests.force_charge_2 || requests.full_charge);
    EXPECT_EQ(as<Name>(frame_of("35E#50594C4F4E202020")).name.view(), "PYLON");
}

TEST(Decode, TheShortFormOfTheLimitsHasNoDischargeVoltage) {
    EXPECT_EQ(as<Limits>(frame_of("351#1402C012C012")).discharge_voltage, std::nullopt);
    EXPECT_EQ(as<Limits>(frame_of("351#1402C012C012C2")).discharge_voltage, std::nullopt);
}

TEST(Decode, UnspecifiedBitsAreIgnored) {
    const auto alarms = as<Alarms>(frame_of("359#61F661F6000000"));
    EXPECT_EQ(alarms.protections, Flags{});
    EXPECT_EQ(alarms.alarms, Flags{});
    EXPECT_TRUE(alarms.manufacturer.empty());
    const auto requests = as<Requests>(frame_of("35C#07FF"));
    EXPECT_FALSE(requests.charge_enable || requests.discharge_enable || requests.full_charge);
}

TEST(Decode, NamesAreTrimmedAndPrintable) {
    EXPECT_EQ(as<Name>(frame_of("35E#50594C4F4E020300")).name.view(), "PYLON");
    EXPECT_EQ(as<Name>(frame_of("35E#44593030311CFC08")).name.view(), "DY001");
    EXPECT_EQ(as<Name>(frame_of("35E#41FF204200202020")).name.view(), "A? B");
    EXPECT_EQ(as<Name>(frame_of("35E#2020202020202020")).name.view(), "");
}

TEST(Decode, ATooShortFrameIsAnErrorAndALongerOneIsNot) {
    for (const auto& [id, needs] :
         {std::pair{"351", 6}, {"355", 4}, {"356", 6}, {"359", 7}, {"35C", 2}, {"35E", 8}}) {
        for (int size = 0; size <= 8; ++size) {
            const std::string text =
                std::string(id) + "#" + std::string(static_cast<std::size_t>(2 * size), '0');
            EXPECT_EQ(kind_of(text) == "too_short", size < needs) << text;
        }
    }
}

TEST(Decode, TheInverterIsHeardInAnyForm) {
    for (const char* text : {"305#", "305#0000000000000000", "305#01", "00000305#0000000000000000"}) {
        EXPECT_EQ(kind_of(text), "inverter_alive") << text;
    }
}

TEST(Decode, OtherIdentifiersAreUnknown) {
    EXPECT_EQ(kind_of("307#1234567856494300"), "unknown");
    EXPECT_EQ(kind_of("00000351#1402C012C012C201"), "unknown");
    EXPECT_EQ(kind_of("000#"), "unknown");
}

TEST(Decode, EveryMessageHasItsName) {
    EXPECT_EQ(kind_of("351#1402C012C012C201"), "limits");
    EXPECT_EQ(kind_of("355#58005E00"), "soc");
    EXPECT_EQ(kind_of("356#7A13F2FE6B01"), "measurements");
    EXPECT_EQ(kind_of("359#0000000006504E"), "alarms");
    EXPECT_EQ(kind_of("35C#C000"), "requests");
    EXPECT_EQ(kind_of("35E#50594C4F4E202020"), "battery_name");
}

}  // namespace
}  // namespace jkp::pylontech
