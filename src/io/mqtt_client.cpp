// SPDX-License-Identifier: MIT
#include "io/mqtt_client.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "core/ensure.hpp"
#include "io/clock.hpp"
#include "io/file_descriptor.hpp"
#include "io/mqtt_queue.hpp"
#include "io/mqtt_session.hpp"

namespace jkp::io {
namespace {

using std::chrono::milliseconds;
using Subscriptions = std::vector<MqttSubscription>;
using Executor = boost::asio::io_context::executor_type;

constexpr milliseconds turn_time{1000};
constexpr milliseconds farewell_time{200};
constexpr std::size_t batch = 400;
// A connection that lasts shorter changes nothing of what was told and of the pauses.
constexpr std::chrono::seconds stable_time{20};
constexpr const char* taken_over =
    " It was a short one: if this repeats, another program may use the same client_id.";

// Signals belong to the loop; and a broker that hangs up must not end the program (SIGPIPE).
void block_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

// Only a person can change these.
bool needs_a_person(MqttError error) {
    switch (error) {
        case MqttError::library:
        case MqttError::credentials:
        case MqttError::certificate:
        case MqttError::login:
        case MqttError::refused: return true;
        case MqttError::dns:
        case MqttError::connect:
        case MqttError::tls:
        case MqttError::unavailable:
        case MqttError::silent:
        case MqttError::lost: return false;
    }
    broken("an MqttError of the list", std::source_location::current());
}

}  // namespace

// Owned by the loop's side and by the thread, so that a thread that hangs in the system can be left behind.
class MqttClient::Core : public std::enable_shared_from_this<Core> {
  public:
    Core(boost::asio::io_context& loop, MqttClientSettings settings, MqttHandlers handlers)
        : executor_(loop.get_executor()),
          settings_(std::move(settings)),
          handlers_(std::make_shared<const MqttHandlers>(std::move(handlers))),
          wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
        ensure(wake_.is_open(), "the system gives an event descriptor");
    }

    // ---- the loop's thread

    void start() {
        if (started_) return;
        started_ = true;
        std::thread([self = shared_from_this()] { self->work(); }).detach();
    }

    void stop() {
        handlers_.reset();
        std::unique_lock lock(mutex_);
        stop_ = true;
        wake();
        if (started_ && !looking_up_) over_.wait_for(lock, farewell_time, [this] { return finished_; });
    }

    void publish(MqttMessage message) {
        const std::lock_guard lock(mutex_);
        if (!connected_) {
            ++counters_.dropped;
            return;
        }
        queue_.push(std::move(message));
        wake();
    }

    void subscribe(MqttSubscription to) {
        const std::lock_guard lock(mutex_);
        if (!subscriptions_.emplace(to.filter, to).second) return;
        fresh_.push_back(std::move(to));
        wake();
    }

    bool connected() {
        const std::lock_guard lock(mutex_);
        return connected_;
    }

    MqttCounters counters() {
        const std::lock_guard lock(mutex_);
        MqttCounters counters = counters_;
        counters.superseded = queue_.superseded();
        counters.dropped += queue_.dropped();
        return counters;
    }

  private:
    void wake() const {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t written = ::write(wake_.fd(), &one, sizeof(one));
    }

    // Never after stop(): the loop may be gone by then.
    template <class Call>
    void post(Call call) {
        const std::lock_guard lock(mutex_);
        if (stop_) return;
        boost::asio::post(executor_, [weak = weak_from_this(), call = std::move(call)] {
            const auto self = weak.lock();
            const auto handlers = self ? self->handlers_ : nullptr;  // one of them may stop us
            if (handlers) call(*handlers);
        });
    }

    // ---- the thread of its own

    void work() {
        block_signals();
        const auto library = mqtt_library(settings_.library);
        while (!stopping()) {
            const auto failed = library
                                    ? attempt(**library)
                                    : mqtt_failure(MqttError::library, settings_.broker(), library.error());
            if (failed) rest(*failed);
        }
        const std::lock_guard lock(mutex_);
        finished_ = true;
        over_.notify_all();
    }

    bool stopping() {
        const std::lock_guard lock(mutex_);
        return stop_;
    }

    // Absent: told to stop. A name may have an address of the newer kind that leads nowhere.
    std::optional<MqttFailure> attempt(const MqttLibrary& library) {
        auto failed = converse(library, false);
        if (failed && failed->error == MqttError::connect && !stopping()) {
            auto again = converse(library, true);
            if (!again || again->error != MqttError::connect) return again;
        }
        return failed;
    }

    std::optional<MqttFailure> converse(const MqttLibrary& library, bool only_ipv4) {
        MqttSession session(library, settings_,
                            [this](std::string_view topic, std::string_view payload, bool retained,
                                   TimePoint at) { deliver(topic, payload, retained, at); });
        set_looking_up(true);
        auto failed = session.open(only_ipv4);
        set_looking_up(false);
        bool greeted = false;
        const TimePoint begun = now();
        while (!failed && !stopping()) {
            failed = session.turn(wake_.fd(), turn_time);
            if (failed || !session.ready()) continue;
            if (!std::exchange(greeted, true)) {
                news_ = true;
                greet(session);
            }
            serve(session);
        }
        disconnect();
        if (!failed && greeted) leave(session);
        if (greeted && now() - begun >= stable_time) {
            pause_ = settings_.first_pause;
            told_.clear();
        } else if (failed && greeted && failed->error == MqttError::lost) {
            failed->sentence += taken_over;
        }
        return failed;
    }

    void greet(MqttSession& session) {
        Subscriptions all;
        {
            const std::lock_guard lock(mutex_);
            connected_ = true;
            ++counters_.connections;
            fresh_.clear();
            for (const auto& [filter, subscription] : subscriptions_) all.push_back(subscription);
        }
        for (const MqttSubscription& each : all) session.subscribe(each);
        post([](const MqttHandlers& handlers) {
            if (handlers.on_connected) handlers.on_connected();
        });
    }

    // The session is never called under our lock: the library calls back under locks of its own.
    // Not before the last batch is acknowledged: what a broker has not read yet must stay small.
    void serve(MqttSession& session) {
        drain_wake();
        Subscriptions fresh;
        std::vector<MqttMessage> messages;
        {
            const std::lock_guard lock(mutex_);
            fresh = std::exchange(fresh_, {});
            if (session.acknowledged()) messages = queue_.take(batch);
            counters_.sent += messages.size();
        }
        for (const MqttSubscription& each : fresh) session.subscribe(each);
        for (const MqttMessage& message : messages) session.publish(message, &message == &messages.back());
    }

    void disconnect() {
        const std::lock_guard lock(mutex_);
        connected_ = false;
        queue_.clear();
    }

    void leave(MqttSession& session) {
        const TimePoint end = now() + farewell_time / 2;
        if (!settings_.will.topic.empty()) session.publish(settings_.will, false);
        session.leave();
        while (!session.drained() && now() < end) {
            if (session.turn(-1, farewell_time / 20)) return;
        }
    }

    // The loop has other work: what it cannot take is not even copied.
    void deliver(std::string_view topic, std::string_view payload, bool retained, TimePoint at) {
        {
            const std::lock_guard lock(mutex_);
            ++counters_.received;
            if (payload.size() > settings_.longest_payload || unhandled_ >= settings_.most_unhandled) {
                ++counters_.discarded;
                return;
            }
            ++unhandled_;
        }
        MqttArrival arrival{std::string(topic), std::string(payload), retained, at};
        post([this, arrival = std::move(arrival)](const MqttHandlers& handlers) {
            handled();
            if (handlers.on_message) handlers.on_message(arrival);
        });
    }

    void handled() {
        const std::lock_guard lock(mutex_);
        --unhandled_;
    }

    void rest(const MqttFailure& failed) {
        {
            const std::lock_guard lock(mutex_);
            ++counters_.failures;
        }
        // Whoever was told of a connection is told of its end.
        const bool news = std::exchange(news_, false);
        if (told_.insert(failed.sentence).second || news) {
            post([failed](const MqttHandlers& handlers) {
                if (handlers.on_failure) handlers.on_failure(failed);
            });
        }
        const TimePoint end = now() + (needs_a_person(failed.error) ? settings_.refused_pause : pause_);
        pause_ = std::min(2 * pause_, settings_.longest_pause);
        while (!stopping() && now() < end) {
            pollfd wait{wake_.fd(), POLLIN, 0};
            const auto left = std::chrono::ceil<milliseconds>(end - now());
            if (::poll(&wait, 1, static_cast<int>(std::max<milliseconds::rep>(left.count(), 1))) > 0)
                drain_wake();
        }
    }

    void drain_wake() const {
        std::uint64_t count = 0;
        [[maybe_unused]] const ssize_t got = ::read(wake_.fd(), &count, sizeof(count));
    }

    void set_looking_up(bool yes) {
        const std::lock_guard lock(mutex_);
        looking_up_ = yes;
    }

    Executor executor_;
    const MqttClientSettings settings_;
    std::shared_ptr<const MqttHandlers> handlers_;  // the loop's thread only; none after stop()
    bool started_ = false;
    FileDescriptor wake_;
    std::set<std::string> told_;  // this and the next two: the thread of its own only
    bool news_ = false;           // connected since the last failure
    milliseconds pause_ = settings_.first_pause;

    std::mutex mutex_;  // for everything below
    std::condition_variable over_;
    MqttQueue queue_{settings_.most_waiting};
    std::map<std::string, MqttSubscription> subscriptions_;  // by filter
    Subscriptions fresh_;
    MqttCounters counters_;
    std::size_t unhandled_ = 0;
    bool connected_ = false;
    bool looking_up_ = false;
    bool stop_ = false;
    bool finished_ = false;
};

MqttClient::MqttClient(boost::asio::io_context& loop, MqttClientSettings settings, MqttHandlers handlers)
    : core_(std::make_shared<Core>(loop, std::move(settings), std::move(handlers))) {}
MqttClient::~MqttClient() {
    core_->stop();
}
void MqttClient::start() {
    core_->start();
}
void MqttClient::stop() {
    core_->stop();
}
void MqttClient::publish(MqttMessage message) {
    core_->publish(std::move(message));
}
void MqttClient::subscribe(const std::string& filter, int qos, bool as_published) {
    core_->subscribe({filter, qos, as_published});
}
bool MqttClient::connected() const {
    return core_->connected();
}
MqttCounters MqttClient::counters() const {
    return core_->counters();
}

}  // namespace jkp::io
