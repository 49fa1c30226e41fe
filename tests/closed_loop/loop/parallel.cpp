// SPDX-License-Identifier: MIT
#include "closed_loop/loop/parallel.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace jkp::closed_loop {
namespace {

class Work {
  public:
    Work(std::size_t count, const std::function<void(std::size_t)>& piece) : count_(count), piece_(piece) {}

    void take_part() {
        for (std::size_t i = next_++; i < count_; i = next_++) {
            piece_(i);
            finish_one();
        }
    }

    void wait(const Progress& progress) {
        std::unique_lock lock(mutex_);
        while (done_ < count_) {
            changed_.wait_for(lock, std::chrono::milliseconds(500));
            if (progress) progress(done_);
        }
    }

  private:
    void finish_one() {
        const std::scoped_lock lock(mutex_);
        if (++done_ == count_) changed_.notify_one();
    }

    std::size_t count_;
    const std::function<void(std::size_t)>& piece_;
    std::atomic<std::size_t> next_{0};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t done_ = 0;
};

}  // namespace

void in_parallel(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& piece,
                 const Progress& progress) {
    Work work(count, piece);
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < jobs; ++i) threads.emplace_back([&work] { work.take_part(); });
    work.wait(progress);
}

}  // namespace jkp::closed_loop
