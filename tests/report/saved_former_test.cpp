// SPDX-License-Identifier: MIT
// Packs that are not configured any more, in the state file.
#include <gtest/gtest.h>

#include "report/saved_json.hpp"

namespace jkp::report {
namespace {

using control::Saved;
using control::SavedPack;

SavedPack locked(std::string name) {
    SavedPack pack{.name = std::move(name), .hard_stop = true, .high = control::HighFault::blocked};
    pack.low = pack.lockout = true;
    pack.charge_gate = {.allowed = Milliamps(2'000'000), .reduced_ago = control::hours(24 * 365)};
    pack.discharge_gate = pack.charge_gate;
    pack.recovery_lasted = control::hours(3);
    pack.recovery_start = Millivolts(2600);
    pack.resistance = {.current2 = 1e9 / 3, .product = 1e6 / 3, .voltage2 = 1.0 / 3, .steps = 5'000};
    return pack;
}

TEST(SavedFormer, AreReadAsTheyWereWritten) {
    Saved saved;
    saved.packs = {locked("A")};
    saved.former = {locked("B"), locked("C")};
    const auto read = saved_from_json(saved_json(saved));
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(*read, saved);
}

TEST(SavedFormer, AFileOfAnOlderProgramHasNone) {
    std::string text = saved_json(Saved{});
    const auto from = text.find(",\n \"former_packs\"");
    ASSERT_NE(from, std::string::npos);
    text.erase(from, text.find(']', from) + 1 - from);
    const auto read = saved_from_json(text);
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(read->former.empty());
}

TEST(SavedFormer, TheLargestStateFitsIntoTheFile) {
    Saved saved;
    for (std::size_t i = 0; i < control::max_packs; ++i) saved.packs.push_back(locked(std::string(24, 'x')));
    for (std::size_t i = 0; i < control::max_former_packs; ++i) {
        saved.former.push_back(locked(std::string(24, 'x')));
    }
    constexpr std::size_t most = 65536;  // io::max_state_bytes
    EXPECT_LE(saved_json(saved).size() + 1000, most);
}

}  // namespace
}  // namespace jkp::report
