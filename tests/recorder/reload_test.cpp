// SPDX-License-Identifier: MIT
// Another [history] while the program runs: nothing is lost, nothing is overwritten, and nobody waits for the
// card.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "app/outlets.hpp"
#include "io/store_reader.hpp"
#include "io_files/temporary_folder.hpp"

namespace jkp::app {
namespace {

using io::testing::TemporaryFolder;
using ::testing::ElementsAre;

class Site {
  public:
    explicit Site(const config::HistorySettings& history)
        : outlets_(loop_, with(history), "site.toml", handlers()), next_(outlets_.next_event_id()) {
        outlets_.start();
    }

    void reload(const config::HistorySettings& history) {
        now_ = with(history);
        outlets_.adopt(now_);
    }
    std::uint64_t tell(const std::string& words) {
        report::EventRecord event = report::link_record("can", report::Severity::info, "", words, words);
        event.id = next_++;
        outlets_.on_event(event);
        return event.id;
    }
    template <class Done>
    [[nodiscard]] bool until(Done done) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done() && std::chrono::steady_clock::now() < end) {
            loop_.restart();
            loop_.run_for(std::chrono::milliseconds(5));
        }
        return done();
    }
    // Everything that was told since the last reload.
    [[nodiscard]] bool until_written(std::uint64_t events) {
        return until([&] {
            const auto counters = outlets_.views().at(0).counters;
            return std::ranges::any_of(
                counters, [&](const auto& c) { return c.name == "events" && c.count >= events; });
        });
    }
    report::LinkView history() const { return outlets_.views().at(0); }

  private:
    static config::Settings with(const config::HistorySettings& history) {
        config::Settings settings;
        settings.web.enabled = false;
        settings.history = history;
        return settings;
    }
    OutletHandlers handlers() {
        OutletHandlers handlers;
        handlers.snapshot = [] { return report::Snapshot{}; };
        handlers.settings = [this]() -> const config::Settings& { return now_; };
        handlers.wall = [] { return std::optional<WallTime>(); };
        handlers.on_state = [](const std::string&, bool, const std::string&) {};
        handlers.on_raised = [this](std::uint64_t by) { next_ += by; };
        return handlers;
    }
    boost::asio::io_context loop_;
    config::Settings now_;
    Outlets outlets_;
    std::uint64_t next_;
};

config::HistorySettings into(const std::string& file) {
    config::HistorySettings history;
    history.file = file;
    history.write_period = std::chrono::milliseconds(20);
    return history;
}

std::vector<std::string> events_in(const std::string& file) {
    std::vector<std::string> words;
    for (const auto& event : io::StoreReader(file).events(UINT64_MAX, 100)) words.push_back(event.text_en);
    std::ranges::reverse(words);
    return words;
}

TEST(HistoryReload, SwitchedOnLaterItOverwritesNoEventOfTheFile) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    {
        Site site(into(file));
        for (const char* words : {"a", "b", "c"}) site.tell(words);
        ASSERT_TRUE(site.until_written(3));
    }
    config::HistorySettings off = into(file);
    off.enabled = false;
    Site site(off);
    EXPECT_EQ(site.tell("not recorded"), 1U);
    site.reload(into(file));
    const auto early = site.tell("d");
    ASSERT_TRUE(site.until_written(1));
    const auto late = site.tell("e");
    ASSERT_TRUE(site.until_written(2));
    EXPECT_THAT(events_in(file), ElementsAre("a", "b", "c", "d", "e"));
    EXPECT_GT(late, early);
}

TEST(HistoryReload, WaitsForNoCardAndLosesNothing) {
    TemporaryFolder folder;
    const std::string before = folder.file("before.db");
    const std::string after = folder.file("after.db");
    Site site(into(before));
    site.tell("first");
    ASSERT_TRUE(site.until_written(1));
    {
        io::Sqlite other(before, io::Sqlite::Mode::create);
        io::SqliteTransaction holds_it_up(other);
        site.tell("last of the old file");
        site.reload(into(after));
        site.tell("first of the new file");
        EXPECT_EQ(site.history().state, "opening");
    }
    ASSERT_TRUE(site.until_written(1));
    EXPECT_THAT(events_in(before), ElementsAre("first", "last of the old file"));
    EXPECT_THAT(events_in(after), ElementsAre("first of the new file"));
    EXPECT_EQ(site.history().state, "recording");
}

TEST(HistoryReload, SeveralOfThemFollowEachOther) {
    TemporaryFolder folder;
    const std::string file = folder.file("h.db");
    Site site(into(file));
    for (int i = 0; i < 5; ++i) {
        config::HistorySettings history = into(file);
        history.events += i;
        site.reload(history);
    }
    site.tell("after all of them");
    ASSERT_TRUE(site.until_written(1));
    config::HistorySettings off = into(file);
    off.enabled = false;
    site.reload(off);
    site.reload(into(file));
    site.tell("switched off and on");
    ASSERT_TRUE(site.until_written(1));
    EXPECT_THAT(events_in(file), ElementsAre("after all of them", "switched off and on"));
}

}  // namespace
}  // namespace jkp::app
