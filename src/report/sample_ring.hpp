// SPDX-License-Identifier: MIT
// The last samples in memory, one a second for an hour: small, in the order they came, and as bytes that
// outlive a restart.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/samples.hpp"

namespace jkp::report {

class SampleRing {
  public:
    explicit SampleRing(std::size_t capacity) : capacity_(capacity) {}

    void add(TimePoint at, const Sample& sample);
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] std::optional<TimePoint> oldest() const;

    // Oldest first.
    void each(const std::function<void(TimePoint at, const Sample& sample)>& visit) const;

    // `offset`: seconds since 1970 UTC at TimePoint 0.
    [[nodiscard]] std::string encode(std::int64_t offset) const;
    // Puts what encode() made before what is here, as far as it is older, not in the future, and not older
    // than `longest`. False, and nothing has changed: these are no such bytes.
    bool restore(std::string_view bytes, std::int64_t offset, TimePoint now, Duration longest);

  private:
    struct Row {
        TimePoint at{};
        std::vector<std::int32_t> values;  // of the bank, then of each pack by its place; the least = absent
    };
    std::size_t place_of(const std::string& pack);
    [[nodiscard]] Row row_of(TimePoint at, const Sample& sample);

    std::size_t capacity_;
    std::vector<std::string> packs_;
    std::deque<Row> rows_;
};

}  // namespace jkp::report
