// SPDX-License-Identifier: MIT
// Two years of two packs through the writer of the history, in virtual time, with the numbers of a real site
// (every value moves in each minute). Fails above 50 MB of file or 30 MB written a day.
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <fstream>

#include "io/store_batch.hpp"
#include "io/store_file.hpp"
#include "store/support.hpp"

namespace {

using namespace jkp;
using namespace jkp::io;

constexpr std::int64_t day_minutes = 1440;
constexpr std::int64_t batch_minutes = 2;  // StoreSettings::write_period
constexpr std::int64_t days = 2 * 365;
constexpr std::int64_t measured_days = 4;  // written in batches as small as in real life

// What this process asked the kernel to write.
std::uint64_t bytes_written() {
    std::ifstream io("/proc/self/io");
    std::string key;
    std::uint64_t value = 0;
    while (io >> key >> value) {
        if (key == "wchar:") return value;
    }
    return 0;
}

void write_days(StoreWriter& writer, const StoreSettings& settings, std::int64_t from, std::int64_t to,
                std::int64_t per_batch) {
    std::uint64_t event_id = static_cast<std::uint64_t>(from) * 40 + 1;
    for (std::int64_t day = from; day < to; ++day) {
        for (std::int64_t m = 0; m < day_minutes; m += per_batch) {
            StoreBatch batch;
            for (std::int64_t i = m; i < m + per_batch; ++i)
                batch.minutes.push_back(testing::minute(day * day_minutes + i));
            batch.add(static_cast<LocalDay>(20'000'000 + day), Energy{1'000, 900, 10, 500, 400});
            // Forty events a day, each in a batch of its own.
            if (per_batch < day_minutes && m % 36 == 0) {
                StoreBatch alone;
                alone.events.push_back(testing::event(event_id++));
                writer.write(alone);
            }
            writer.write(batch);
        }
        if (per_batch == day_minutes) {
            StoreBatch events;
            for (int i = 0; i < 40; ++i) events.events.push_back(testing::event(event_id++));
            writer.write(events);
        }
        for (int i = 0; i < 4; ++i) writer.prune(settings);
    }
}

}  // namespace

int main() {
    const testing::TemporaryFolder folder;
    const StoreSettings settings = testing::settings_for(folder.file("history.db"));
    const auto begin = std::chrono::steady_clock::now();
    std::uint64_t per_day = 0;
    {
        const auto database = open_store(settings.file);
        StoreWriter writer(*database);
        write_days(writer, settings, 0, days - measured_days, day_minutes);
        database->run("PRAGMA wal_checkpoint(TRUNCATE)");
        const std::uint64_t before = bytes_written();
        write_days(writer, settings, days - measured_days, days, batch_minutes);
        database->run("PRAGMA wal_checkpoint(PASSIVE)");
        per_day = (bytes_written() - before) / measured_days;
    }
    const std::uint64_t size = store_bytes(settings.file);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("two years of two packs: %.1f MB; written in a day: %.1f MB; took %.0f s\n",
                static_cast<double>(size) / 1e6, static_cast<double>(per_day) / 1e6, took.count());
    const auto count = [&](const char* table) {
        return testing::number(settings.file, std::string("SELECT count(*) FROM ") + table);
    };
    std::printf("rows: %" PRId64 " minutes, %" PRId64 " quarters, %" PRId64 " days, %" PRId64 " events\n",
                count("bank_minute"), count("bank_quarter"), count("energy_day"), count("event"));
    const bool whole = count("bank_minute") == 28 * day_minutes && count("bank_quarter") == days * 96 - 1 &&
                       count("energy_day") == days;
    const bool good = whole && size < 50'000'000 && per_day > 0 && per_day < 30'000'000;
    std::puts(good ? "result: good" : "result: bad");
    return good ? 0 : 1;
}
