// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "pylontech/support.hpp"

namespace jkp::pylontech {
namespace {

std::string limits_of(int cvl, int ccl, int dcl, int dvl) {
    BatteryReport r;
    r.charge_voltage = Millivolts(cvl);
    r.charge_current_limit = Milliamps(ccl);
    r.discharge_current_limit = Milliamps(dcl);
    r.discharge_voltage = Millivolts(dvl);
    return text_of(encode(r, {})[1]);
}

std::string soc_of(int soc, int soh) {
    BatteryReport r;
    r.soc = Permille(soc);
    r.soh = Permille(soh);
    return text_of(encode(r, {})[2]);
}

std::string measured(int millivolts, int milliamps, int decicelsius) {
    BatteryReport r;
    r.voltage = Millivolts(millivolts);
    r.current = Milliamps(milliamps);
    r.temperature = Decicelsius(decicelsius);
    return text_of(encode(r, {})[3]);
}

TEST(Encode, FramesHaveTheOrderAndTheLengthsOfARealBattery) {
    const Burst burst = encode({}, {});
    const std::array<std::uint32_t, 6> ids{0x359, 0x351, 0x355, 0x356, 0x35C, 0x35E};
    const std::array<int, 6> sizes{7, 8, 4, 6, 2, 8};
    for (std::size_t i = 0; i < burst.size(); ++i) {
        EXPECT_EQ(burst[i].id, ids[i]);
        EXPECT_EQ(burst[i].size, sizes[i]);
        EXPECT_FALSE(burst[i].extended);
    }
}

TEST(Encode, TheProfilePadsWithZerosAndNamesTheBattery) {
    BatteryReport r;
    r.modules = 3;
    const Burst burst = encode(r, {.name = "GENERIC", .pad_to_8 = true});
    for (const CanFrame& frame : burst) EXPECT_EQ(frame.size, 8);
    EXPECT_EQ(text_of(burst[0]), "359#0000000003504E00");
    EXPECT_EQ(text_of(burst[5]), "35E#47454E4552494320");
    EXPECT_EQ(text_of(encode(r, {})[5]), "35E#50594C4F4E202020");
}

TEST(Encode, LimitsRoundToTheSafeSide) {
    EXPECT_EQ(limits_of(53299, 99, 100, 45000), "351#140200000100C201");
    EXPECT_EQ(limits_of(53200, 480099, 480000, 44901), "351#1402C012C012C201");
    EXPECT_EQ(limits_of(53200, 480000, 480000, 45001), "351#1402C012C012C301");
}

TEST(Encode, LimitsSaturateAndAreNeverNegative) {
    EXPECT_EQ(limits_of(-1, -1, -2000000, -100), "351#0000000000000000");
    const int big = Millivolts::max().count();
    EXPECT_EQ(limits_of(big, big, 3276701, big), "351#FF7FFF7FFF7FFF7F");
}

TEST(Encode, StateOfChargeAndHealthRoundDownWithin0And100) {
    EXPECT_EQ(soc_of(889, 949), "355#58005E00");
    EXPECT_EQ(soc_of(9, 1000), "355#00006400");
    EXPECT_EQ(soc_of(-1, 1330), "355#00006400");
}

TEST(Encode, MeasurementsRoundToNearestHalfAwayFromZero) {
    EXPECT_EQ(measured(49864, -27049, 363), "356#7A13F2FE6B01");
    EXPECT_EQ(measured(49865, 50, 0), "356#7B1301000000");
    EXPECT_EQ(measured(0, -50, -55), "356#0000FFFFC9FF");
    EXPECT_EQ(measured(0, -49, 0), "356#000000000000");
}

TEST(Encode, MeasurementsSaturateInBothDirections) {
    const int big = Millivolts::max().count();
    EXPECT_EQ(measured(big, big, big), "356#FF7FFF7FFF7F");
    EXPECT_EQ(measured(-big, -big, -big), "356#008000800080");
}

TEST(Encode, RequestBitsAreTheFiveSpecifiedOnes) {
    const auto requests = [](auto change) {
        BatteryReport r;
        change(r);
        return text_of(encode(r, {})[4]);
    };
    EXPECT_EQ(requests([](BatteryReport&) {}), "35C#0000");
    EXPECT_EQ(requests([](BatteryReport& r) { r.charge_enable = true; }), "35C#8000");
    EXPECT_EQ(requests([](BatteryReport& r) { r.discharge_enable = true; }), "35C#4000");
    EXPECT_EQ(requests([](BatteryReport& r) { r.force_charge_1 = true; }), "35C#2000");
    EXPECT_EQ(requests([](BatteryReport& r) { r.force_charge_2 = true; }), "35C#1000");
    EXPECT_EQ(requests([](BatteryReport& r) { r.full_charge = true; }), "35C#0800");
}

struct AlarmVector {
    Flag flag;
    const char* protection;
    const char* alarm;
};

// The 14 specified bits; the two empty texts are combinations that do not exist.
TEST(Encode, EachOfThe14AlarmBitsIsWhereTheDocumentHasIt) {
    for (const AlarmVector& v : {AlarmVector{Flag::over_voltage, "02000000", "00000200"},
                                 {Flag::under_voltage, "04000000", "00000400"},
                                 {Flag::over_temperature, "08000000", "00000800"},
                                 {Flag::under_temperature, "10000000", "00001000"},
                                 {Flag::discharge_over_current, "80000000", "00008000"},
                                 {Flag::charge_over_current, "00010000", "00000001"},
                                 {Flag::system_error, "00080000", "00000000"},
                                 {Flag::internal_communication, "00000000", "00000008"}}) {
        BatteryReport protection;
        protection.protections.set(v.flag);
        EXPECT_EQ(text_of(encode(protection, {})[0]), "359#" + std::string(v.protection) + "01504E")
            << name(v.flag);
        BatteryReport alarm;
        alarm.alarms.set(v.flag);
        EXPECT_EQ(text_of(encode(alarm, {})[0]), "359#" + std::string(v.alarm) + "01504E") << name(v.flag);
    }
}

TEST(Encode, NoModulesAndNoDischargeVoltageAreAccepted) {
    BatteryReport r;
    r.modules = 0;
    r.discharge_voltage = Millivolts(0);
    EXPECT_EQ(text_of(encode(r, {})[0]), "359#0000000000504E");
    EXPECT_EQ(limits_of(56000, 20000, 60000, 0), "351#3002C80058020000");
}

TEST(Encode, TheInvertersFrameIsEightZeros) {
    EXPECT_EQ(text_of(encode_inverter_alive()), "305#0000000000000000");
    for (const CanFrame& frame : encode({}, {})) EXPECT_NE(frame.id, id_inverter_alive);
}

}  // namespace
}  // namespace jkp::pylontech
