// SPDX-License-Identifier: MIT
// What keeps a store from writing, and what does not: a second program, a lock that cannot be, rows that
// stay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "io/store_reader.hpp"
#include "store/support.hpp"

namespace jkp::io {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

namespace fs = std::filesystem;

TEST(StoreFaults, TwoProgramsDoNotWriteIntoOneFile) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    Recording second(settings_for(file), false);
    {
        Recording first(file);
        first.store.add(minute(0));
        ASSERT_TRUE(first.flush());
        second.store.add(minute(1));
        second.store.start();
        EXPECT_FALSE(second.flush());
        ASSERT_THAT(second.states,
                    ElementsAre(Pair(false, HasSubstr("process " + std::to_string(::getpid()) + ')'))));
        EXPECT_EQ(second.store.status().state, StoreState::stalled);
        EXPECT_EQ(number(file, "SELECT count(*) FROM bank_minute"), 1);
    }
    ASSERT_TRUE(second.flush()) << "when the other has ended it goes on";
    EXPECT_EQ(number(file, "SELECT count(*) FROM bank_minute"), 2);
}

TEST(StoreFaults, WithoutAPlaceForItsLockNothingIsRecordedAndTheCauseIsTold) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    fs::create_directory(file + "-lock");
    Recording r(file);
    EXPECT_FALSE(r.flush());
    EXPECT_THAT(r.store.status().sentence, HasSubstr("history.db-lock: Is a directory"));
    fs::remove(file + "-lock");
    EXPECT_TRUE(r.flush());
}

TEST(StoreFaults, ACleanUpThatFailsStopsNoRecording) {
    TemporaryFolder folder;
    StoreSettings settings = settings_for(folder.file("history.db"));
    settings.minutes = 100;
    {
        Recording r(settings);
        for (int i = 0; i < 300; ++i) r.store.add(minute(i));
    }
    Sqlite(settings.file, Sqlite::Mode::create)
        .run("CREATE TRIGGER stays BEFORE DELETE ON bank_minute BEGIN SELECT RAISE(ABORT, 'it stays'); END");
    Recording r(settings);
    for (int i = 300; i < 302; ++i) {
        r.store.add(minute(i));
        EXPECT_TRUE(r.flush());
    }
    EXPECT_TRUE(r.states.empty()) << "no event";
    EXPECT_EQ(r.store.status().state, StoreState::recording);
    EXPECT_THAT(r.store.status().sentence, HasSubstr("what is too old stays for now"));
    EXPECT_EQ(r.store.status().failures, 0U);
    EXPECT_GT(number(settings.file, "SELECT count(*) FROM bank_minute"), 101);
    Sqlite(settings.file, Sqlite::Mode::create).run("DROP TRIGGER stays");
    for (int i = 302; i < 340; ++i) r.store.add(minute(i));
    ASSERT_TRUE(r.flush()) << "after half an hour it is tried again";
    EXPECT_EQ(number(settings.file, "SELECT count(*) FROM bank_minute"), 100);
    EXPECT_EQ(r.store.status().sentence, "");
}

}  // namespace
}  // namespace jkp::io
