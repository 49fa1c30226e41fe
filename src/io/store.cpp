// SPDX-License-Identifier: MIT
#include "io/store.hpp"

#include <signal.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "core/ensure.hpp"
#include "io/store_batch.hpp"
#include "io/store_file.hpp"
#include "io/store_reader.hpp"
#include "io/store_schema.hpp"

namespace jkp::io {
namespace {

using Clock = std::chrono::steady_clock;
using Done = std::function<void(bool)>;

constexpr std::uint64_t prune_every = 360;  // minutes written
constexpr std::chrono::milliseconds retry_period{60'000};

void block_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace

std::string_view name(StoreState state) {
    switch (state) {
        case StoreState::opening: return "opening";
        case StoreState::recording: return "recording";
        case StoreState::stalled: return "stalled";
        case StoreState::refused: return "refused";
    }
    broken("a StoreState of the list", std::source_location::current());
}

class Store::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, StoreSettings settings, StoreHandlers handlers)
        : executor_(loop.get_executor()), settings_(std::move(settings)), handlers_(std::move(handlers)) {}

    void start() {
        if (!thread_.joinable()) thread_ = std::thread([this] { work(); });
    }
    void stop() {
        handlers_ = {};
        change([this] { stop_ = true; });
    }
    void join() {
        if (thread_.joinable()) thread_.join();
    }

    template <class Change>
    void change(Change change_it) {
        {
            const std::lock_guard lock(mutex_);
            change_it();
            status_.dropped += waiting_.trim(settings_.waiting_minutes, settings_.waiting_events);
        }
        wake_.notify_one();
    }

    void add(SeriesRow minute) {
        const std::lock_guard lock(mutex_);  // the writer looks when its time has come
        waiting_.minutes.push_back(std::move(minute));
        status_.dropped += waiting_.trim(settings_.waiting_minutes, settings_.waiting_events);
    }
    void add(StoredEvent event) {
        change([&] {
            waiting_.events.push_back(std::move(event));
            due_ = std::min(due_, Clock::now() + settings_.event_delay);
        });
    }
    void add(std::optional<LocalDay> day, const Energy& energy) {
        const std::lock_guard lock(mutex_);
        waiting_.add(day, energy);
    }
    void save_recent(std::string samples) {
        const std::lock_guard lock(mutex_);
        waiting_.recent = std::move(samples);
    }
    void flush(Done done) {
        change([&] {
            if (done) asked_.push_back(std::move(done));
            now_ = true;
        });
    }
    StoreStatus status() const {
        const std::lock_guard lock(mutex_);
        return status_;
    }

  private:
    // ---- the writer's thread

    void work() {
        block_signals();
        bool last = false;
        while (!last) {
            const bool good = attempt();
            finish_asked(good);
            last = wait(good);
            if (last) attempt();
        }
        writer_.reset();
        database_.reset();
    }

    // True: the end.
    bool wait(bool good) {
        std::unique_lock lock(mutex_);
        const auto period = good ? settings_.write_period : std::min(settings_.write_period, retry_period);
        due_ = std::min(due_, Clock::now() + period);  // an event may have come meanwhile
        while (!stop_ && !now_ && Clock::now() < due_) wake_.wait_until(lock, due_);
        now_ = false;
        return stop_;
    }

    bool attempt() {
        StoreBatch batch;
        {
            const std::lock_guard lock(mutex_);
            asked_now_ = std::exchange(asked_, {});
            due_ = Clock::time_point::max();
            if (status_.state == StoreState::refused) return false;
            batch = std::exchange(waiting_, {});
        }
        try {
            prepare();
            if (!batch.empty()) writer_->write(batch);
            written(std::exchange(batch, {}));
            prune();
        } catch (const StoreTooNew& error) {
            refused(error.what());
            return false;
        } catch (const std::exception& error) {  // whatever a card does, it ends nobody's thread
            stalled(std::move(batch), error);
            return false;
        }
        return true;
    }

    void prune() {
        if (minutes_since_prune_ < prune_every) return;
        writer_->prune(settings_);
        minutes_since_prune_ = 0;
    }

    void prepare() {
        if (database_ && database_->moved()) close();
        if (!database_) {
            database_ = open_store(settings_.file, [this](const std::string& where) { tell_moved(where); });
        }
        if (writer_) return;
        writer_ = std::make_unique<StoreWriter>(*database_);
        writer_->recall_quarters();
        if (std::exchange(opened_, true)) return;
        StoreBegin begin{read_total(*database_), read_last_day(*database_), read_recent(*database_)};
        post([begin = std::move(begin)](const StoreHandlers& handlers) {
            if (handlers.on_opened) handlers.on_opened(begin);
        });
    }

    void close() {
        writer_.reset();
        database_.reset();
    }

    void written(const StoreBatch& batch) {
        bool again = false;
        {
            const std::lock_guard lock(mutex_);
            again = status_.state == StoreState::stalled;
            status_.state = StoreState::recording;
            status_.sentence.clear();
            if (!batch.empty()) ++status_.batches;
            status_.minutes += batch.minutes.size();
            status_.events += batch.events.size();
            status_.bytes = store_bytes(settings_.file);
        }
        minutes_since_prune_ += batch.minutes.size();
        if (again) tell(true, "recording goes on in " + settings_.file);
    }

    void stalled(StoreBatch batch, const std::exception& error) {
        // What a statement remembers of a transaction that was rolled back is wrong.
        writer_.reset();
        const auto* of_file = dynamic_cast<const SqliteError*>(&error);
        const bool broke = of_file != nullptr && of_file->damaged() && database_ != nullptr;
        if (broke) database_.reset();
        std::string sentence =
            "nothing is recorded: " + std::string(error.what()) + " (" + settings_.file + "). ";
        sentence += of_file != nullptr && of_file->no_room()
                        ? "Free some space on its file system; recording then goes on by itself"
                        : "It is tried again each minute; control goes on";
        bool first = false;
        {
            const std::lock_guard lock(mutex_);
            waiting_.put_back(std::move(batch));
            status_.dropped += waiting_.trim(settings_.waiting_minutes, settings_.waiting_events);
            first = status_.state != StoreState::stalled;
            status_.state = StoreState::stalled;
            status_.sentence = sentence;
            ++status_.failures;
            if (broke) now_ = true;  // it is moved aside at once
        }
        if (first) tell(false, sentence);
    }

    void refused(const std::string& why) {
        const std::string sentence = "nothing is recorded into " + settings_.file + ": " + why;
        close();
        {
            const std::lock_guard lock(mutex_);
            status_.state = StoreState::refused;
            status_.sentence = sentence;
        }
        tell(false, sentence);
    }

    void tell_moved(const std::string& where) {
        {
            const std::lock_guard lock(mutex_);
            ++status_.moved_aside;
        }
        tell(false, "the history database " + settings_.file + " is damaged and was moved to " + where +
                        "; recording goes on in a new one");
    }

    void finish_asked(bool good) {
        for (Done& done : asked_now_)
            boost::asio::post(executor_, [done = std::move(done), good] { done(good); });
        asked_now_.clear();
    }

    void tell(bool good, std::string sentence) {
        post([good, sentence = std::move(sentence)](const StoreHandlers& handlers) {
            if (handlers.on_state) handlers.on_state(good, sentence);
        });
    }

    // The handlers belong to the loop's thread.
    template <class Call>
    void post(Call call) {
        boost::asio::post(executor_, [weak = weak_from_this(), call = std::move(call)] {
            if (const auto self = weak.lock()) call(self->handlers_);
        });
    }

    boost::asio::io_context::executor_type executor_;
    const StoreSettings settings_;
    StoreHandlers handlers_;  // the loop's thread only
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    StoreBatch waiting_;
    StoreStatus status_;
    std::vector<Done> asked_;
    Clock::time_point due_ = Clock::time_point::max();
    bool now_ = false;
    bool stop_ = false;
    // Below: the writer's thread only.
    std::vector<Done> asked_now_;
    std::unique_ptr<Sqlite> database_;
    std::unique_ptr<StoreWriter> writer_;
    std::uint64_t minutes_since_prune_ = prune_every;  // once at the start
    bool opened_ = false;
    std::thread thread_;
};

Store::Store(boost::asio::io_context& loop, StoreSettings settings, StoreHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(handlers))) {}
Store::~Store() {
    impl_->stop();
    impl_->join();
}
void Store::start() {
    impl_->start();
}
void Store::stop() {
    impl_->stop();
}
void Store::add(SeriesRow minute) {
    impl_->add(std::move(minute));
}
void Store::add(StoredEvent event) {
    impl_->add(std::move(event));
}
void Store::add(std::optional<LocalDay> day, const Energy& energy) {
    impl_->add(day, energy);
}
void Store::save_recent(std::string samples) {
    impl_->save_recent(std::move(samples));
}
void Store::flush(std::function<void(bool)> done) {
    impl_->flush(std::move(done));
}
StoreStatus Store::status() const {
    return impl_->status();
}

}  // namespace jkp::io
