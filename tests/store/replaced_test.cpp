// SPDX-License-Identifier: MIT
// Another file under the name of the database, one that already holds something, and the end of a store: no
// number is given twice, no counter falls, nobody waits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/store_reader.hpp"
#include "store/support.hpp"

namespace jkp::io {
namespace {

using namespace testing;

std::vector<std::uint64_t> event_ids(const std::string& file) {
    std::vector<std::uint64_t> ids;
    for (const StoredEvent& one : StoreReader(file).events(UINT64_MAX, 100)) ids.push_back(one.id);
    std::ranges::reverse(ids);
    return ids;
}

StoredEvent event_saying(std::uint64_t id, const std::string& words) {
    StoredEvent one = event(id);
    one.text_en = words;
    return one;
}

TEST(Store, NewEventsGetNumbersBehindThoseOfTheFileAndReplaceNone) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Recording r(file);
        for (std::uint64_t id = 1; id <= 5; ++id) r.store.add(event_saying(id, "old"));
    }
    // Nobody has told this one of them.
    Recording r(settings_for(file), false);
    r.store.add(event_saying(1, "new"));
    r.store.add(event_saying(2, "new"));
    r.store.start();
    // Also what comes before the loop knows of the higher numbers.
    while (r.store.status().batches == 0) std::this_thread::yield();
    r.store.add(event_saying(3, "new"));
    ASSERT_TRUE(r.flush());
    EXPECT_EQ(event_ids(file), (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
    EXPECT_EQ(number(file, "SELECT count(*) FROM event WHERE text_en = 'old'"), 5);
    ASSERT_EQ(r.begins.size(), 1U);
    EXPECT_EQ(r.begin->newest_event, 5U);
    EXPECT_EQ(r.begin->first_unwritten, 1U);
    EXPECT_EQ(r.begin->raised, 5U);
    r.store.add(event_saying(9, "new"));  // now they come with them
    ASSERT_TRUE(r.flush());
    EXPECT_EQ(event_ids(file).back(), 9U);
}

TEST(Store, AnotherFileInItsPlaceGetsNewEventsBehindItsOwn) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    const std::string other = folder.file("other.db");
    {
        StoreSettings settings = settings_for(other);
        settings.next_event = 100;
        Recording r(settings);
        r.store.add(event_saying(100, "of the other"));
    }
    Recording r(file);
    r.store.add(event(1));
    ASSERT_TRUE(r.flush());
    for (const char* part : {"-wal", "-shm"}) std::filesystem::remove(file + part);
    std::filesystem::rename(other, file);
    r.store.add(event(2));
    ASSERT_TRUE(r.flush());
    EXPECT_EQ(event_ids(file), (std::vector<std::uint64_t>{100, 101}));
    EXPECT_EQ(r.begin->first_unwritten, 2U);
    EXPECT_EQ(r.begin->raised, 99U);
}

TEST(Store, AnEmptyFileInItsPlaceGetsTheTotalAndTheDay) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    Recording r(file);
    r.store.add(20261125, Energy{1'000, 0, 0, {}, 7});
    ASSERT_TRUE(r.flush());
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(file + part);
    r.store.add(20261125, Energy{1, 0, 0, {}, {}});
    ASSERT_TRUE(r.flush());
    StoreReader reader(file);
    EXPECT_EQ(reader.total(), (Energy{1'001, 0, 0, {}, 7}));
    EXPECT_EQ(reader.days(5), (std::vector<EnergyDay>{{20261125, {1'001, 0, 0, {}, 7}}}));
    ASSERT_EQ(r.begins.size(), 2U);
    EXPECT_EQ(r.begin->total, Energy{}) << "nothing that was not known";
    EXPECT_EQ(r.begin->recent, "") << "only at the start";
}

TEST(Store, AFullerFileInItsPlaceIsTakenOver) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    const std::string other = folder.file("other.db");
    {
        Recording r(other);
        r.store.add(20261124, Energy{4'000, 50, 0, {}, {}});
        r.store.add(20261125, Energy{1'000, 0, 0, {}, {}});
    }
    Recording r(file);
    r.store.add(20261125, Energy{300, 60, 0, {}, {}});
    ASSERT_TRUE(r.flush());
    for (const char* part : {"-wal", "-shm"}) std::filesystem::remove(file + part);
    std::filesystem::rename(other, file);
    r.store.add(20261125, Energy{1, 0, 0, {}, {}});
    ASSERT_TRUE(r.flush());
    EXPECT_EQ(r.begin->total, (Energy{4'700, 0, 0, {}, {}}));
    EXPECT_EQ(r.begin->last_day, (EnergyDay{20261125, {700, 0, 0, {}, {}}}));
    StoreReader reader(file);
    EXPECT_EQ(reader.total(), (Energy{5'001, 60, 0, {}, {}})) << "no counter falls";
    EXPECT_EQ(reader.days(1), (std::vector<EnergyDay>{{20261125, {1'001, 60, 0, {}, {}}}}));
}

TEST(Store, OneThatEndsSaysSoWhenTheFileIsClosedAndNobodyWaits) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    Recording r(file);
    ASSERT_TRUE(r.flush());
    r.store.add(minute(0));
    bool ended = false;
    {
        Sqlite other(file, Sqlite::Mode::create);
        SqliteTransaction holds_it_up(other);
        r.store.stop([&] { ended = true; });
    }
    r.wait(ended);
    EXPECT_TRUE(ended);
    EXPECT_EQ(number(file, "SELECT count(*) FROM bank_minute"), 1);
    Recording next(file);
    EXPECT_TRUE(next.flush());
}

TEST(Store, ItsEndWaitsForACardOnlySoLong) {
    TemporaryFolder folder;
    StoreSettings settings = settings_for(folder.file("history.db"));
    settings.patience = std::chrono::milliseconds(1);
    {
        auto r = std::make_unique<Recording>(settings);
        ASSERT_TRUE(r->flush());
        r->store.add(minute(0));
        Sqlite other(settings.file, Sqlite::Mode::create);
        SqliteTransaction holds_it_up(other);
        r.reset();  // with its loop
    }
    // The writer was left to itself, and still writes what it can.
    const auto rows = [&] { return number(settings.file, "SELECT count(*) FROM bank_minute"); };
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (rows() == 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_EQ(rows(), 1);
}

TEST(Store, OneThatNeverBeganEndsAtOnce) {
    TemporaryFolder folder;
    Recording r(settings_for(folder.file("history.db")), false);
    bool ended = false;
    r.store.stop([&] { ended = true; });
    EXPECT_FALSE(ended) << "over the loop";
    r.wait(ended);
    EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace jkp::io
