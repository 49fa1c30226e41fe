// SPDX-License-Identifier: MIT
#include "closed_loop/loop/many_days.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace jkp::closed_loop {
namespace {

// The next day goes to whoever is free; each result has its own place.
class Work {
  public:
    Work(const Plan& plan, std::vector<PresetResult>& results) : plan_(plan), results_(results) {}

    void take_part() {
        for (std::size_t day = next_++; day < plan_.days; day = next_++) {
            const sim::Day drawn = sim::draw_day(plan_.day_seed(day));
            for (PresetResult& result : results_) {
                result.days[day] = run_day(drawn, result.preset);
                finish_one();
            }
        }
    }

    void wait(const Progress& progress) {
        std::unique_lock lock(mutex_);
        while (done_ < plan_.runs()) {
            changed_.wait_for(lock, std::chrono::milliseconds(500));
            if (progress) progress(done_);
        }
    }

  private:
    void finish_one() {
        const std::scoped_lock lock(mutex_);
        if (++done_ == plan_.runs()) changed_.notify_one();
    }

    const Plan& plan_;
    std::vector<PresetResult>& results_;
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t done_ = 0;
};

}  // namespace

std::vector<PresetResult> run_days(const Plan& plan, const Progress& progress) {
    std::vector<PresetResult> results;
    for (const control::Preset preset : plan.presets) {
        results.push_back({preset, std::vector<DayResult>(plan.days)});
    }
    Work work(plan, results);
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < plan.jobs; ++i) threads.emplace_back([&work] { work.take_part(); });
    work.wait(progress);
    return results;
}

}  // namespace jkp::closed_loop
