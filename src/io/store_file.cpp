// SPDX-License-Identifier: MIT
#include "io/store_file.hpp"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <vector>

#include "io/store_batch.hpp"
#include "io/store_reader.hpp"
#include "io/store_schema.hpp"

namespace jkp::io {
namespace {

namespace fs = std::filesystem;

constexpr mode_t file_mode = 0640;
constexpr std::size_t kept_aside = 3;
constexpr std::string_view aside = ".damaged-";
constexpr std::array<const char*, 3> parts{"", "-wal", "-shm"};

std::string stamp() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y%m%d-%H%M%S", &utc);
    return text.data();
}

void forget_oldest(const std::string& path) {
    const fs::path file(path);
    const std::string begin = file.filename().string() + std::string(aside);
    std::vector<std::string> found;
    std::error_code error;
    for (fs::directory_iterator entry(file.parent_path(), error), end; entry != end; entry.increment(error)) {
        if (error) break;
        const std::string name = entry->path().filename().string();
        if (name.starts_with(begin) && !name.ends_with("-wal") && !name.ends_with("-shm"))
            found.push_back(name);
    }
    std::ranges::sort(found);
    for (std::size_t i = 0; i + kept_aside < found.size(); ++i) {
        for (const char* part : parts) fs::remove(file.parent_path() / (found[i] + part), error);
    }
}

// A part of a second for a file of some ten megabytes, a few seconds on a slow card.
void look_over(Sqlite& database) {
    const std::string verdict = database.word("PRAGMA quick_check(1)");
    if (verdict != "ok") throw SqliteError(SQLITE_CORRUPT, "cannot use the database: " + verdict);
}

std::unique_ptr<Sqlite> open_checked(const std::string& path) {
    auto database = std::make_unique<Sqlite>(path, Sqlite::Mode::create);
    database->run(
        "PRAGMA mmap_size = 0; PRAGMA cache_size = -512; PRAGMA journal_mode = WAL;"
        "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304");
    look_over(*database);
    migrate(*database);
    ::chmod(path.c_str(), file_mode);
    return database;
}

// What a damaged database still tells of the energy: counters that begin at 0 again are worse than a gap in
// a plot.
struct Rescued {
    std::optional<Energy> total;
    std::vector<EnergyDay> days;
};

bool believable(const Energy& e) {
    constexpr std::int64_t most = 1'000'000'000'000;  // mWh, a gigawatt-hour
    const auto good = [](std::int64_t mwh) { return mwh >= 0 && mwh <= most; };
    return good(e.charged) && good(e.discharged) && good(e.transferred) && good(e.imported.value_or(0)) &&
           good(e.exported.value_or(0));
}

Rescued rescue(const std::string& path) {
    Rescued found;
    try {
        Sqlite database(path, Sqlite::Mode::read);
        const Energy total = read_total(database);
        if (believable(total)) found.total = total;
        found.days = read_days(database, 10 * 366);
        std::erase_if(found.days, [](const EnergyDay& day) { return !believable(day.energy); });
    } catch (const SqliteError&) {
        // As far as it went.
    }
    return found;
}

void put_back(Sqlite& database, const Rescued& rescued) {
    StoreBatch batch;
    batch.total = rescued.total;
    for (const EnergyDay& day : rescued.days) batch.days[day.day] = day.energy;
    if (!batch.empty()) StoreWriter(database).write(batch);
}

std::string new_of(const std::string& path) {
    return path + ".new";
}

void remove_parts(const std::string& path) {
    for (const char* part : parts) ::unlink((path + part).c_str());
}

void make_new(const std::string& path, const Rescued& rescued) {
    const std::string fresh = new_of(path);
    remove_parts(fresh);
    try {
        const auto database = open_checked(fresh);
        put_back(*database, rescued);
        // Only the file itself is renamed: nothing of it may be left in its log.
        if (database->number("PRAGMA wal_checkpoint(TRUNCATE)") != 0)
            throw SqliteError(SQLITE_BUSY, "cannot finish " + fresh);
    } catch (const std::exception&) {
        remove_parts(fresh);
        throw;
    }
}

// A new file takes its place when there is none any more, also when the power went between the two renamings.
void finish_new(const std::string& path) {
    struct stat info{};
    if (::lstat(path.c_str(), &info) == 0 || errno != ENOENT) return;
    if (::lstat(new_of(path).c_str(), &info) != 0) return;
    for (const char* part : {"-wal", "-shm"}) ::unlink((path + part).c_str());  // of another database
    if (::rename(new_of(path).c_str(), path.c_str()) == 0) return;
    throw SqliteError(SQLITE_CANTOPEN,
                      "cannot begin a new " + path + ": " + std::generic_category().message(errno));
}

}  // namespace

std::string move_aside(const std::string& path) {
    const std::string wanted = path + std::string(aside) + stamp();
    std::string target = wanted;
    std::error_code unknown;  // then the renaming below says what is wrong
    for (int i = 2; fs::exists(target, unknown); ++i) target = wanted + '-' + std::to_string(i);
    for (const char* part : parts) {
        if (::rename((path + part).c_str(), (target + part).c_str()) == 0 || errno == ENOENT) continue;
        throw SqliteError(SQLITE_CANTOPEN, "cannot move the damaged " + path +
                                               " aside: " + std::generic_category().message(errno));
    }
    forget_oldest(path);
    return target;
}

std::unique_ptr<Sqlite> open_store(const std::string& path,
                                   const std::function<void(const std::string&)>& moved) {
    finish_new(path);
    try {
        return open_checked(path);
    } catch (const SqliteError& error) {
        if (!error.damaged()) throw;
    }
    // The damaged one keeps its place until the new one holds what could be read of it: without room for
    // that, nothing is lost by trying again.
    make_new(path, rescue(path));
    const std::string where = move_aside(path);
    finish_new(path);
    if (moved) moved(where);
    return open_checked(path);
}

std::uint64_t store_bytes(const std::string& path) {
    std::uint64_t sum = 0;
    for (const char* part : {"", "-wal"}) {
        struct stat info{};
        if (::stat((path + part).c_str(), &info) == 0) sum += static_cast<std::uint64_t>(info.st_size);
    }
    return sum;
}

}  // namespace jkp::io
