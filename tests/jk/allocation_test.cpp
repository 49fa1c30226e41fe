// SPDX-License-Identifier: MIT
// The operators new of this test program count; the path from bytes to a reading must not move the counter.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <new>

#include "jk/support.hpp"

namespace {
std::size_t allocations = 0;
}

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace jkp::jk {
namespace {

TEST(Allocation, TheCounterCounts) {
    const std::size_t before = allocations;
    const auto frame = encode_reply(sample());
    EXPECT_GT(allocations, before);
}

TEST(Allocation, FromBytesToAReadingNothingIsAllocated) {
    const Buffer bytes = encode_reply(sample());
    Buffer bad = bytes;
    bad[50] = static_cast<std::uint8_t>(bad[50] + 1);
    Deframer deframer;
    LinkMemory memory;
    bool decoded = false;
    const std::array parts{bad, bytes};
    const std::size_t before = allocations;
    for (const Buffer& part : parts) {
        deframer.feed(part);
        while (const auto item = deframer.next()) {
            if (item->has_value()) decoded = decode(**item, memory).has_value();
        }
    }
    EXPECT_EQ(allocations, before);
    EXPECT_TRUE(decoded);
}

}  // namespace
}  // namespace jkp::jk
