// SPDX-License-Identifier: MIT
// A store on a loop of its own, in a folder that goes away.
#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "io/sqlite.hpp"
#include "io/store.hpp"
#include "io_files/temporary_folder.hpp"

namespace jkp::io::testing {

inline constexpr std::int64_t some_time = 1'799'999'100;  // begins a quarter of an hour

inline StoreSettings settings_for(const std::string& file) {
    StoreSettings settings;
    settings.file = file;
    settings.write_period = std::chrono::hours(1);  // a test says when
    settings.event_delay = std::chrono::hours(1);
    settings.patience = std::chrono::minutes(1);  // a busy machine may be slow
    return settings;
}

class Recording {
  public:
    // Until it comes over the loop.
    void wait(const bool& done) {
        auto work = boost::asio::make_work_guard(loop);
        loop.restart();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done && std::chrono::steady_clock::now() < end) loop.run_one_for(std::chrono::seconds(1));
    }
    explicit Recording(StoreSettings settings, bool start = true)
        : store(loop, std::move(settings), handlers()) {
        if (start) store.start();
    }
    explicit Recording(const std::string& file) : Recording(settings_for(file)) {}

    // Whether what waits was written.
    bool flush() {
        std::optional<bool> written;
        store.flush([&](bool good) { written = good; });
        auto work = boost::asio::make_work_guard(loop);
        loop.restart();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!written && std::chrono::steady_clock::now() < end) loop.run_one_for(std::chrono::seconds(1));
        return written.value_or(false);
    }

    boost::asio::io_context loop;
    std::vector<std::pair<bool, std::string>> states;
    std::optional<StoreBegin> begin;  // the last of them
    std::vector<StoreBegin> begins;
    Store store;

  private:
    StoreHandlers handlers() {
        return {[this](const StoreBegin& found) {
                    begin = found;
                    begins.push_back(found);
                },
                [this](bool good, const std::string& sentence) { states.emplace_back(good, sentence); }};
    }
};

// A minute of a bank with two packs, its numbers made of `i`.
inline SeriesRow minute(std::int64_t i, std::int64_t begin = some_time) {
    SeriesRow row{begin + i * 60, {}, {{"garage", {}}, {"attic", {}}}};
    const auto n = static_cast<std::int32_t>(i);
    const auto range = [n](std::int32_t middle, std::int32_t width) {
        const std::int32_t mean = middle + n * 7919 % width;
        return Range{mean, mean - n % 50, mean + n % 70};
    };
    constexpr std::pair<std::int32_t, std::int32_t> bank[] = {
        {52'000, 2'000}, {-60'000, 120'000}, {-3'000, 6'000}, {200, 700},
        {0, 120'000},    {60'000, 60'000},   {3'300, 200},    {3'200, 200},
        {150, 100},      {-5'000, 10'000},   {-3'000, 6'000}};
    for (std::size_t s = 0; s < bank_series_count; ++s) row.bank[s] = range(bank[s].first, bank[s].second);
    constexpr std::pair<std::int32_t, std::int32_t> pack[] = {{52'000, 2'000}, {-30'000, 60'000}, {200, 700},
                                                              {3'300, 200},    {3'200, 200},      {150, 100}};
    for (auto& one : row.packs) {
        for (std::size_t s = 0; s < pack_series_count; ++s)
            one.ranges[s] = range(pack[s].first, pack[s].second);
    }
    return row;
}

inline StoredEvent event(std::uint64_t id) {
    return {id,   WallTime{some_time}, 5, "can", 2, "garage", "the CAN interface is gone, check the cable",
            "weg"};
}

inline std::int64_t number(const std::string& file, const std::string& sql) {
    return Sqlite(file, Sqlite::Mode::read).number(sql);
}

}  // namespace jkp::io::testing
