// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "jk/support.hpp"

namespace jkp::jk {
namespace {

std::string hex(Bytes bytes) {
    return hex_from_bytes(bytes);
}

TEST(Encode, RequestsAreTheKnownBytes) {
    EXPECT_EQ(hex(read_all_request()), "4E5700130000000006030000000000006800000129");
    EXPECT_EQ(hex(activate_request()), "4E5700130000000001030000000000006800000124");
}

TEST(Encode, RepliesAreAsLongAsThoseOfRealBoards) {
    for (const std::size_t n : {4U, 8U, 13U, 14U, 16U, 20U, 24U}) {
        EXPECT_EQ(encode_reply(sample(n)).size(), 243 + 3 * n);
        ReplyOptions old;
        old.with_tail = false;
        old.current_rule = CurrentRule::biased;
        EXPECT_EQ(encode_reply(sample(n), old).size(), 209 + 3 * n);
    }
}

TEST(Encode, RepliesOfTheOldestFirmwareAreReadWithTheOldRule) {
    PackReading pack = sample();
    pack.capacity = pack.settings.capacity;
    const Buffer bytes = encode_reply(pack, {.with_tail = false, .current_rule = CurrentRule::biased});
    const auto decoded = decode_bytes(bytes);
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->reading, pack);
}

TEST(Encode, NothingWraps) {
    PackReading extreme = sample(1);
    extreme.cells[0] = Millivolts(-5);
    extreme.voltage = Millivolts::max();
    extreme.soc = Permille(99999);
    extreme.temperatures[Probe::t1] = Decicelsius(99999);
    extreme.temperatures[Probe::t2] = Decicelsius(-99999);
    extreme.cycles = 0xFFFFFFFF;
    for (const auto rule : {CurrentRule::biased, CurrentRule::sign_magnitude}) {
        for (const bool charging : {true, false}) {
            extreme.current = charging ? Milliamps::max() : -Milliamps::max();
            const auto decoded = decode_bytes(encode_reply(extreme, {.current_rule = rule}));
            ASSERT_TRUE(decoded);
            EXPECT_EQ(decoded->reading.current > Milliamps(0), charging);
            EXPECT_EQ(decoded->reading.cells[0], Millivolts(0));
            EXPECT_EQ(decoded->reading.voltage, Millivolts(655350));
            EXPECT_EQ(decoded->reading.soc, Permille(2550));
            EXPECT_EQ(decoded->reading.temperatures[Probe::t1], Decicelsius(990));
            EXPECT_EQ(decoded->reading.temperatures[Probe::t2], Decicelsius(-500));
            EXPECT_EQ(decoded->reading.cycles, 0xFFFFU);
        }
    }
}

TEST(Encode, ExtraRegistersFollowTheTable) {
    const auto decoded = decode_bytes(encode_reply(sample(), {.extra_registers = {0xC7, 1, 2}}));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(decoded->unknown_register, 0xC7);
    EXPECT_EQ(decoded->reading, sample());
}

}  // namespace
}  // namespace jkp::jk
