// SPDX-License-Identifier: MIT
// What else arrives at the port, each with its reason.
#include <gtest/gtest.h>

#include <set>

#include "meter/support.hpp"

namespace jkp::meter {
namespace {

Buffer bytes(std::string_view hex) {
    return bytes_from_hex(hex).value();
}

constexpr const char* device = "010E 71000001 00000001";
constexpr const char* totals = "00010400 00000000 00020400 00000000";

Ignored meter_reason(const std::string& records) {
    return reason(wrap_speedwire(0x6069, bytes(device + records)));
}

TEST(SpeedwireIgnored, OtherTrafficOfTheNetwork) {
    EXPECT_EQ(reason({}), Ignored::not_sma);
    EXPECT_EQ(reason(bytes("534D41")), Ignored::not_sma);
    EXPECT_EQ(reason(bytes("4E570013000000000603000000000000680000012900")), Ignored::not_sma);
    EXPECT_EQ(reason(speedwire_discovery_request()), Ignored::discovery);
    EXPECT_EQ(reason(bytes("534D4100 0004 02A0 FFFFFFFF 0000 0020 0000")), Ignored::discovery);
    EXPECT_EQ(reason(wrap_speedwire(0x0001, bytes("0003"))), Ignored::discovery);
    EXPECT_EQ(reason(wrap_speedwire(0x6065, bytes("09A0FFFFFFFFFFFF"))), Ignored::other_protocol);
    EXPECT_EQ(reason(wrap_speedwire(0x6075, bytes("00"))), Ignored::other_protocol);
    EXPECT_EQ(reason(wrap_speedwire(0x6073, Buffer(64))), Ignored::other_protocol);
    EXPECT_EQ(reason(wrap_speedwire(0x6081, bytes("0001 0174 B2000001 FFFF"))), Ignored::beacon);
}

TEST(SpeedwireIgnored, DamagedDatagramsOfAMeter) {
    EXPECT_EQ(meter_reason(std::string(totals) + "000304"), Ignored::cut_record);
    EXPECT_EQ(meter_reason(std::string(totals) + "00030400 000000"), Ignored::cut_record);
    EXPECT_EQ(meter_reason(std::string(totals) + "00030800 00000000"), Ignored::cut_record);
    EXPECT_EQ(meter_reason(std::string(totals) + "90000000 0102"), Ignored::cut_record);
    EXPECT_EQ(meter_reason(std::string(totals) + "00030500 00000000"), Ignored::unknown_record);
    EXPECT_EQ(meter_reason("00010400 00000001" + std::string(totals)), Ignored::duplicate_record);
    EXPECT_EQ(meter_reason("00010400 00000001"), Ignored::no_total);
    EXPECT_EQ(meter_reason("00020400 00000001"), Ignored::no_total);
    EXPECT_EQ(meter_reason("00010400 FFFFFFFF 00020400 00000000"), Ignored::implausible_value);
    EXPECT_EQ(meter_reason("00010400 00000000 00020400 80000000"), Ignored::implausible_value);
    EXPECT_EQ(meter_reason(std::string(totals) + "00200400 80000000"), Ignored::implausible_value);
}

TEST(SpeedwireIgnored, ADatagramWithoutItsEndIsCut) {
    Buffer cut = sample_bytes();
    cut.resize(cut.size() - end_tag);
    EXPECT_EQ(reason(cut), Ignored::cut_tag);
    Buffer too_long = sample_bytes();
    too_long[13] = 0x4D;  // data2 one byte longer than it is
    EXPECT_NE(reason(too_long), Ignored::not_sma);
}

TEST(SpeedwireIgnored, EachReasonHasItsOwnNameAndWords) {
    std::set<std::string_view> names;
    std::set<std::string> words;
    for (std::size_t i = 0; i < ignored_count; ++i) {
        const auto why = static_cast<Ignored>(i);
        names.insert(name(why));
        words.insert(describe({why, 0x6065}));
        EXPECT_EQ(is_fault(why), i >= 3) << name(why);
    }
    EXPECT_EQ(names.size(), ignored_count);
    EXPECT_EQ(words.size(), ignored_count);
    EXPECT_EQ(describe({Ignored::other_protocol, 0x6065}), "protocol 6065: an inverter is asked or answers");
}

}  // namespace
}  // namespace jkp::meter
