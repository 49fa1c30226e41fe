// SPDX-License-Identifier: MIT
#include <signal.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "io/store_reader.hpp"

namespace jkp::io {

class StoreQueries::Impl {
  public:
    Impl(std::string file, std::size_t waiting)
        : file_(std::move(file)), most_(waiting), thread_([this] { work(); }) {}

    ~Impl() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
            if (running_ != nullptr) running_->interrupt();
        }
        wake_.notify_one();
        thread_.join();
    }

    bool ask(Job job) {
        {
            const std::lock_guard lock(mutex_);
            if (jobs_.size() >= most_) return false;
            jobs_.push_back(std::move(job));
        }
        wake_.notify_one();
        return true;
    }

  private:
    void work() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, nullptr);
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
            if (stop_) return;
            const Job job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            run(job);
            lock.lock();
        }
    }

    // Opened anew for each job: the file may have been moved aside, and nothing stays in memory between.
    void run(const Job& job) {
        std::unique_ptr<StoreReader> reader;
        std::string fault;
        try {
            reader = std::make_unique<StoreReader>(file_);
        } catch (const std::exception& error) {
            fault = error.what();
        }
        announce(reader.get());
        try {
            job(reader.get(), fault);
        } catch (const std::exception&) {
            // Its own business; see the header.
        }
        announce(nullptr);
    }

    void announce(StoreReader* reader) {
        const std::lock_guard lock(mutex_);
        running_ = reader;
        if (stop_ && reader != nullptr) reader->interrupt();
    }

    const std::string file_;
    const std::size_t most_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    StoreReader* running_ = nullptr;
    bool stop_ = false;
    std::thread thread_;
};

StoreQueries::StoreQueries(std::string file, std::size_t waiting)
    : impl_(std::make_unique<Impl>(std::move(file), waiting)) {}
StoreQueries::~StoreQueries() = default;
bool StoreQueries::ask(Job job) {
    return impl_->ask(std::move(job));
}

}  // namespace jkp::io
