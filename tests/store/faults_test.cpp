// SPDX-License-Identifier: MIT
// The history database when something goes wrong: a killed program, a torn log, a full file system, a damaged
// file, a file of another version.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/store_batch.hpp"
#include "io/store_reader.hpp"
#include "io/store_schema.hpp"
#include "store/support.hpp"

namespace jkp::io {
namespace {

using namespace testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

namespace fs = std::filesystem;

// Every batch is there as a whole: minutes without a gap from the first, each with both packs, and the energy
// that came with them.
void expect_whole(const std::string& file) {
    Sqlite database(file, Sqlite::Mode::create);
    EXPECT_EQ(database.word("PRAGMA integrity_check"), "ok");
    const auto rows = database.number("SELECT count(*) FROM bank_minute");
    EXPECT_EQ(database.number("SELECT count(*) FROM pack_minute"), 2 * rows);
    if (rows == 0) return;
    EXPECT_EQ(database.number("SELECT min(at) FROM bank_minute"), minute(0).at);
    EXPECT_EQ(database.number("SELECT max(at) FROM bank_minute"), minute(rows - 1).at);
    EXPECT_EQ(database.number("SELECT charged_mwh FROM energy_total"), rows);
}

// Writes until it is killed; one byte into `pipe` for each batch.
[[noreturn]] void write_for_ever(const std::string& file, int pipe) {
    Recording r(file);
    for (int i = 0;; ++i) {
        r.store.add(minute(i));
        r.store.add(std::nullopt, Energy{1, 0, 0, {}, {}});
        if (i % 3 != 2) continue;
        if (!r.flush() || ::write(pipe, "x", 1) != 1) ::_exit(1);
    }
}

TEST(StoreFaults, AKilledProgramLeavesAWholeDatabase) {
    TemporaryFolder folder;
    for (int round = 0; round < 12; ++round) {
        const std::string file = folder.file("history" + std::to_string(round));
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) write_for_ever(file, ends[1]);
        ::close(ends[1]);
        char byte = 0;
        for (int batch = 0; batch < 1 + round * 3; ++batch) ASSERT_EQ(::read(ends[0], &byte, 1), 1);
        // Somewhere within the next batch.
        const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(round * 150);
        while (std::chrono::steady_clock::now() < until) {
        }
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        ::close(ends[0]);
        ASSERT_TRUE(WIFSIGNALED(status));
        expect_whole(file);
        Recording again(file);
        ASSERT_TRUE(again.flush());
        EXPECT_TRUE(again.states.empty()) << again.states[0].second;
        EXPECT_GE(again.begin->total.charged, 3 * (1 + round * 3));
    }
}

// After a power cut the log may end anywhere.
TEST(StoreFaults, ALogThatIsTornAnywhereLeavesAWholeDatabase) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    Recording r(file);
    for (int i = 0; i < 30; ++i) {
        r.store.add(minute(i));
        r.store.add(std::nullopt, Energy{1, 0, 0, {}, {}});
        if (i % 3 == 2) {
            ASSERT_TRUE(r.flush());
        }
    }
    const std::string log = contents(file + "-wal");
    ASSERT_GT(log.size(), 20'000U);
    const std::string copy = folder.file("copy.db");
    std::int64_t most = 0;
    for (std::size_t size = 0; size <= log.size(); size += 2999) {
        fs::copy_file(file, copy, fs::copy_options::overwrite_existing);
        fs::remove(copy + "-shm");
        std::ofstream(copy + "-wal", std::ios::binary) << log.substr(0, size);
        Sqlite database(copy, Sqlite::Mode::create);
        EXPECT_EQ(database.word("PRAGMA integrity_check"), "ok");
        if (database.number("SELECT count(*) FROM sqlite_schema WHERE name = 'recent'") == 0) continue;
        const auto rows = database.number("SELECT count(*) FROM bank_minute");
        EXPECT_EQ(database.number("SELECT coalesce(max(charged_mwh), 0) FROM energy_total"), rows);
        EXPECT_GE(rows, most);
        most = rows;
    }
    EXPECT_GE(most, 24);
}

// A small file system that this process alone sees.
class SmallDisk {
  public:
    explicit SmallDisk(std::string place) : place_(std::move(place)) {
        fs::create_directory(place_);
        mounted_ = ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0 &&
                   ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                   ::mount("none", place_.c_str(), "tmpfs", 0, "size=512k") == 0;
    }
    ~SmallDisk() {
        if (mounted_) ::umount2(place_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] std::string file(const std::string& name) const { return place_ + '/' + name; }

  private:
    std::string place_;
    bool mounted_ = false;
};

void fill_up(const std::string& file) {
    std::ofstream out(file, std::ios::binary);
    const std::string block(4096, 'x');
    while (out.write(block.data(), 4096) && out.flush()) {
    }
}

TEST(StoreFaults, AFullFileSystemStopsRecordingAndRoomLetsItGoOn) {
    TemporaryFolder parent;
    const SmallDisk folder(parent.file("small"));
    if (!folder.mounted()) GTEST_SKIP() << "needs root for a small tmpfs";
    const std::string file = folder.file("history.db");
    const std::string ballast = folder.file("ballast");
    StoreSettings settings = settings_for(file);
    settings.waiting_minutes = 50;
    Recording r(settings);
    std::int64_t i = 0;
    const auto add = [&] {
        r.store.add(minute(i++));
        r.store.add(20261125, Energy{1, 0, 0, {}, {}});
    };
    add();
    ASSERT_TRUE(r.flush());
    fill_up(ballast);
    bool stalled = false;
    for (int n = 0; n < 40 && !stalled; ++n) {
        for (int k = 0; k < 20; ++k) add();
        stalled = !r.flush();
    }
    ASSERT_TRUE(stalled);
    for (int n = 0; n < 10; ++n) {
        add();
        EXPECT_FALSE(r.flush());
    }
    EXPECT_EQ(r.store.status().state, StoreState::stalled);
    ASSERT_THAT(r.states, ElementsAre(Pair(false, HasSubstr("Free some space")))) << "one event";
    EXPECT_THAT(r.states[0].second, HasSubstr(file));
    for (int n = 0; n < 100; ++n) add();
    EXPECT_FALSE(r.flush());
    EXPECT_GT(r.store.status().dropped, 50U) << "what waits is bounded";

    fs::remove(ballast);
    ASSERT_TRUE(r.flush());
    ASSERT_EQ(r.states.size(), 2U) << "one event";
    EXPECT_TRUE(r.states[1].first);
    EXPECT_EQ(r.store.status().state, StoreState::recording);
    EXPECT_EQ(number(file, "SELECT max(at) FROM bank_minute"), minute(i - 1).at);
    EXPECT_EQ(number(file, "SELECT charged_mwh FROM energy_total"), i) << "energy is not lost";
    EXPECT_EQ(number(file, "SELECT charged_mwh FROM energy_day"), i);
    EXPECT_EQ(Sqlite(file, Sqlite::Mode::create).word("PRAGMA integrity_check"), "ok");
}

void make_good(const std::string& file, int minutes = 200) {
    StoreSettings settings = settings_for(file);
    settings.waiting_minutes = 10'000;
    Recording r(settings);
    for (int i = 0; i < minutes; ++i) r.store.add(minute(i));
    r.store.add(20261125, Energy{1'234, 0, 0, {}, {}});
}

void overwrite(const std::string& file, std::streamoff from, std::size_t size) {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(from);
    out << std::string(size, '\xA5');
}

std::vector<std::string> moved_aside(const TemporaryFolder& folder) {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
        const std::string name = entry.path().filename().string();
        const bool log = name.ends_with("-wal") || name.ends_with("-shm");
        if (!log && name.find(".damaged-20") != std::string::npos) found.push_back(name);
    }
    return found;
}

TEST(StoreFaults, ADamagedFileIsMovedAsideWithItsDateAndItsEnergyIsKept) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    make_good(file);
    const auto size = static_cast<std::size_t>(fs::file_size(file));
    overwrite(file, static_cast<std::streamoff>(size - 12 * 4096), 8 * 4096);  // pages of rows
    Recording r(file);
    r.store.add(minute(500));
    ASSERT_TRUE(r.flush());
    ASSERT_THAT(r.states, ElementsAre(Pair(false, HasSubstr("is damaged and was moved to"))));
    ASSERT_EQ(moved_aside(folder).size(), 1U);
    EXPECT_EQ(fs::file_size(folder.file(moved_aside(folder)[0])), size);
    EXPECT_EQ(r.store.status().state, StoreState::recording);
    EXPECT_EQ(r.store.status().moved_aside, 1U);
    EXPECT_EQ(r.begin->total.charged, 1'234);
    EXPECT_EQ(r.begin->last_day, (EnergyDay{20261125, {1'234, 0, 0, {}, {}}}));
    EXPECT_EQ(number(file, "SELECT count(*) FROM bank_minute"), 1);
}

TEST(StoreFaults, AFileThatIsNoDatabaseIsMovedAsideAndOnlyThreeOfThemAreKept) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    for (int i = 0; i < 6; ++i) {
        for (const char* part : {"-wal", "-shm"}) fs::remove(file + part);
        std::ofstream(file) << "this is no database, and long enough to be looked at as one: "
                            << std::string(2000, 'x');
        Recording r(file);
        r.store.add(minute(i));
        ASSERT_TRUE(r.flush());
        EXPECT_EQ(r.states.size(), 1U);
    }
    EXPECT_EQ(moved_aside(folder).size(), 3U);
}

TEST(StoreFaults, ADamagedFileOnAFullFileSystemKeepsItsEnergyUntilThereIsRoom) {
    TemporaryFolder parent;
    const SmallDisk folder(parent.file("small"));
    if (!folder.mounted()) GTEST_SKIP() << "needs root for a small tmpfs";
    const std::string file = folder.file("history.db");
    make_good(file);
    const auto size = static_cast<std::streamoff>(fs::file_size(file));
    overwrite(file, size - 8 * 4096, 4 * 4096);  // pages of rows
    fill_up(folder.file("ballast"));
    Recording r(file);
    r.store.add(minute(500));
    EXPECT_FALSE(r.flush());
    EXPECT_FALSE(r.flush());
    ASSERT_THAT(r.states, ElementsAre(Pair(false, HasSubstr("Free some space"))));
    // Room comes page by page, so that each step on the way fails once for want of it.
    auto ballast = fs::file_size(folder.file("ballast"));
    do {
        ASSERT_GE(ballast, 4096U);
        fs::resize_file(folder.file("ballast"), ballast -= 4096);
    } while (!r.flush());
    ASSERT_EQ(r.states.size(), 3U);
    EXPECT_THAT(r.states[1].second, HasSubstr("is damaged and was moved to"));
    EXPECT_TRUE(r.states[2].first);
    EXPECT_EQ(r.begin->total.charged, 1'234);
    EXPECT_EQ(number(file, "SELECT charged_mwh FROM energy_total"), 1'234);
    EXPECT_FALSE(fs::exists(file + ".new"));
}

TEST(StoreFaults, APowerCutBetweenTheOldAndTheNewFileLosesNoEnergy) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    make_good(file);
    fs::rename(file, file + ".new");
    std::ofstream(file + "-wal") << "of the damaged one";
    Recording r(file);
    ASSERT_TRUE(r.flush());
    EXPECT_TRUE(r.states.empty());
    EXPECT_EQ(r.begin->total.charged, 1'234);
    EXPECT_FALSE(fs::exists(file + ".new"));
}

TEST(StoreFaults, ADamagedFileThatCannotBeMovedAsideStopsRecordingAndNothingElse) {
    TemporaryFolder folder;
    // Its name leaves no room for the date behind it.
    const std::string file = folder.file(std::string(240, 'h'));
    const std::string text(2000, 'x');
    std::ofstream(file) << text;
    Recording r(file);
    r.store.add(minute(0));
    EXPECT_FALSE(r.flush());
    EXPECT_FALSE(r.flush());
    EXPECT_EQ(r.store.status().state, StoreState::stalled);
    ASSERT_THAT(r.states, ElementsAre(Pair(false, HasSubstr("cannot move the damaged")))) << "one event";
    EXPECT_EQ(contents(file), text);
}

TEST(StoreFaults, DamageThatShowsWhileItRunsIsMovedAsideToo) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    make_good(file, 6'000);  // more than the writer has in memory
    Recording r(file);
    ASSERT_TRUE(r.flush());
    overwrite(file, 4096, static_cast<std::size_t>(fs::file_size(file)) - 4096);
    // So many that the oldest are looked for.
    for (int i = 0; i < 400; ++i) r.store.add(minute(10'000 + i));
    EXPECT_FALSE(r.flush());
    EXPECT_TRUE(r.flush());
    EXPECT_EQ(moved_aside(folder).size(), 1U);
    EXPECT_EQ(r.store.status().state, StoreState::recording);
    ASSERT_FALSE(r.states.empty());
    EXPECT_TRUE(r.states.back().first);
}

TEST(StoreFaults, AnOlderDatabaseBecomesOneOfThisVersionWithAllItHolds) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Sqlite old(file, Sqlite::Mode::create);
        migrate_step(old, 0);
        ASSERT_EQ(old.number("PRAGMA user_version"), 1);
        old.run("INSERT INTO pack (id, name) VALUES (1, 'garage')");
        old.run(
            "INSERT INTO bank_minute (at, voltage_mv, voltage_mv_min, voltage_mv_max) VALUES (1799999100, "
            "52000, "
            "51000, 53000)");
        old.run("INSERT INTO pack_minute (at, pack, voltage_mv) VALUES (1799999100, 1, 52000)");
        old.run("INSERT INTO energy_total (day, charged_mwh, discharged_mwh) VALUES (0, 5000, 4000)");
        old.run(
            "INSERT INTO energy_day (day, charged_mwh, discharged_mwh, imported_mwh) VALUES (20261124, 50, "
            "40, 7)");
        old.run(
            "INSERT INTO event (id, at, code, severity, pack, text_en, text_de) VALUES (41, NULL, 'can', 2, "
            "'', "
            "'gone', 'weg')");
    }
    EXPECT_THROW(StoreReader{file}, SqliteError) << "a reader changes nothing";
    {
        Recording r(file);
        r.store.add(20261124, Energy{1, 1, 9, {}, 3});
        r.store.add(event(42));
        ASSERT_TRUE(r.flush());
        EXPECT_TRUE(r.states.empty());
        EXPECT_EQ(r.begin->total, (Energy{5000, 4000, 0, {}, {}}));
    }
    StoreReader reader(file);
    EXPECT_EQ(reader.days(5), (std::vector<EnergyDay>{{20261124, {51, 41, 9, 7, 3}}}));
    EXPECT_EQ(reader.events(42, 5).at(0).text_de, "weg");
    EXPECT_EQ(reader.events(42, 5).at(0).uptime_s, 0);
    EXPECT_EQ(number(file, "SELECT voltage_mv_max FROM bank_minute"), 53000);
    EXPECT_EQ(number(file, "SELECT samples FROM bank_minute"), 60) << "as a whole one";
    EXPECT_EQ(number(file, "PRAGMA user_version"), store_version);
    EXPECT_TRUE(moved_aside(folder).empty());
}

TEST(StoreFaults, AStepOfVersionsThatFailsLeavesTheOldOne) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    {
        Sqlite old(file, Sqlite::Mode::create);
        migrate_step(old, 0);
        old.run("CREATE TABLE recent (something TEXT)");  // in the way of the last statement
        old.run("INSERT INTO energy_total (day, charged_mwh, discharged_mwh) VALUES (0, 5000, 4000)");
    }
    Recording r(file);
    EXPECT_FALSE(r.flush());
    EXPECT_EQ(r.store.status().state, StoreState::stalled);
    EXPECT_EQ(number(file, "PRAGMA user_version"), 1);
    EXPECT_EQ(number(file, "SELECT count(*) FROM pragma_table_info('energy_total')"), 5)
        << "half a step is none";
    Sqlite(file, Sqlite::Mode::create).run("DROP TABLE recent");
    ASSERT_TRUE(r.flush());
    EXPECT_EQ(number(file, "SELECT charged_mwh FROM energy_total"), 5000);
}

TEST(StoreFaults, ADatabaseOfALaterProgramIsLeftAsItIs) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    make_good(file);
    Sqlite(file, Sqlite::Mode::create).run("PRAGMA user_version = 4");
    const std::string before = contents(file);
    {
        Recording r(file);
        r.store.add(minute(1000));
        EXPECT_FALSE(r.flush());
        EXPECT_FALSE(r.flush());
        ASSERT_THAT(r.states, ElementsAre(Pair(false, HasSubstr("later version"))));
        EXPECT_EQ(r.store.status().state, StoreState::refused);
    }
    EXPECT_EQ(contents(file), before);
    EXPECT_TRUE(moved_aside(folder).empty());
}

TEST(StoreFaults, MuchThatIsTooOldIsDeletedInPortions) {
    TemporaryFolder folder;
    const std::string file = folder.file("history.db");
    make_good(file, 4'000);
    StoreSettings settings = settings_for(file);
    settings.minutes = 100;
    Sqlite database(file, Sqlite::Mode::create);
    StoreWriter writer(database);
    int portions = 0;
    for (auto before = number(file, "SELECT count(*) FROM bank_minute"); writer.prune(settings); ++portions) {
        const auto now = number(file, "SELECT count(*) FROM bank_minute");
        EXPECT_LE(before - now, 1500);
        before = now;
    }
    EXPECT_GE(portions, 2);
    EXPECT_EQ(number(file, "SELECT count(*) FROM bank_minute"), 100);
    EXPECT_EQ(number(file, "SELECT count(*) FROM pack_minute"), 200);
}

TEST(StoreFaults, AFolderThatAppearsLaterLetsItBegin) {
    TemporaryFolder folder;
    const std::string file = folder.file("later/history.db");
    Recording r(file);
    r.store.add(minute(0));
    EXPECT_FALSE(r.flush());
    EXPECT_THAT(r.store.status().sentence, HasSubstr(file));
    fs::create_directory(folder.path() / "later");
    ASSERT_TRUE(r.flush());
    EXPECT_EQ(number(file, "SELECT count(*) FROM bank_minute"), 1);
    EXPECT_EQ(r.states.size(), 2U);
}

}  // namespace
}  // namespace jkp::io
