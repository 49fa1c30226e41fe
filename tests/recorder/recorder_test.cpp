// SPDX-License-Identifier: MIT
// The recorder: what is asked for is there, written or not, with and without a clock, a card and a restart.
#include "app/recorder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "io/sqlite.hpp"
#include "io_files/temporary_folder.hpp"

namespace jkp::app {
namespace {

using io::testing::TemporaryFolder;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr std::int64_t some_time = 1'799'999'100;

// A recorder whose time is told by the test.
class Site {
  public:
    explicit Site(const std::string& file, std::int64_t start = 0, bool enabled = true,
                  std::chrono::milliseconds event_delay = std::chrono::hours(1))
        : second(start), recorder(loop, settings(file, enabled, event_delay), handlers()) {
        snapshot.decision.complete = true;
        snapshot.decision.voltage = Millivolts(36'000);
        snapshot.decision.current = Milliamps(100'000);  // 3600 W: 1 mWh each millisecond
        snapshot.packs.resize(1);
        snapshot.packs[0].name = "garage";
        PackReading& reading = snapshot.packs[0].reading.emplace();
        reading.cells.push_back(Millivolts(3'300));
        reading.soc = Permille(555);
        recorder.start();
    }

    void run(int count) {
        for (int i = 0; i < count; ++i) {
            ++second;
            if (wall) ++*wall;
            recorder.on_cycle(TimePoint(seconds(second)));
        }
    }
    template <class Ask>
    void wait(Ask ask) {
        bool done = false;
        auto work = boost::asio::make_work_guard(loop);
        ask([&] { done = true; });
        EXPECT_FALSE(done) << "a reply never comes from inside the question";
        loop.restart();
        const auto end = std::chrono::steady_clock::now() + seconds(20);
        while (!done && std::chrono::steady_clock::now() < end) loop.run_one_for(seconds(1));
        ASSERT_TRUE(done);
    }
    bool flush() {
        bool good = false;
        wait([&](auto done) {
            recorder.flush([&good, done](bool written) {
                good = written;
                done();
            });
        });
        return good;
    }
    Result<report::HistoryTable, RecorderFault> history(std::int64_t from, std::int64_t to,
                                                        std::size_t points,
                                                        std::vector<std::string> series = {"current_a"}) {
        Result<report::HistoryTable, RecorderFault> result = failure(RecorderFault{});
        wait([&](auto done) {
            recorder.history({WallTime{from}, WallTime{to}, points, series},
                             [&result, done](const auto& answer) {
                                 result = answer;
                                 done();
                             });
        });
        return result;
    }
    report::EventPage events(std::uint64_t before, std::size_t limit) {
        report::EventPage page;
        wait([&](auto done) {
            recorder.events(before, limit, [&page, done](const auto& answer) {
                page = answer.value();
                done();
            });
        });
        return page;
    }
    report::EnergyReport energy(std::size_t days) {
        report::EnergyReport report;
        wait([&](auto done) {
            recorder.energy_days(days, [&report, done](const auto& answer) {
                report = answer.value();
                done();
            });
        });
        return report;
    }

    boost::asio::io_context loop;
    report::Snapshot snapshot;
    std::int64_t second;
    std::optional<std::int64_t> wall;
    std::vector<std::string> states;
    std::uint64_t raised = 0;
    Recorder recorder;

  private:
    static RecorderSettings settings(const std::string& file, bool enabled,
                                     std::chrono::milliseconds event_delay) {
        RecorderSettings settings;
        settings.enabled = enabled;
        settings.store.file = file;
        settings.store.write_period = std::chrono::hours(1);
        settings.store.event_delay = event_delay;
        settings.store.patience = std::chrono::minutes(1);
        settings.waiting_queries = 2;
        return settings;
    }
    RecorderHandlers handlers() {
        return {[this] { return snapshot; },
                [this]() -> std::optional<WallTime> {
                    if (!wall) return std::nullopt;
                    return WallTime{*wall};
                },
                [this](bool, const std::string& sentence) { states.push_back(sentence); },
                [](WallTime at) { return at.seconds < some_time + 86400 ? 20270115 : 20270116; },
                [this](std::uint64_t by) { raised += by; }};
    }
};

std::size_t known(const report::HistoryTable& table, std::size_t column = 0) {
    const auto& values = table.columns.at(column).values;
    return static_cast<std::size_t>(
        std::ranges::count_if(values, [](const auto& v) { return v.has_value(); }));
}

report::EventRecord event(std::uint64_t id) {
    return report::link_record("can", report::Severity::error, "", "gone " + std::to_string(id), "weg");
}

report::EventRecord numbered(std::uint64_t id, const std::string& words) {
    report::EventRecord record = event(id);
    record.id = id;
    record.text_en = words;
    return record;
}

std::vector<std::string> words_of(const report::EventPage& page) {
    std::vector<std::string> words;
    for (const auto& one : page.events) words.push_back(std::to_string(one.id) + ' ' + one.text_en);
    return words;
}

// Another database under the same name, as after a mount.
void replace_file(const std::string& file, const std::string& by) {
    for (const char* part : {"", "-wal", "-shm"}) std::filesystem::remove(file + part);
    if (!by.empty()) std::filesystem::rename(by, file);
}

TEST(Recorder, TakesOneSampleASecondAndAnswersTheLastHourInSeconds) {
    TemporaryFolder folder;
    Site site(folder.file("h.db"));
    site.wall = some_time;
    site.run(100);
    for (int i = 0; i < 50; ++i) site.recorder.on_cycle(TimePoint(seconds(site.second)));
    const auto table =
        site.history(some_time + 1, some_time + 101, 100, {"current_a", "pack.garage.soc_pct"});
    ASSERT_TRUE(table);
    EXPECT_EQ(table->step_s, 1);
    EXPECT_EQ(known(*table), 100U);
    EXPECT_EQ(table->columns[1].values[99], 555);
}

TEST(Recorder, WhatIsNotWrittenYetIsInTheAnswer) {
    TemporaryFolder folder;
    Site site(folder.file("h.db"));
    site.wall = some_time;
    site.run(30 * 60);
    ASSERT_TRUE(site.flush());
    site.run(10 * 60 + 30);
    const auto fine = site.history(some_time - 3600, some_time + 41 * 60, 2000);
    ASSERT_TRUE(fine);
    EXPECT_EQ(fine->step_s, 60);
    EXPECT_EQ(known(*fine), 41U) << "the minute that runs too";
    const auto coarse = site.history(some_time - 86400, some_time + 86400, 200);
    ASSERT_TRUE(coarse);
    EXPECT_EQ(coarse->step_s, 900);
    EXPECT_EQ(known(*coarse), 3U);
    for (const auto& value : coarse->columns[0].values) EXPECT_EQ(value.value_or(100'000), 100'000);
}

TEST(Recorder, EnergyAndEventsAndTheLastHourSurviveARestart) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    {
        Site site(file);
        site.wall = some_time;
        EXPECT_EQ(site.recorder.next_event_id(), 1U);
        EXPECT_EQ(site.recorder.energy(), std::nullopt) << "not before it knows what was before";
        site.run(601);
        auto first = event(1);
        first.id = 1;
        site.recorder.on_event(first);
        ASSERT_TRUE(site.flush());
        ASSERT_TRUE(site.recorder.energy());
        EXPECT_EQ(site.recorder.energy()->total.charged, 600'000);
        site.recorder.stop();
    }
    Site site(file, 50);
    site.wall = some_time + 700;
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(site.recorder.next_event_id(), 2U);
    EXPECT_EQ(site.raised, 1U);
    site.run(11);
    auto second = event(2);
    second.id = 2;
    site.recorder.on_event(second);
    const auto report = site.energy(7);
    EXPECT_EQ(report.total.charged, 610'000);
    ASSERT_EQ(report.days.size(), 1U);
    EXPECT_EQ(report.days[0].energy.charged, 610'000);
    EXPECT_EQ(site.recorder.energy()->today.energy.charged, 610'000);
    const auto page = site.events(UINT64_MAX, 10);
    ASSERT_EQ(page.events.size(), 2U);
    EXPECT_EQ(page.events[0].text_en, "gone 2");
    EXPECT_EQ(page.events[1].text_en, "gone 1");
    EXPECT_FALSE(page.more);
    EXPECT_TRUE(site.events(UINT64_MAX, 1).more);
    const auto table = site.history(some_time + 500, some_time + 711, 1000);
    ASSERT_TRUE(table);
    EXPECT_EQ(table->step_s, 1) << "the seconds before the restart";
    EXPECT_EQ(known(*table), 102U + 10U);
}

TEST(Recorder, WithoutAClockEnergyIsCountedAndWhatCameIsMadeUpForLater) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    {
        Site site(file);
        site.run(601);
        ASSERT_TRUE(site.flush());
        EXPECT_EQ(site.recorder.energy()->total.charged, 600'000);
        EXPECT_EQ(site.recorder.energy()->today.day, 0);
        EXPECT_TRUE(site.history(0, 100, 100));
        site.recorder.stop();
    }
    Site site(file);
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(site.recorder.energy()->total.charged, 600'000) << "a restart without a clock loses none";
    site.run(601);
    site.wall = some_time + 600;
    site.run(60);
    const auto table = site.history(some_time - 7200, some_time + 7200, 2000);
    ASSERT_TRUE(table);
    EXPECT_EQ(known(*table), 12U) << "the ten minutes before the clock was set, and the one after";
    const auto report = site.energy(7);
    EXPECT_EQ(report.total.charged, 1'260'000);
    ASSERT_EQ(report.days.size(), 1U);
    EXPECT_EQ(report.days[0].energy.charged, 660'000);
}

TEST(Recorder, AClockThatJumpsNeitherAddsNorTakesEnergy) {
    TemporaryFolder folder;
    Site site(folder.file("h.db"));
    site.wall = some_time;
    site.run(100);
    *site.wall += 400LL * 86400;
    site.run(100);
    *site.wall -= 800LL * 86400;
    site.run(101);
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(site.recorder.energy()->total.charged, 300'000);
    EXPECT_EQ(site.energy(7).total.charged, 300'000);
}

TEST(Recorder, ARestartWithinAMinuteAndAClockAnHourBehindEraseNothing) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    const std::int64_t minute = some_time + 3600;
    const auto current = [](Site& site, std::int32_t ma) { site.snapshot.decision.current = Milliamps(ma); };
    const auto point = [&](Site& site, const std::string& series) {
        const auto table = site.history(minute, minute + 60, 1, {series});
        return table ? table->columns[0].values.at(0) : std::nullopt;
    };
    {
        Site site(file);
        site.wall = minute - 1;
        site.run(20);  // to second 19 of the minute
        site.recorder.stop();
    }
    Site site(file, 1'000);
    site.wall = minute + 29;
    current(site, -50'000);
    site.run(90);
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(point(site, "current_a_max"), 100'000) << "of before the restart";
    EXPECT_EQ(point(site, "current_a_min"), -50'000);
    EXPECT_EQ(point(site, "current_a"), 10'000) << "20 s of 100 A, 30 s of -50 A";
    // It starts anew with a clock that is an hour behind, until that is set.
    *site.wall = minute - 1;
    current(site, 0);
    site.run(120);
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(point(site, "current_a_max"), 100'000);
    EXPECT_EQ(point(site, "current_a_min"), -50'000);
}

TEST(Recorder, ADayEndsAtLocalMidnight) {
    TemporaryFolder folder;
    Site site(folder.file("h.db"));
    ASSERT_TRUE(site.flush());
    site.wall = some_time + 86400 - 121;
    site.run(241);
    const auto report = site.energy(7);
    ASSERT_EQ(report.days.size(), 2U);
    EXPECT_EQ(report.days[0].day, 20270115);
    EXPECT_EQ(report.days[1].day, 20270116);
    EXPECT_EQ(report.days[0].energy.charged + report.days[1].energy.charged, 240'000);
    EXPECT_NEAR(static_cast<double>(report.days[0].energy.charged), 120'000, 60'000);
}

TEST(Recorder, RefusesWrongQuestionsAndTooManyAtOnce) {
    TemporaryFolder folder;
    Site site(folder.file("h.db"));
    site.wall = some_time;
    const auto wrong = site.history(0, 100, 100, {"nonsense"});
    ASSERT_FALSE(wrong);
    EXPECT_FALSE(wrong.error().busy);
    EXPECT_THAT(wrong.error().sentence, HasSubstr("no such series"));

    int refused = 0;
    int answered = 0;
    site.wait([&](auto done) {
        for (int i = 0; i < 200; ++i) {
            site.recorder.events(UINT64_MAX, 5, [&, done](const auto& answer) {
                ++(answer ? answered : refused);
                EXPECT_TRUE(answer || answer.error().busy);
                if (answered + refused == 200) done();
            });
        }
    });
    EXPECT_GT(refused, 0);
    EXPECT_GE(answered, 2);
}

TEST(Recorder, ACardThatCannotBeWrittenTakesNothingFromTheLiveView) {
    Site site("/proc/nowhere/h.db");
    site.wall = some_time;
    auto one = event(1);
    one.id = 1;
    site.recorder.on_event(one);
    site.run(3 * 60);
    EXPECT_FALSE(site.flush());
    EXPECT_EQ(site.states.size(), 1U);
    EXPECT_EQ(site.recorder.view().state, "stalled");
    EXPECT_EQ(site.recorder.view().health, report::LinkHealth::bad);
    EXPECT_EQ(known(*site.history(some_time, some_time + 180, 2000)), 3U);
    EXPECT_EQ(site.events(UINT64_MAX, 5).events.size(), 1U);
}

TEST(Recorder, SwitchedOffThereIsStillTheLastHourAndNoFile) {
    TemporaryFolder folder;
    Site site(folder.file("h.db"), 0, false);
    site.wall = some_time;
    auto one = event(1);
    one.id = 1;
    site.recorder.on_event(one);
    site.run(100);
    EXPECT_EQ(known(*site.history(some_time + 1, some_time + 101, 100)), 100U);
    EXPECT_EQ(known(*site.history(some_time - 3600, some_time + 3600, 1000)), 2U);
    EXPECT_EQ(site.events(UINT64_MAX, 5).events.size(), 1U);
    EXPECT_EQ(site.energy(7).total.charged, 99'000);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    EXPECT_EQ(site.recorder.view().state, "off");
    EXPECT_EQ(site.recorder.view().health, report::LinkHealth::off);
}

TEST(Recorder, EventsOfAFileThatNobodyHasLookedIntoKeepTheirPlace) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    {
        Site site(file);
        for (std::uint64_t id = 1; id <= 3; ++id) site.recorder.on_event(numbered(id, "old"));
        ASSERT_TRUE(site.flush());
    }
    Site site(file);
    site.recorder.on_event(numbered(1, "early"));
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(site.recorder.next_event_id(), 2 + site.raised);
    EXPECT_EQ(site.raised, 3U);
    site.recorder.on_event(numbered(site.recorder.next_event_id(), "late"));
    const std::vector<std::string> expected{"5 late", "4 early", "3 old", "2 old", "1 old"};
    EXPECT_EQ(words_of(site.events(UINT64_MAX, 10)), expected);
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(words_of(site.events(UINT64_MAX, 10)), expected) << "written or not";
}

TEST(Recorder, AFileThatIsMountedLaterBringsItsEnergyAndItsEvents) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    const std::string mounted = folder.file("mounted.db");
    {
        Site site(mounted);
        site.wall = some_time;
        site.run(1001);
        for (std::uint64_t id = 1; id <= 3; ++id) site.recorder.on_event(numbered(id, "old"));
        ASSERT_TRUE(site.flush());
        site.recorder.stop();
    }
    Site site(file);
    site.wall = some_time + 2000;
    site.run(101);
    site.recorder.on_event(numbered(1, "into the wrong file"));
    ASSERT_TRUE(site.flush());
    replace_file(file, mounted);
    site.run(50);
    site.recorder.on_event(numbered(2, "new"));
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(site.recorder.energy()->total.charged, 1'050'000);
    EXPECT_EQ(site.recorder.energy()->today.energy.charged, 1'050'000);
    EXPECT_EQ(site.energy(7).total.charged, 1'050'000);
    EXPECT_EQ(site.energy(7).days.at(0).energy.charged, 1'050'000);
    EXPECT_EQ(words_of(site.events(UINT64_MAX, 10)),
              (std::vector<std::string>{"4 new", "3 old", "2 old", "1 old"}));
    site.recorder.stop();
}

TEST(Recorder, AFileThatIsRemovedTakesNoEnergyWithIt) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    {
        Site site(file);
        site.wall = some_time;
        site.run(101);
        ASSERT_TRUE(site.flush());
        replace_file(file, "");
        site.run(50);
        ASSERT_TRUE(site.flush());
        EXPECT_EQ(site.recorder.energy()->total.charged, 150'000);
    }
    Site site(file);
    ASSERT_TRUE(site.flush());
    EXPECT_EQ(site.recorder.energy()->total.charged, 150'000) << "nor at the next start";
}

TEST(Recorder, EachBatchHasTheEnergyUntilItsLastSecond) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    Site site(file, 0, true, std::chrono::milliseconds(1));
    site.wall = some_time;
    site.run(31);
    site.recorder.on_event(numbered(1, "the batch is written for it"));
    const auto written = [&] {
        for (const auto& [name, count] : site.recorder.view().counters) {
            if (name == "events") return count;
        }
        return std::uint64_t{0};
    };
    const auto end = std::chrono::steady_clock::now() + seconds(20);
    while (written() == 0 && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    ASSERT_EQ(written(), 1U);
    EXPECT_EQ(io::Sqlite(file, io::Sqlite::Mode::read).number("SELECT charged_mwh FROM energy_total"),
              30'000);
}

TEST(Recorder, ItsEndLosesNothingAndCallsNobody) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    {
        Site site(file);
        site.wall = some_time;
        site.run(90);
        site.recorder.events(UINT64_MAX, 5, [](const auto&) { ADD_FAILURE() << "after its end"; });
        site.recorder.stop();
        site.loop.restart();
        site.loop.run_for(std::chrono::milliseconds(50));
    }
    io::Sqlite database(file, io::Sqlite::Mode::read);
    EXPECT_EQ(database.number("SELECT count(*) FROM bank_minute"), 2);
    EXPECT_EQ(database.number("SELECT charged_mwh FROM energy_day"), 89'000);
    EXPECT_GT(database.number("SELECT length(samples) FROM recent"), 100);
}

}  // namespace
}  // namespace jkp::app
