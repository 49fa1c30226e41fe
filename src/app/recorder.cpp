// SPDX-License-Identifier: MIT
#include "app/recorder.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <ctime>
#include <deque>
#include <map>
#include <utility>

#include "app/history_query.hpp"
#include "io/loop_gate.hpp"
#include "io/store_reader.hpp"
#include "report/sample_ring.hpp"
#include "report/samples.hpp"

namespace jkp::app {
namespace {

using std::chrono::seconds;

// A little less than a second: cycles come with the readings, not exactly on time.
constexpr Duration sample_gap = std::chrono::milliseconds(950);
constexpr std::size_t minutes_in_memory = 240;
constexpr std::size_t events_in_memory = report::max_history_events;

std::int64_t whole_seconds(Duration d) {
    return std::chrono::duration_cast<seconds>(d).count();
}

LocalDay day_here(WallTime wall) {
    const std::time_t at = wall.seconds;
    std::tm local{};
    if (localtime_r(&at, &local) == nullptr) return 0;
    return (local.tm_year + 1900) * 10000 + (local.tm_mon + 1) * 100 + local.tm_mday;
}

}  // namespace

class Recorder::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, RecorderSettings settings, RecorderHandlers handlers)
        : loop_(loop),
          settings_(std::move(settings)),
          handlers_(std::move(handlers)),
          ring_(settings_.ring),
          gate_(std::make_shared<io::LoopGate>(loop)),
          next_event_(settings_.store.next_event) {
        if (!handlers_.local_day) handlers_.local_day = day_here;
        if (!settings_.enabled) return;
        io::StoreHandlers of_store;
        of_store.on_opened = [this](const io::StoreBegin& begin) { opened(begin); };
        of_store.on_state = [this](bool good, const std::string& sentence) {
            if (handlers_.on_state) handlers_.on_state(good, sentence);
        };
        store_ = std::make_unique<io::Store>(loop_, settings_.store, std::move(of_store));
    }
    ~Impl() { gate_->shut(); }

    void start() {
        if (stopped_ || queries_) return;
        known_ = known_ || !settings_.enabled;
        if (!store_) return;
        queries_ = std::make_unique<io::StoreQueries>(settings_.store.file, settings_.waiting_queries);
        store_->start();
    }

    void stop(std::function<void()> ended) {
        if (std::exchange(stopped_, true)) return;
        asked_.clear();
        on_end_ = std::move(ended);
        threads_ = 1;  // without any, the loop alone tells the end
        if (!store_) return boost::asio::post(loop_, [weak = weak_from_this()] { one_ended(weak); });
        if (auto row = maker_.finish()) store_->add(std::move(*row));
        settle_energy(handlers_.wall());
        if (!(undated_ == Energy{})) store_->add(std::nullopt, undated_);
        if (offset_) store_->save_recent(ring_.encode(*offset_));
        store_->stop([weak = weak_from_this()] { one_ended(weak); });
        if (!queries_) return;
        ++threads_;
        queries_->stop([weak = weak_from_this(), gate = gate_] { gate->post([weak] { one_ended(weak); }); });
    }

    void on_cycle(TimePoint now) {
        if (stopped_ || (sampled_ && now - *sampled_ < sample_gap)) return;
        if (!sampled_) began_ = now;
        sampled_ = now;
        const report::Sample sample = report::sample_of(handlers_.snapshot());
        meter_.add(now, sample);
        const auto wall = handlers_.wall();
        if (wall && !std::exchange(clock_was_set_, true)) make_up(now, *wall);
        ring_.add(now, sample);
        if (wall) {
            offset_ = wall->seconds - whole_seconds(now.time_since_epoch());
            restore_recent(now);
            add_minute(wall->seconds, sample);
        }
        settle_energy(wall);  // each time, so that every batch has all of it
    }

    void on_event(const report::EventRecord& event) {
        next_event_ = event.id + 1;
        events_.push_back(event);
        while (events_.size() > events_in_memory) events_.pop_front();
        if (store_ && !stopped_) store_->add(stored(event));
    }

    std::uint64_t next_event_id() const { return next_event_; }

    report::LinkView view() const {
        if (!store_ && !settings_.enabled) return {"history", "off", report::LinkHealth::off, {}, {}};
        if (!store_) return {"history", "closed", report::LinkHealth::bad, {}, {}};
        if (!queries_) {
            return {"history",
                    std::string(name(io::StoreState::opening)),
                    report::LinkHealth::bad,
                    "it begins when the file of the configuration before is closed",
                    {}};
        }
        const io::StoreStatus s = store_->status();
        return {"history",
                std::string(name(s.state)),
                report::health(s.state == io::StoreState::recording),
                s.sentence,
                {{"batches", s.batches},
                 {"failures", s.failures},
                 {"minutes", s.minutes},
                 {"events", s.events},
                 {"dropped", s.dropped},
                 {"moved_aside", s.moved_aside},
                 {"queries_refused", refused_},
                 {"bytes", s.bytes}}};
    }

    std::optional<EnergyNow> energy() const {
        if (!known_) return std::nullopt;
        return EnergyNow{total_, today_};
    }

    void history(report::HistoryRequest request, Reply<report::HistoryTable> reply) {
        if (auto fault = report::request_fault(request)) return refuse(reply, {false, *std::move(fault)});
        if (offset_ && ring_answers(request, *offset_))
            return answer<report::HistoryTable>(reply, from_ring(request, *offset_));
        Unwritten unwritten;
        unwritten.minutes.assign(minutes_.begin(), minutes_.end());
        if (auto row = maker_.so_far()) unwritten.minutes.push_back(*std::move(row));
        ask<report::HistoryTable>(
            std::move(reply),
            [request = std::move(request), unwritten = std::move(unwritten)](io::StoreReader* reader) {
                return ask_history(reader, request, unwritten);
            });
    }

    void events(std::uint64_t before, std::size_t limit, Reply<report::EventPage> reply) {
        limit = std::clamp<std::size_t>(limit, 1, report::max_history_events);
        Unwritten unwritten;
        unwritten.events.assign(events_.begin(), events_.end());
        ask<report::EventPage>(std::move(reply),
                               [before, limit, unwritten = std::move(unwritten)](io::StoreReader* reader) {
                                   return ask_events(reader, before, limit, unwritten);
                               });
    }

    void energy_days(std::size_t days, Reply<report::EnergyReport> reply) {
        Unwritten unwritten;
        settle_energy(handlers_.wall());
        if (known_) {
            for (const EnergyDay& day : {yesterday_, today_}) {
                if (day.day != 0) unwritten.days.push_back(day);
            }
            unwritten.total = total_;
        }
        ask<report::EnergyReport>(std::move(reply),
                                  [days, unwritten = std::move(unwritten)](io::StoreReader* reader) {
                                      return ask_energy(reader, days, unwritten);
                                  });
    }

    void flush(std::function<void(bool)> done) {
        settle_energy(handlers_.wall());
        if (store_) return store_->flush(std::move(done));
        boost::asio::post(loop_, [done = std::move(done)] { done(false); });
    }

  private:
    // ---- samples

    // What came before the clock was set, as far as the ring still holds it.
    void make_up(TimePoint now, WallTime wall) {
        ring_.each([&](TimePoint at, const report::Sample& sample) {
            if (at >= began_) add_minute(wall.seconds - whole_seconds(now - at), sample);
        });
    }

    void restore_recent(TimePoint now) {
        if (recent_.empty()) return;
        // Bytes of another format are of no use, and a plot without its last hour is no fault.
        (void)ring_.restore(std::exchange(recent_, {}), *offset_, now, seconds(settings_.ring));
    }

    void add_minute(std::int64_t wall, const report::Sample& sample) {
        auto over = maker_.add(wall, sample);
        if (!over) return;
        minutes_.push_back(*over);
        while (minutes_.size() > minutes_in_memory) minutes_.pop_front();
        if (store_) store_->add(*std::move(over));
    }

    // ---- energy

    void opened(const io::StoreBegin& begin) {
        total_ += begin.total;
        const EnergyDay& day = begin.last_day;
        if (day.day != 0 && (today_.day == 0 || today_.day == day.day)) {
            today_.day = day.day;
            today_.energy += day.energy;
        } else if (day.day != 0 && yesterday_.day == day.day) {
            yesterday_.energy += day.energy;
        }
        if (!std::exchange(known_, true)) recent_ = begin.recent;
        number_events(begin);
    }

    // As the store has done it. What the file answers for is not shown from here as well.
    void number_events(const io::StoreBegin& begin) {
        for (report::EventRecord& event : events_) {
            if (event.id >= begin.first_unwritten) event.id += begin.raised;
        }
        std::erase_if(events_, [&](const auto& event) { return event.id <= begin.newest_event; });
        if (begin.raised == 0) return;
        next_event_ += begin.raised;
        if (handlers_.on_raised) handlers_.on_raised(begin.raised);
    }

    void settle_energy(std::optional<WallTime> wall) {
        Energy energy = meter_.take();
        total_ += energy;
        if (!wall) {
            undated_ += energy;
            return;
        }
        energy += std::exchange(undated_, {});
        const LocalDay day = handlers_.local_day(*wall);
        if (day == yesterday_.day) std::swap(today_, yesterday_);  // the clock was set back
        if (day != today_.day) yesterday_ = std::exchange(today_, {day, {}});
        today_.energy += energy;
        if (store_ && !(energy == Energy{})) store_->add(day, energy);
    }

    // ---- questions

    bool ring_answers(const report::HistoryRequest& request, std::int64_t offset) const {
        const auto oldest = ring_.oldest();
        if (!oldest) return false;
        const std::int64_t step = report::step_of(request.from, request.to, request.points, 1);
        return step < 60 && request.from.seconds >= whole_seconds(oldest->time_since_epoch()) + offset;
    }

    report::HistoryTable from_ring(const report::HistoryRequest& request, std::int64_t offset) const {
        report::HistoryBuilder builder(request, report::step_of(request.from, request.to, request.points, 1));
        ring_.each([&](TimePoint at, const report::Sample& sample) {
            const std::int64_t wall = whole_seconds(at.time_since_epoch()) + offset;
            if (wall < request.to.seconds) builder.add(wall, sample);
        });
        return builder.table();
    }

    template <class Answer>
    void answer(const Reply<Answer>& reply, Result<Answer, RecorderFault> result) {
        boost::asio::post(loop_, [weak = weak_from_this(), reply, result = std::move(result)] {
            const auto self = weak.lock();
            if (self && !self->stopped_) reply(result);
        });
    }
    template <class Answer>
    void refuse(const Reply<Answer>& reply, RecorderFault fault) {
        answer<Answer>(reply, failure(std::move(fault)));
    }

    // Runs `job` on the other thread; without a database at once, with what is in memory.
    template <class Answer, class Job>
    void ask(Reply<Answer> reply, Job job) {
        if (!queries_) return answer<Answer>(reply, job(nullptr));
        // The reply may hold what belongs to the loop's thread, so it stays here: the other one only knows
        // its number.
        auto work = [weak = weak_from_this(), gate = gate_, number = ++last_asked_, job = std::move(job)](
                        io::StoreReader* reader, const std::string&) {
            Result<Answer, RecorderFault> result = failure(RecorderFault{true, "the history cannot be read"});
            try {
                result = job(reader);
            } catch (const std::exception& error) {
                result =
                    failure(RecorderFault{true, std::string("the history cannot be read: ") + error.what()});
            }
            gate->post([weak, number, result = std::move(result)] {
                if (const auto self = weak.lock()) self->template tell<Answer>(number, result);
            });
        };
        if (queries_->ask(std::move(work))) {
            asked_.emplace(last_asked_, std::make_shared<Reply<Answer>>(std::move(reply)));
            return;
        }
        ++refused_;
        refuse(reply, {true, "too many questions about the history are waiting; ask again in a moment"});
    }

    template <class Answer>
    void tell(std::uint64_t number, const Result<Answer, RecorderFault>& result) {
        const auto held = asked_.extract(number);
        if (!held.empty()) (*std::static_pointer_cast<Reply<Answer>>(held.mapped()))(result);
    }

    static void one_ended(const std::weak_ptr<Impl>& weak) {
        const auto self = weak.lock();
        if (!self || --self->threads_ > 0) return;
        if (const auto ended = std::exchange(self->on_end_, {})) ended();
    }

    boost::asio::io_context& loop_;
    RecorderSettings settings_;
    RecorderHandlers handlers_;
    report::SampleRing ring_;
    std::shared_ptr<io::LoopGate> gate_;
    std::uint64_t next_event_;
    std::map<std::uint64_t, std::shared_ptr<void>> asked_;  // a Reply of the kind that was asked for
    std::uint64_t last_asked_ = 0;
    std::function<void()> on_end_;
    int threads_ = 0;
    report::MinuteMaker maker_;
    report::EnergyMeter meter_;
    std::deque<SeriesRow> minutes_;  // the newest, which may not be written yet
    std::deque<report::EventRecord> events_;
    std::string recent_;  // of an earlier run, until the clock is set
    Energy total_;
    Energy undated_;
    EnergyDay today_;
    EnergyDay yesterday_;                 // its last minutes may not be written yet
    std::optional<std::int64_t> offset_;  // seconds since 1970 UTC at TimePoint 0, as of the last sample
    std::optional<TimePoint> sampled_;
    TimePoint began_{};
    std::uint64_t refused_ = 0;
    bool known_ = false;  // total_ holds what earlier runs counted
    bool clock_was_set_ = false;
    bool stopped_ = false;
    std::unique_ptr<io::Store> store_;
    std::unique_ptr<io::StoreQueries> queries_;
};

Recorder::Recorder(boost::asio::io_context& loop, RecorderSettings settings, RecorderHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(handlers))) {}
Recorder::~Recorder() {
    impl_->stop({});
}
std::uint64_t Recorder::next_event_id() const {
    return impl_->next_event_id();
}
void Recorder::start() {
    impl_->start();
}
void Recorder::stop(std::function<void()> ended) {
    impl_->stop(std::move(ended));
}
void Recorder::on_cycle(TimePoint now) {
    impl_->on_cycle(now);
}
void Recorder::on_event(const report::EventRecord& event) {
    impl_->on_event(event);
}
report::LinkView Recorder::view() const {
    return impl_->view();
}
std::optional<EnergyNow> Recorder::energy() const {
    return impl_->energy();
}
void Recorder::history(report::HistoryRequest request, Reply<report::HistoryTable> reply) {
    impl_->history(std::move(request), std::move(reply));
}
void Recorder::events(std::uint64_t before, std::size_t limit, Reply<report::EventPage> reply) {
    impl_->events(before, limit, std::move(reply));
}
void Recorder::energy_days(std::size_t days, Reply<report::EnergyReport> reply) {
    impl_->energy_days(days, std::move(reply));
}
void Recorder::flush(std::function<void(bool)> done) {
    impl_->flush(std::move(done));
}

}  // namespace jkp::app
