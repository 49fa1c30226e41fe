// SPDX-License-Identifier: MIT
// Questions to the history database, on a thread of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/store_reader.hpp"
#include "store/support.hpp"

namespace jkp::io {
namespace {

using namespace testing;
using ::testing::HasSubstr;

void note(std::atomic<int>& count) {
    ++count;
    count.notify_all();
}

TEST(StoreQueries, OnlyAFewMayWait) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Recording r(file);
    }
    std::mutex gate;
    gate.lock();
    std::atomic<int> ran = 0;
    {
        StoreQueries queries(file, 2);
        std::atomic<bool> begun = false;
        ASSERT_TRUE(queries.ask([&](StoreReader* reader, const std::string&) {
            EXPECT_NE(reader, nullptr);
            begun = true;
            begun.notify_all();
            const std::lock_guard wait(gate);
        }));
        begun.wait(false);
        EXPECT_TRUE(queries.ask([&](StoreReader*, const std::string&) { note(ran); }));
        EXPECT_TRUE(queries.ask([&](StoreReader*, const std::string&) { note(ran); }));
        EXPECT_FALSE(queries.ask([&](StoreReader*, const std::string&) { note(ran); }));
        gate.unlock();
        for (int n = ran; n < 2; n = ran) ran.wait(n);
    }
    EXPECT_EQ(ran, 2);
}

TEST(StoreQueries, ItsEndBreaksOffAQuery) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Recording r(file);
        for (int i = 0; i < 1000; ++i) r.store.add(minute(i));
    }
    std::atomic<bool> begun = false;
    bool broken_off = false;
    {
        StoreQueries queries(file);
        ASSERT_TRUE(queries.ask([&](StoreReader* reader, const std::string&) {
            try {
                while (true) {
                    begun = true;
                    begun.notify_all();
                    reader->bank(StorePeriod::minute, 0, INT64_MAX, {0, 1, 2}, [](const SeriesRow&) {});
                }
            } catch (const SqliteError& error) {
                broken_off = error.interrupted();
            }
        }));
        begun.wait(false);
    }
    EXPECT_TRUE(broken_off);
}

TEST(StoreQueries, WhateverAJobThrowsTheNextOneRuns) {
    TemporaryFolder folder;
    std::atomic<int> ran = 0;
    StoreQueries queries(folder.file("none.db"));
    ASSERT_TRUE(queries.ask(
        [&](StoreReader*, const std::string&) { throw std::length_error("more than memory holds"); }));
    ASSERT_TRUE(queries.ask([&](StoreReader*, const std::string&) { note(ran); }));
    ran.wait(0);
    EXPECT_EQ(ran, 1);
}

TEST(StoreQueries, WithoutAFileTheJobIsToldWhy) {
    TemporaryFolder folder;
    std::atomic<bool> done = false;
    StoreQueries queries(folder.file("none.db"));
    ASSERT_TRUE(queries.ask([&](StoreReader* reader, const std::string& fault) {
        EXPECT_EQ(reader, nullptr);
        EXPECT_THAT(fault, HasSubstr("none.db"));
        done = true;
        done.notify_all();
    }));
    done.wait(false);
}

}  // namespace
}  // namespace jkp::io
