// SPDX-License-Identifier: MIT
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

#include "io/patient_thread.hpp"
#include "io/store_reader.hpp"

namespace jkp::io {

namespace {
constexpr std::chrono::seconds patience{3};  // with a card that hangs
}

class StoreQueries::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(std::string file, std::size_t waiting) : file_(std::move(file)), most_(waiting) {}

    void start() {
        thread_.start([self = shared_from_this()] { self->work(); });
    }
    void stop(std::function<void()> ended) {
        if (give_up_) return;
        give_up_ = std::chrono::steady_clock::now() + patience;
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
            jobs_.clear();
            ended_ = std::move(ended);
            if (running_ != nullptr) running_->interrupt();
        }
        wake_.notify_one();
    }
    void finish() { thread_.end(*give_up_); }

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
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
            if (stop_) break;
            const Job job = std::move(jobs_.front());
            jobs_.pop_front();
            lock.unlock();
            run(job);
            lock.lock();
        }
        if (ended_) ended_();
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
    std::function<void()> ended_;
    // The caller's.
    std::optional<std::chrono::steady_clock::time_point> give_up_;
    PatientThread thread_;
};

StoreQueries::StoreQueries(std::string file, std::size_t waiting)
    : impl_(std::make_shared<Impl>(std::move(file), waiting)) {
    impl_->start();
}
StoreQueries::~StoreQueries() {
    impl_->stop({});
    impl_->finish();
}
bool StoreQueries::ask(Job job) {
    return impl_->ask(std::move(job));
}
void StoreQueries::stop(std::function<void()> ended) {
    impl_->stop(std::move(ended));
}

}  // namespace jkp::io
