// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>

#include "jk/counting_new.hpp"
#include "jk/support.hpp"

namespace jkp::jk {
namespace {

TEST(Allocation, TheCounterCounts) {
    const std::size_t before = allocations();
    const auto frame = encode_reply(sample());
    EXPECT_GT(allocations(), before);
}

TEST(Allocation, FromBytesToAReadingNothingIsAllocated) {
    const Buffer bytes = encode_reply(sample());
    Buffer bad = bytes;
    bad[50] = static_cast<std::uint8_t>(bad[50] + 1);
    Deframer deframer;
    LinkMemory memory;
    bool decoded = false;
    const std::array parts{bad, bytes};
    const std::size_t before = allocations();
    for (const Buffer& part : parts) {
        deframer.feed(part);
        while (const auto item = deframer.next()) {
            if (item->has_value()) decoded = decode(**item, memory).has_value();
        }
    }
    EXPECT_EQ(allocations(), before);
    EXPECT_TRUE(decoded);
}

}  // namespace
}  // namespace jkp::jk
