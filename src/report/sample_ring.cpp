// SPDX-License-Identifier: MIT
#include "report/sample_ring.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

namespace jkp::report {
namespace {

constexpr std::int32_t absent = std::numeric_limits<std::int32_t>::min();
constexpr std::string_view magic = "JKR1";
constexpr std::size_t most_packs = 64;
constexpr std::size_t longest_name = 64;

void put(std::string& bytes, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7U) bytes.push_back(static_cast<char>(value | 0x80U));
    bytes.push_back(static_cast<char>(value));
}

std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}

// Reads on as long as the bytes last; after that everything is 0 and `good` false.
struct Reader {
    std::string_view bytes;
    bool good = true;

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (bytes.empty()) break;
            const auto byte = static_cast<unsigned char>(bytes.front());
            bytes.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if ((byte & 0x80U) == 0) return value;
        }
        good = false;
        return 0;
    }
    std::string text() {
        const std::uint64_t size = number();
        if (size > longest_name || size > bytes.size()) {
            good = false;
            return {};
        }
        std::string result(bytes.substr(0, size));
        bytes.remove_prefix(size);
        return result;
    }
};

std::int64_t seconds_of(TimePoint at) {
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

}  // namespace

std::optional<TimePoint> SampleRing::oldest() const {
    if (rows_.empty()) return std::nullopt;
    return rows_.front().at;
}

std::size_t SampleRing::place_of(const std::string& pack) {
    const auto found = std::ranges::find(packs_, pack);
    if (found != packs_.end()) return static_cast<std::size_t>(found - packs_.begin());
    packs_.push_back(pack);
    return packs_.size() - 1;
}

SampleRing::Row SampleRing::row_of(TimePoint at, const Sample& sample) {
    Row row{at, {}};
    for (const auto& value : sample.bank) row.values.push_back(value.value_or(absent));
    for (const PackSample& pack : sample.packs) {
        const std::size_t begin = bank_series_count + place_of(pack.pack) * pack_series_count;
        if (row.values.size() < begin + pack_series_count)
            row.values.resize(begin + pack_series_count, absent);
        for (std::size_t i = 0; i < pack_series_count; ++i)
            row.values[begin + i] = pack.values[i].value_or(absent);
    }
    row.values.shrink_to_fit();
    return row;
}

void SampleRing::add(TimePoint at, const Sample& sample) {
    rows_.push_back(row_of(at, sample));
    while (rows_.size() > capacity_) rows_.pop_front();
}

void SampleRing::each(const std::function<void(TimePoint, const Sample&)>& visit) const {
    const auto known = [](std::int32_t value) {
        return value == absent ? std::nullopt : std::optional(value);
    };
    Sample sample;
    for (const Row& row : rows_) {
        for (std::size_t i = 0; i < bank_series_count; ++i) sample.bank[i] = known(row.values[i]);
        sample.packs.resize((row.values.size() - bank_series_count) / pack_series_count);
        for (std::size_t p = 0; p < sample.packs.size(); ++p) {
            sample.packs[p].pack = packs_[p];
            for (std::size_t i = 0; i < pack_series_count; ++i)
                sample.packs[p].values[i] = known(row.values[bank_series_count + p * pack_series_count + i]);
        }
        visit(row.at, sample);
    }
}

// Each number as its difference from the one before: an hour is some 100 kB.
std::string SampleRing::encode(std::int64_t offset) const {
    std::string bytes(magic);
    put(bytes, packs_.size());
    for (const std::string& pack : packs_) {
        put(bytes, pack.size());
        bytes += pack;
    }
    put(bytes, rows_.size());
    std::vector<std::int32_t> last(bank_series_count + packs_.size() * pack_series_count, 0);
    std::int64_t time = 0;
    for (const Row& row : rows_) {
        const std::int64_t at = seconds_of(row.at) + offset;
        put(bytes, zigzag(at - time));
        time = at;
        for (std::size_t i = 0; i < last.size(); ++i) {
            const std::int32_t value = i < row.values.size() ? row.values[i] : absent;
            if (value == absent) {
                bytes.push_back('\0');
                continue;
            }
            put(bytes, zigzag(std::int64_t{value} - last[i]) + 1);
            last[i] = value;
        }
    }
    return bytes;
}

bool SampleRing::restore(std::string_view bytes, std::int64_t offset, TimePoint now, Duration longest) {
    if (!bytes.starts_with(magic)) return false;
    Reader reader{bytes.substr(magic.size())};
    const std::uint64_t pack_count = reader.number();
    if (!reader.good || pack_count > most_packs) return false;
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < pack_count; ++i) names.push_back(reader.text());
    const std::uint64_t count = reader.number();
    std::vector<std::int64_t> last(bank_series_count + names.size() * pack_series_count, 0);
    std::vector<std::pair<TimePoint, Sample>> found;
    std::int64_t time = 0;
    for (std::uint64_t n = 0; n < count && reader.good; ++n) {
        constexpr std::int64_t latest = 100'000'000'000;
        const std::int64_t step = unzigzag(reader.number());
        if (step < -latest || step > latest || (time += step) < 0 || time > latest) return false;
        Sample sample;
        for (const std::string& name : names) sample.packs.push_back({name, {}});
        for (std::size_t i = 0; i < last.size(); ++i) {
            const std::uint64_t code = reader.number();
            if (code == 0) continue;
            const std::int64_t delta = unzigzag(code - 1);
            constexpr std::int64_t most = std::int64_t{1} << 33;
            if (delta < -most || delta > most) return false;
            last[i] += delta;
            if (last[i] <= absent || last[i] > std::numeric_limits<std::int32_t>::max()) return false;
            const auto value = static_cast<std::int32_t>(last[i]);
            if (i < bank_series_count) {
                sample.bank[i] = value;
            } else {
                const std::size_t rest = i - bank_series_count;
                sample.packs[rest / pack_series_count].values[rest % pack_series_count] = value;
            }
        }
        found.emplace_back(TimePoint(std::chrono::seconds(time - offset)), std::move(sample));
    }
    if (!reader.good || !reader.bytes.empty()) return false;
    const TimePoint first_here = rows_.empty() ? now : rows_.front().at;
    std::deque<Row> older;
    for (const auto& [at, sample] : found) {
        if (at >= first_here || at > now || now - at > longest) continue;
        older.push_back(row_of(at, sample));
    }
    rows_.insert(rows_.begin(), std::make_move_iterator(older.begin()), std::make_move_iterator(older.end()));
    while (rows_.size() > capacity_) rows_.pop_front();
    return true;
}

}  // namespace jkp::report
