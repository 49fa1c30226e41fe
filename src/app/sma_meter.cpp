// SPDX-License-Identifier: MIT
#include "app/sma_meter.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "io/clock.hpp"
#include "io/group_receiver.hpp"

namespace jkp::app {
namespace {

std::string title(const meter::HeardMeter& meter) {
    return std::to_string(meter.serial) + " (" + meter::device_name(meter.susy) + ")";
}

std::string seconds_words(Duration time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

class SmaMeter::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, SmaMeterSettings settings, SmaMeterHandlers handlers)
        : settings_(std::move(settings)),
          handlers_(std::move(handlers)),
          filter_(settings_.serial),
          silence_(loop),
          receiver_(loop,
                    {.group = settings_.group,
                     .port = settings_.port,
                     .interface = settings_.interface,
                     .look_period = settings_.look_period},
                    {.on_datagram = [this](Bytes bytes, TimePoint at) { take(bytes, at); },
                     .on_drained = [this] { deliver(); },
                     .on_state = [this](io::GroupReceiverState state,
                                        const std::string& sentence) { receiver_is(state, sentence); }}) {}

    void start() {
        if (running_) return;
        running_ = true;
        receiver_.start();
        last_news_ = io::now();
        last_join_ = last_news_;
        wait_for_silence();
    }

    void stop() {
        running_ = false;
        silence_.cancel();
        receiver_.stop();
        newest_.reset();
        hears_ = false;
        sentence_.clear();
    }

    [[nodiscard]] SmaMeterCounters counters() const {
        SmaMeterCounters all = counters_;
        all.filter = filter_.counters();
        return all;
    }
    [[nodiscard]] const meter::MeterFilter& filter() const { return filter_; }
    [[nodiscard]] bool hears() const { return hears_; }
    [[nodiscard]] std::uint16_t port() const { return receiver_.port(); }

  private:
    void take(Bytes bytes, TimePoint at);
    void deliver();
    void receiver_is(io::GroupReceiverState state, const std::string& sentence);
    void wait_for_silence();
    void look_at_silence();
    void change(bool hears, const std::string& sentence);
    [[nodiscard]] std::string heard_words(const meter::MeterReading& reading) const;
    [[nodiscard]] std::string silence_words() const;

    SmaMeterSettings settings_;
    SmaMeterHandlers handlers_;
    meter::MeterFilter filter_;
    SmaMeterCounters counters_;
    std::optional<Stamped<meter::MeterReading>> newest_;  // of the datagrams of this turn
    TimePoint last_news_;
    TimePoint last_join_;
    bool running_ = false;
    bool hears_ = false;
    std::string sentence_;
    std::string no_network_;  // why nothing can be heard; empty while something can
    boost::asio::steady_timer silence_;
    io::GroupReceiver receiver_;
};

void SmaMeter::Impl::take(Bytes bytes, TimePoint at) {
    ++counters_.datagrams;
    const auto reading = meter::decode_speedwire(bytes);
    if (!reading) {
        ++counters_.ignored[static_cast<std::size_t>(reading.error().reason)];
        return;
    }
    if (filter_.take(*reading) != meter::Verdict::news) return;
    if (newest_) ++counters_.superseded;
    newest_ = {*reading, at};
}

void SmaMeter::Impl::deliver() {
    if (!newest_) return;
    const auto self = shared_from_this();  // a handler may let go of us
    const Stamped<meter::MeterReading> reading = *newest_;
    newest_.reset();
    last_news_ = reading.at;
    change(true, heard_words(reading.value));
    handlers_.on_reading({meter::grid_reading(reading.value), reading.at}, reading.value);
}

void SmaMeter::Impl::receiver_is(io::GroupReceiverState state, const std::string& sentence) {
    const auto self = shared_from_this();  // a handler may let go of us
    no_network_ = state == io::GroupReceiverState::joined ? "" : sentence;
    last_join_ = io::now();
    // Datagrams to this machine alone may come all the same; then only silence is a reason to complain.
    if (!no_network_.empty() && !hears_) change(false, no_network_);
}

void SmaMeter::Impl::wait_for_silence() {
    silence_.expires_after(std::min(settings_.silent_after, settings_.rejoin_after) / 4);
    silence_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
        if (error || !self->running_) return;
        self->wait_for_silence();
        self->look_at_silence();
    });
}

void SmaMeter::Impl::look_at_silence() {
    const TimePoint now = io::now();
    if (now - last_news_ < settings_.silent_after) return;
    if (now - std::max(last_news_, last_join_) >= settings_.rejoin_after) {
        last_join_ = now;
        ++counters_.rejoins;
        receiver_.rejoin();
    }
    change(false, silence_words());
}

void SmaMeter::Impl::change(bool hears, const std::string& sentence) {
    if (hears == hears_ && sentence == sentence_) return;
    hears_ = hears;
    sentence_ = sentence;
    if (handlers_.on_state) handlers_.on_state(hears, sentence);
}

std::string SmaMeter::Impl::heard_words(const meter::MeterReading& reading) const {
    std::string text = "meter " + title({reading.serial, reading.susy, 0}) + " is heard";
    if (settings_.serial == 0) {
        text += "; it was the first one, and others are ignored: write serial = " +
                std::to_string(reading.serial) + " into [meter] so that it stays so";
    }
    return text;
}

std::string SmaMeter::Impl::silence_words() const {
    if (!no_network_.empty()) return no_network_;
    const std::string since = " for " + seconds_words(settings_.silent_after);
    std::string others;
    for (const meter::HeardMeter& each : filter_.heard()) {
        if (each.serial != filter_.serial()) others += (others.empty() ? "" : ", ") + title(each);
    }
    if (filter_.serial() && !others.empty()) {
        return "meter " + std::to_string(*filter_.serial()) + " is not heard" + since + ", but " + others +
               "; look at its power and network cable, or correct serial in [meter]";
    }
    const std::string which = filter_.serial() ? "meter " + std::to_string(*filter_.serial()) : "no meter";
    return which + " is " + (filter_.serial() ? "not " : "") + "heard" + since +
           (counters_.datagrams > 0 ? ", only other traffic" : "") +
           "; look at its power and network cable, whether it is in the same network segment, and whether a "
           "firewall or the IGMP snooping of a switch drops " +
           settings_.group + " port " + std::to_string(settings_.port);
}

SmaMeter::SmaMeter(boost::asio::io_context& loop, SmaMeterSettings settings, SmaMeterHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(handlers))) {}
SmaMeter::~SmaMeter() {
    impl_->stop();
}

void SmaMeter::start() {
    impl_->start();
}
void SmaMeter::stop() {
    impl_->stop();
}
SmaMeterCounters SmaMeter::counters() const {
    return impl_->counters();
}
std::optional<std::uint32_t> SmaMeter::serial() const {
    return impl_->filter().serial();
}
std::optional<Duration> SmaMeter::interval() const {
    return impl_->filter().interval();
}
std::vector<meter::HeardMeter> SmaMeter::heard() const {
    const auto& heard = impl_->filter().heard();
    return {heard.begin(), heard.end()};
}
bool SmaMeter::hears() const {
    return impl_->hears();
}
std::uint16_t SmaMeter::port() const {
    return impl_->port();
}

}  // namespace jkp::app
