// SPDX-License-Identifier: MIT
// Whoever watches live values. A text is made once and shared by all; somebody too slow gets the newest
// snapshot instead of every one, and is dropped in the end. Thread: that of the loop.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "io/web_message.hpp"
#include "report/event_record.hpp"
#include "report/snapshot.hpp"

namespace jkp::app {

inline constexpr Duration live_at_most = std::chrono::seconds(1);   // between two snapshots
inline constexpr Duration live_at_least = std::chrono::seconds(5);  // when nothing changes

// Whether a person would see a difference besides ages and counters.
bool differs(const report::Snapshot& a, const report::Snapshot& b);

class WebLive {
  public:
    // `text`: {"ok":true,...} of this snapshot, in one line.
    explicit WebLive(std::function<io::SharedText(const report::Snapshot&)> text) : text_(std::move(text)) {}

    // Gets the snapshot at once.
    void watch(std::shared_ptr<io::EventStream> stream, report::Language language,
               const report::Snapshot& snapshot);
    [[nodiscard]] bool is_watched() const { return !watchers_.empty(); }
    // Whether the next snapshot could go out now.
    [[nodiscard]] bool is_due(TimePoint now) const;
    void show(const report::Snapshot& snapshot, TimePoint now);
    void tell(const report::EventRecord& event);

  private:
    struct Watcher {
        std::shared_ptr<io::EventStream> stream;
        report::Language language;
    };
    void sweep();

    std::function<io::SharedText(const report::Snapshot&)> text_;
    std::vector<Watcher> watchers_;
    std::optional<report::Snapshot> shown_;
    std::optional<TimePoint> shown_at_;
};

}  // namespace jkp::app
