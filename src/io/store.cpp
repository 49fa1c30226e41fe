// SPDX-License-Identifier: MIT
#include "io/store.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <utility>

#include "core/ensure.hpp"
#include "io/loop_gate.hpp"
#include "io/patient_thread.hpp"
#include "io/store_batch.hpp"
#include "io/store_file.hpp"
#include "io/store_lock.hpp"
#include "io/store_reader.hpp"
#include "io/store_schema.hpp"

namespace jkp::io {
namespace {

using Clock = std::chrono::steady_clock;
using Done = std::function<void(bool)>;

constexpr std::uint64_t prune_every = 360;  // minutes written
constexpr std::uint64_t prune_again = 30;   // the same, after a failure
constexpr int prune_portions = 20;          // with one batch
constexpr std::chrono::milliseconds retry_period{60'000};

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
        : gate_(loop),
          settings_(std::move(settings)),
          handlers_(std::move(handlers)),
          next_event_(settings_.next_event) {}

    void start() {
        if (!thread_.started()) thread_.start([self = shared_from_this()] { self->work(); });
    }
    void stop(std::function<void()> ended) {
        handlers_ = {};
        on_end_ = std::move(ended);
        if (!give_up_) give_up_ = Clock::now() + settings_.patience;
        if (!thread_.started()) return tell_end();
        change([this] { stop_ = true; });
    }
    // The loop may go away after this.
    void finish() {
        flushes_.clear();
        thread_.end(give_up_.value_or(Clock::now()));
        gate_.shut();
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
            event.id += raise_;
            next_event_ = std::max(next_event_, event.id + 1);
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
        if (done) flushes_[++last_flush_] = std::move(done);
        change([this] {
            asked_ = last_flush_;
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
        bool last = false;
        while (!last) {
            const bool good = attempt();
            tell_flushed(good);
            last = wait(good);
            if (last) attempt();
        }
        close();
        tell_end();
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
            asked_now_ = asked_;
            due_ = Clock::time_point::max();
            if (status_.state == StoreState::refused) return false;
            batch = std::exchange(waiting_, {});
        }
        try {
            prepare(batch);
            if (!batch.empty()) known_ = writer_->write(batch);
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

    // What is too old may stay for a while, and nothing that is recorded waits for it.
    void prune() {
        if (minutes_since_prune_ < prune_every) return;
        minutes_since_prune_ = 0;
        std::string fault;
        try {
            for (int portion = 0; writer_->prune(settings_); ++portion) {
                if (portion < prune_portions) continue;
                minutes_since_prune_ = prune_every;  // the rest with the next batch
                break;
            }
        } catch (const SqliteError& error) {
            if (error.damaged()) throw;
            minutes_since_prune_ = prune_every - prune_again;
            fault = "what is too old stays for now: " + std::string(error.what());
        }
        const std::lock_guard lock(mutex_);
        prune_fault_ = fault;
        status_.sentence = fault;
    }

    void prepare(StoreBatch& batch) {
        if (database_ && database_->moved()) close();
        if (!lock_) lock_.emplace(settings_.file);
        if (!database_) {
            auto opened = open_store(settings_.file, [this](const std::string& where) { tell_moved(where); });
            take_over(*opened, batch);
            database_ = std::move(opened);
        }
        if (writer_) return;
        writer_ = std::make_unique<StoreWriter>(*database_);
        writer_->recall_quarters();
    }

    // The counters never fall: what one file lacks of them comes from the other.
    void take_over(Sqlite& file, StoreBatch& batch) {
        const StoredEnergy found{read_total(file), read_last_day(file)};
        const EnergyDay same = known_.last_day.day == 0
                                   ? EnergyDay{}
                                   : EnergyDay{known_.last_day.day, read_day(file, known_.last_day.day)};
        StoreBegin begin;
        begin.total = above(found.total, known_.total);
        begin.last_day =
            same.day == 0 ? found.last_day : EnergyDay{same.day, above(same.energy, known_.last_day.energy)};
        if (!opened_) begin.recent = read_recent(file);
        begin.newest_event = read_newest_event(file);
        // From here on nothing fails.
        const Energy lacks = above(known_.total, found.total);
        if (!(lacks == Energy{})) batch.total = batch.total.value_or(Energy{}) += lacks;
        const Energy day_lacks = above(known_.last_day.energy, same.energy);
        if (!(day_lacks == Energy{})) batch.days[same.day] += day_lacks;
        known_ = {found.total, same.day == 0 ? found.last_day : same};
        opened_ = true;
        number_events(begin, batch);
        post([begin = std::move(begin)](Impl& self) {
            if (!self.handlers_.on_opened) return;
            self.handlers_.on_opened(begin);
            const std::lock_guard lock(self.mutex_);
            self.raise_ -= begin.raised;
        });
    }

    // Never over those of the file: what is not written yet gets higher numbers, and what comes until the
    // loop knows of it as well.
    void number_events(StoreBegin& begin, StoreBatch& batch) {
        const std::lock_guard lock(mutex_);
        begin.first_unwritten = next_event_;
        for (const auto* events : {&waiting_.events, &batch.events}) {
            if (!events->empty()) begin.first_unwritten = events->front().id;
        }
        if (begin.newest_event < begin.first_unwritten) return;
        begin.raised = begin.newest_event + 1 - begin.first_unwritten;
        for (auto* events : {&waiting_.events, &batch.events}) {
            for (StoredEvent& event : *events) event.id += begin.raised;
        }
        next_event_ += begin.raised;
        raise_ += begin.raised;
    }

    void close() {
        writer_.reset();
        database_.reset();
        lock_.reset();
    }

    void written(const StoreBatch& batch) {
        bool again = false;
        const std::uint64_t bytes = store_bytes(settings_.file);
        {
            const std::lock_guard lock(mutex_);
            again = status_.state == StoreState::stalled;
            status_.state = StoreState::recording;
            status_.sentence = prune_fault_;
            if (!batch.empty()) ++status_.batches;
            status_.minutes += batch.minutes.size();
            status_.events += batch.events.size();
            status_.bytes = bytes;
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
        if (!database_) lock_.reset();  // of a folder that may be another one the next time
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

    void tell_flushed(bool good) {
        post([good, last = asked_now_](Impl& self) {
            while (!self.flushes_.empty() && self.flushes_.begin()->first <= last) {
                const auto one = self.flushes_.extract(self.flushes_.begin());
                one.mapped()(good);
            }
        });
    }

    void tell(bool good, std::string sentence) {
        post([good, sentence = std::move(sentence)](Impl& self) {
            if (self.handlers_.on_state) self.handlers_.on_state(good, sentence);
        });
    }

    void tell_end() {
        post([](Impl& self) {
            if (const auto ended = std::exchange(self.on_end_, {})) ended();
        });
    }

    // What is called belongs to the loop's thread, so that it is there that it is looked up.
    template <class Call>
    void post(Call call) {
        gate_.post([weak = weak_from_this(), call = std::move(call)] {
            if (const auto self = weak.lock()) call(*self);
        });
    }

    LoopGate gate_;
    const StoreSettings settings_;
    // The loop's thread only.
    StoreHandlers handlers_;
    std::function<void()> on_end_;
    std::map<std::uint64_t, Done> flushes_;
    std::uint64_t last_flush_ = 0;
    std::optional<Clock::time_point> give_up_;
    PatientThread thread_;
    // Both.
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    StoreBatch waiting_;
    StoreStatus status_;
    std::uint64_t next_event_;
    std::uint64_t raise_ = 0;  // of events that come with numbers of before
    std::uint64_t asked_ = 0;
    Clock::time_point due_ = Clock::time_point::max();
    bool now_ = false;
    bool stop_ = false;
    // The writer's thread only.
    std::uint64_t asked_now_ = 0;
    std::optional<StoreLock> lock_;
    std::unique_ptr<Sqlite> database_;
    std::unique_ptr<StoreWriter> writer_;
    StoredEnergy known_;
    std::string prune_fault_;
    std::uint64_t minutes_since_prune_ = prune_every;  // once at the start
    bool opened_ = false;
};

Store::Store(boost::asio::io_context& loop, StoreSettings settings, StoreHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(handlers))) {}
Store::~Store() {
    impl_->stop({});
    impl_->finish();
}
void Store::start() {
    impl_->start();
}
void Store::stop(std::function<void()> ended) {
    impl_->stop(std::move(ended));
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
