// SPDX-License-Identifier: MIT
#include "app/sensor_peer.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

#include "io/clock.hpp"

namespace jkp::app {
namespace {

using meter::WatchFault;

// Transfers in a row that may fail before the bus is opened anew: one can be a spark of the inverter.
constexpr int transfers_forgiven = 2;

bool needs_setup(WatchFault fault) {
    return fault == WatchFault::nothing_new || fault == WatchFault::stuck;
}

}  // namespace

// Shared by the loop and the thread: whoever is last, deletes it. The handlers belong to the loop alone,
// hence the weak pointer.
class SensorPeer::Worker : public std::enable_shared_from_this<Worker> {
  public:
    Worker(boost::asio::io_context& loop, SensorPeerSettings settings,
           const std::shared_ptr<const SensorPeerHandlers>& handlers)
        : loop_(loop),
          settings_(std::move(settings)),
          handlers_(handlers),
          wants_samples_(handlers->on_sample != nullptr),
          watch_(settings_.model.value_or(meter::FieldModel{}), settings_.watch),
          retry_(settings_.first_retry) {}

    void start() {
        try {
            std::thread([self = shared_from_this()] { self->work(); }).detach();
        } catch (const std::system_error& error) {
            tell(false, std::string("The current sensor cannot have a thread of its own: ") + error.what() +
                            ". It stays off until the next start.");
        }
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
        }
        wake_.notify_all();
    }

  private:
    void work() {
        while (!is_stopped()) {
            auto port = MagnetometerPort::open(settings_.place, settings_.opener);
            if (port) {
                use(*port);
            } else {
                tell(false, port.error().sentence);
            }
            pause(retry_);
            retry_ = std::min(2 * retry_, settings_.longest_retry);
        }
    }

    // Until it has to be opened again.
    void use(MagnetometerPort& port) {
        watch_.restart();
        failed_transfers_ = 0;
        bad_since_.reset();
        good_since_.reset();
        bool goes_on = pause(settings_.watch.period);
        // The first sample may still have the old gain.
        if (goes_on) (void)port.read();
        TimePoint next = io::now();
        while (goes_on) {
            next = std::max(next + settings_.watch.period, io::now());
            goes_on = pause_until(next) && sample(port);
        }
    }

    bool sample(MagnetometerPort& port) {
        const auto read = port.read();
        const TimePoint now = io::now();
        if (!read) {
            if (++failed_transfers_ <= transfers_forgiven) return true;
            tell(false, read.error().sentence);
            return false;
        }
        failed_transfers_ = 0;
        const auto current = watch_.take(*read, now);
        if (*read) show(**read, current, port, now);
        if (!current) return doubt(current.error(), port, now);
        believe(*current, port, now);
        return true;
    }

    void show(const meter::Field& field, const Result<Milliamps, WatchFault>& current,
              const MagnetometerPort& port, TimePoint now) {
        SensorSample sample{field, port.counts_per_gauss(), port.chip(), std::nullopt};
        if (current && settings_.model) sample.current = *current;
        deliver(Stamped<SensorSample>{sample, now});
    }

    void believe(Milliamps current, const MagnetometerPort& port, TimePoint now) {
        bad_since_.reset();
        retry_ = settings_.first_retry;
        if (!good_since_) good_since_ = now;
        if (good_ != false || now - *good_since_ >= patience())
            tell(true, "The " + port.words() + (settings_.model ? " gives the current." : " is read."));
        if (!settings_.model) return;
        PeerReading reading;
        reading.current = current;
        deliver(Stamped<PeerReading>{reading, now});
    }

    // One bad sample is told by its absence only; an owner hears of those that last.
    bool doubt(WatchFault fault, const MagnetometerPort& port, TimePoint now) {
        good_since_.reset();
        if (!bad_since_) bad_since_ = now;
        if (fault == WatchFault::waiting) return true;
        if (needs_setup(fault) || now - *bad_since_ >= patience())
            tell(false, "The " + port.words() + ", " + std::string(meter::advice(fault)));
        return !needs_setup(fault);
    }

    // A state lasts that long before it is told, so that a sensor at the edge does not fill the log.
    [[nodiscard]] Duration patience() const { return 3 * settings_.watch.period; }

    void tell(bool good, const std::string& sentence) {
        if (good_ == good && (good || sentence_ == sentence)) return;
        good_ = good;
        sentence_ = sentence;
        call([good, sentence](const SensorPeerHandlers& handlers) { handlers.on_state(good, sentence); });
    }
    void deliver(const Stamped<PeerReading>& reading) {
        call([reading](const SensorPeerHandlers& handlers) { handlers.on_reading(reading); });
    }
    void deliver(const Stamped<SensorSample>& sample) {
        if (!wants_samples_) return;
        call([sample](const SensorPeerHandlers& handlers) { handlers.on_sample(sample); });
    }

    // On the loop, unless stopped: after stop() the loop may be gone.
    template <class Call>
    void call(Call what) {
        const std::lock_guard lock(mutex_);
        if (stopped_) return;
        boost::asio::post(loop_, [live = handlers_, what] {
            if (const auto handlers = live.lock()) what(*handlers);
        });
    }

    // Both return whether it goes on.
    bool pause(Duration duration) { return pause_until(io::now() + duration); }
    bool pause_until(TimePoint end) {
        std::unique_lock lock(mutex_);
        return !wake_.wait_until(lock, io::steady(end), [this] { return stopped_; });
    }
    bool is_stopped() {
        const std::lock_guard lock(mutex_);
        return stopped_;
    }

    boost::asio::io_context& loop_;
    const SensorPeerSettings settings_;
    const std::weak_ptr<const SensorPeerHandlers> handlers_;
    const bool wants_samples_;

    // Of the thread alone.
    meter::FieldWatch watch_;
    Duration retry_;
    int failed_transfers_ = 0;
    std::optional<TimePoint> bad_since_;
    std::optional<TimePoint> good_since_;
    std::optional<bool> good_;
    std::string sentence_;

    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopped_ = false;
};

SensorPeer::SensorPeer(boost::asio::io_context& loop, SensorPeerSettings settings,
                       SensorPeerHandlers handlers)
    : loop_(loop), settings_(std::move(settings)), handlers_(std::move(handlers)) {}

SensorPeer::~SensorPeer() {
    stop();
}

void SensorPeer::start() {
    if (worker_) return;
    live_ = std::make_shared<const SensorPeerHandlers>(handlers_);
    worker_ = std::make_shared<Worker>(loop_, settings_, live_);
    worker_->start();
}

void SensorPeer::stop() {
    if (!worker_) return;
    live_.reset();
    worker_->stop();
    worker_.reset();
}

}  // namespace jkp::app
