// SPDX-License-Identifier: MIT
#include "pylontech/dbc.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "pylontech/signals.hpp"

namespace jkp::pylontech {
namespace {

TEST(Dbc, TheCommittedFileIsUpToDate) {
    std::ifstream file(JKP_SOURCE_DIR "/docs/pylontech.dbc");
    std::ostringstream committed;
    committed << file.rdbuf();
    EXPECT_EQ(committed.str(), dbc_text())
        << "write it anew: build/dev/tests/pylontech/pylontech_vectors --dbc";
}

TEST(Dbc, HasEveryFrameAndEverySignalOfTheTable) {
    const std::string text = dbc_text();
    for (const MessageInfo& m : messages) {
        EXPECT_NE(text.find("BO_ " + std::to_string(m.id) + " " + std::string(m.name)), std::string::npos);
    }
    for (const Signal& s : signal::all) {
        EXPECT_FALSE(s.name.empty());
        EXPECT_LE(s.name.size(), 32U) << "the longest name that every DBC tool takes: " << s.name;
        EXPECT_NE(text.find(" SG_ " + std::string(s.name) + " : "), std::string::npos) << s.name;
    }
}

}  // namespace
}  // namespace jkp::pylontech
