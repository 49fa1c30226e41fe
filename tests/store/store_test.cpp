// SPDX-License-Identifier: MIT
// The history database: what goes in comes out, and what becomes of it over restarts and years.
#include "io/store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/store_reader.hpp"
#include "io/store_schema.hpp"
#include "store/support.hpp"

namespace jkp::io {
namespace {

using namespace testing;

std::vector<SeriesRow> bank_rows(StoreReader& reader, StorePeriod period, std::int64_t from,
                                 std::int64_t to) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < bank_series_count; ++i) all.push_back(i);
    std::vector<SeriesRow> rows;
    reader.bank(period, from, to, all, [&](const SeriesRow& row) { rows.push_back(row); });
    return rows;
}

TEST(Store, GivesBackWhatWasWritten) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Recording r(file);
        SeriesRow second = minute(1);
        second.bank[9].reset();
        r.store.add(minute(0));
        r.store.add(second);
        r.store.add(event(1));
        r.store.add(StoredEvent{2, std::nullopt, 9, "source sma", 0, "", "ok", "gut"});
        r.store.add(20261125, {1'000, 2'000, 5, std::nullopt, 7});
        r.store.add(20261125, {1, 2, 3, 4, 5});
        r.store.add(std::nullopt, {10, 0, 0, std::nullopt, std::nullopt});
        ASSERT_TRUE(r.flush());
        EXPECT_TRUE(r.states.empty());
        EXPECT_EQ(r.begin->total, Energy{});
        StoreReader reader(file);
        const auto rows = bank_rows(reader, StorePeriod::minute, some_time, some_time + 120);
        ASSERT_EQ(rows.size(), 2U);
        EXPECT_EQ(rows[0].bank, minute(0).bank);
        EXPECT_EQ(rows[1].bank, second.bank);
        std::vector<SeriesRow> of_pack;
        reader.pack(StorePeriod::minute, 0, some_time + 60, "attic", {0, 5},
                    [&](const SeriesRow& row) { of_pack.push_back(row); });
        ASSERT_EQ(of_pack.size(), 1U);
        EXPECT_EQ(of_pack[0].packs[0].pack, "attic");
        EXPECT_EQ(of_pack[0].packs[0].ranges[5], minute(0).packs[1].ranges[5]);
        EXPECT_EQ(of_pack[0].packs[0].ranges[1], std::nullopt) << "not asked for";
        const auto events = reader.events(UINT64_MAX, 10);
        ASSERT_EQ(events.size(), 2U);
        EXPECT_EQ(events[1], event(1));
        EXPECT_EQ(events[0].at, std::nullopt);
        EXPECT_EQ(reader.events(2, 10).size(), 1U);
        r.store.save_recent(std::string("bytes\0with zero", 15));
    }
    StoreReader reader(file);
    EXPECT_EQ(reader.total(), (Energy{1'011, 2'002, 8, 4, 12}));
    EXPECT_EQ(reader.days(10), (std::vector<EnergyDay>{{20261125, {1'001, 2'002, 8, 4, 12}}}));
    Recording again(file);
    ASSERT_TRUE(again.flush());
    EXPECT_EQ(again.begin->total, (Energy{1'011, 2'002, 8, 4, 12}));
    EXPECT_EQ(again.begin->last_day.day, 20261125);
    EXPECT_EQ(again.begin->recent, std::string("bytes\0with zero", 15));
    EXPECT_EQ(newest_event(file), 2U);
    EXPECT_EQ(newest_event(folder.file("none")), 0U);
    EXPECT_EQ(number(file, "PRAGMA user_version"), store_version);
}

SeriesRow part_of_a_minute(std::int64_t at, std::int32_t samples, Range current) {
    SeriesRow row{at, {}, {{"garage", {}}}, samples};
    row.bank[1] = current;
    row.packs[0].ranges[1] = current;
    return row;
}

TEST(Store, AMinuteThatComesInTwoPartsIsMadeOfBoth) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Recording r(file);
        SeriesRow first = part_of_a_minute(some_time, 20, {100, 90, 400});
        first.bank[3] = Range{5, 5, 5};
        r.store.add(first);
    }
    Recording again(file);
    SeriesRow rest = part_of_a_minute(some_time, 40, {-200, -300, -100});
    rest.bank[9] = Range{7, 6, 8};
    again.store.add(rest);
    ASSERT_TRUE(again.flush());
    StoreReader reader(file);
    const auto rows = bank_rows(reader, StorePeriod::minute, some_time, some_time + 60);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].bank[1], (Range{-100, -300, 400})) << "20 samples of 100 and 40 of -200";
    EXPECT_EQ(rows[0].bank[3], (Range{5, 5, 5})) << "known in the first part only";
    EXPECT_EQ(rows[0].bank[9], (Range{7, 6, 8})) << "known in the second part only";
    EXPECT_EQ(rows[0].bank[0], std::nullopt);
    EXPECT_EQ(rows[0].samples, 60);
    reader.pack(StorePeriod::minute, 0, INT64_MAX, "garage", {1}, [&](const SeriesRow& row) {
        EXPECT_EQ(row.packs[0].ranges[1], (Range{-100, -300, 400}));
        EXPECT_EQ(row.samples, 60);
    });
}

TEST(Store, AClockThatGoesBackErasesNoExtremeOfAMinuteOrAQuarter) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    Recording r(file);
    const auto an_hour = [&](std::int32_t current) {
        for (int i = 0; i < 60; ++i)
            r.store.add(part_of_a_minute(some_time + i * 60, 60, {current, current - 5, current + 5}));
        ASSERT_TRUE(r.flush());
    };
    an_hour(1'000);
    an_hour(-1'000);
    StoreReader reader(file);
    for (const StorePeriod period : {StorePeriod::minute, StorePeriod::quarter}) {
        const auto rows = bank_rows(reader, period, some_time, some_time + 900);
        ASSERT_FALSE(rows.empty());
        EXPECT_EQ(rows[0].bank[1], (Range{0, -1'005, 1'005}));
    }
}

TEST(Store, AQuarterWhoseMinutesAreGoneIsNotMadeOfAFewNewOnes) {
    TemporaryFolder folder;
    StoreSettings settings = settings_for(folder.file("history.db"));
    {
        Recording r(settings);
        for (int i = 0; i < 30; ++i) r.store.add(part_of_a_minute(some_time + i * 60, 60, {900, 800, 1'000}));
    }
    Sqlite(settings.file, Sqlite::Mode::create).run("DELETE FROM bank_minute; DELETE FROM pack_minute");
    {
        Recording r(settings);
        for (int i = 0; i < 3; ++i) r.store.add(part_of_a_minute(some_time + i * 60, 60, {-900, -900, -900}));
        r.store.add(part_of_a_minute(some_time + 3600, 60, {0, 0, 0}));
    }
    StoreReader reader(settings.file);
    const auto rows = bank_rows(reader, StorePeriod::quarter, some_time, some_time + 900);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].bank[1], (Range{600, -900, 1'000})) << "15 minutes of 900 and 3 of -900";
    EXPECT_EQ(rows[0].samples, 900);
}

TEST(Store, MakesQuartersOfMinutesAlsoAcrossARestart) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Recording r(file);
        for (int i = 0; i < 8; ++i) r.store.add(minute(i));
        ASSERT_TRUE(r.flush());
        EXPECT_EQ(number(file, "SELECT count(*) FROM bank_quarter"), 0) << "it is not over";
    }
    Recording r(file);
    for (int i = 8; i < 16; ++i) r.store.add(minute(i));
    ASSERT_TRUE(r.flush());
    StoreReader reader(file);
    const auto quarters = bank_rows(reader, StorePeriod::quarter, some_time, some_time + 900);
    ASSERT_EQ(quarters.size(), 1U);
    double sum = 0;
    Range expected = *minute(0).bank[1];
    for (int i = 0; i < 15; ++i) {
        const Range one = *minute(i).bank[1];
        sum += one.mean;
        expected.min = std::min(expected.min, one.min);
        expected.max = std::max(expected.max, one.max);
    }
    expected.mean = static_cast<std::int32_t>(std::lround(sum / 15));
    EXPECT_EQ(quarters[0].bank[1], expected);
    EXPECT_EQ(number(file, "SELECT count(*) FROM pack_quarter"), 2);
}

TEST(Store, KeepsANumberOfRowsSoThatAWrongClockErasesNothing) {
    TemporaryFolder folder;
    StoreSettings settings = settings_for(folder.file("history.db"));
    settings.minutes = 100;
    settings.events = 5;
    settings.days = 2;
    {
        Recording r(settings);
        ASSERT_TRUE(r.flush());  // now 360 minutes bring the next look at what is old
        for (std::uint64_t id = 1; id <= 20; ++id) r.store.add(event(id));
        for (LocalDay day = 20261101; day < 20261110; ++day) r.store.add(day, Energy{1, 0, 0, {}, {}});
        // The last of them brings that look, however the writer divides them: nothing is left for later.
        for (int i = 0; i < 360; ++i) r.store.add(minute(i));
        ASSERT_TRUE(r.flush());
    }
    EXPECT_EQ(number(settings.file, "SELECT count(*) FROM bank_minute"), 100);
    EXPECT_EQ(number(settings.file, "SELECT count(*) FROM pack_minute"), 200);
    EXPECT_EQ(number(settings.file, "SELECT min(at) FROM pack_minute"), minute(260).at);
    EXPECT_EQ(number(settings.file, "SELECT min(id) FROM event"), 16);
    EXPECT_EQ(number(settings.file, "SELECT min(day) FROM energy_day"), 20261108);
    EXPECT_EQ(number(settings.file, "SELECT charged_mwh FROM energy_total"), 9);
    Recording r(settings);
    r.store.add(minute(0, some_time + 20LL * 366 * 86400));
    ASSERT_TRUE(r.flush());
    EXPECT_GE(number(settings.file, "SELECT count(*) FROM bank_minute WHERE at < 1900000000"), 99);
}

TEST(Store, AnEventIsWrittenSoonAndTakesAlongWhatWaits) {
    TemporaryFolder folder;
    StoreSettings settings = settings_for(folder.file("history.db"));
    settings.event_delay = std::chrono::milliseconds(1);
    Recording r(settings);
    ASSERT_TRUE(r.flush());
    r.store.add(minute(0));
    r.store.add(event(1));
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (r.store.status().events == 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_EQ(r.store.status().events, 1U);
    EXPECT_EQ(r.store.status().minutes, 1U);
}

TEST(Store, TheEndOfTheProgramWritesWhatWaits) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Recording r(file);
        r.store.add(minute(0));
    }
    EXPECT_EQ(number(file, "SELECT count(*) FROM bank_minute"), 1);
}

TEST(Store, CanBeReadWhileItIsWritten) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    Recording r(file);
    r.store.add(minute(0));
    ASSERT_TRUE(r.flush());
    StoreReader reader(file);
    int rows = 0;
    reader.bank(StorePeriod::minute, 0, INT64_MAX, {0}, [&](const SeriesRow&) {
        ++rows;
        r.store.add(minute(1));
        EXPECT_TRUE(r.flush()) << "a reader in the middle of its work holds nobody up";
    });
    EXPECT_EQ(rows, 1);
    EXPECT_EQ(number(file, "SELECT count(*) FROM bank_minute"), 2);
}

TEST(Store, CanBeReadInAFolderThatTheReaderMayNotWrite) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to become somebody else";
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Recording r(file);
        r.store.add(minute(0));
    }
    ::chmod(folder.path().c_str(), 0755);
    ::chmod(file.c_str(), 0644);
    ASSERT_EQ(::seteuid(65534), 0);
    std::optional<std::int64_t> oldest;
    EXPECT_NO_THROW(oldest = StoreReader(file).oldest(StorePeriod::minute));
    ASSERT_EQ(::seteuid(0), 0);
    EXPECT_EQ(oldest, some_time);
}

TEST(Store, GoesOnInANewFileWhenSomebodyRemovesIt) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    Recording r(file);
    r.store.add(minute(0));
    ASSERT_TRUE(r.flush());
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(file + part);
    r.store.add(minute(1));
    ASSERT_TRUE(r.flush());
    EXPECT_EQ(number(file, "SELECT at FROM bank_minute"), minute(1).at);
}

}  // namespace
}  // namespace jkp::io
