// SPDX-License-Identifier: MIT
#include "app/mqtt_source.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>

#include "io/clock.hpp"
#include "io/mqtt_client.hpp"

namespace jkp::app {

class MqttSource::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, MqttSourceSettings settings, JsonSourceHandlers handlers)
        : loop_(loop),
          settings_(std::move(settings)),
          handlers_(std::move(handlers)),
          intake_(settings_.rule),
          silence_(loop) {}

    void start() {
        if (client_) return;
        intake_.restart();
        io::MqttHandlers handlers;
        handlers.on_failure = [this](const io::MqttFailure& failure) { cause_ = failure.sentence; };
        handlers.on_connected = [this] { cause_.clear(); };
        handlers.on_message = [this](const io::MqttArrival& message) { take(message); };
        client_ = std::make_unique<io::MqttClient>(loop_, settings_.broker, std::move(handlers));
        client_->subscribe(settings_.topic, 0);
        client_->start();
        listen();
    }

    void stop() {
        silence_.cancel();
        client_.reset();
        hears_ = false;
        sentence_.clear();
        cause_.clear();
    }

    [[nodiscard]] const JsonSourceCounters& counters() const { return counters_; }
    [[nodiscard]] std::uint64_t discarded() const { return client_ ? client_->counters().discarded : 0; }
    [[nodiscard]] bool hears() const { return hears_; }

  private:
    [[nodiscard]] std::string where() const {
        return "topic " + settings_.topic + " at " + settings_.broker.broker();
    }

    void take(const io::MqttArrival& message) {
        const auto self = shared_from_this();  // a handler may let go of us
        if (message.topic != settings_.topic) return;
        ++counters_.requests;
        const auto reading = intake_.read(message.payload, message.at, message.retained, counters_);
        if (!reading) {
            ++counters_.unusable;
            cause_ = where() + ": " + reading.error();
            return;
        }
        cause_.clear();
        listen();
        change(true, where() + " tells values");
        if (client_) hand_over(*reading, handlers_);
    }

    // Until the next reading that can be used.
    void listen() {
        silence_.expires_after(settings_.silent_after);
        silence_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (error || !self || !self->client_) return;
            self->change(false, self->why_silent());
            self->listen();
        });
    }

    [[nodiscard]] std::string why_silent() const {
        if (!cause_.empty()) return cause_;
        return "Nothing is heard of " + where() +
               ". Is the topic right (mosquitto_sub -t '#' -v shows all), and does the device tell "
               "something?";
    }

    void change(bool hears, const std::string& sentence) {
        if (hears == hears_ && sentence == sentence_) return;
        hears_ = hears;
        sentence_ = sentence;
        if (handlers_.on_state) handlers_.on_state(hears, sentence);
    }

    boost::asio::io_context& loop_;
    MqttSourceSettings settings_;
    JsonSourceHandlers handlers_;
    JsonIntake intake_;
    boost::asio::steady_timer silence_;
    std::unique_ptr<io::MqttClient> client_;
    JsonSourceCounters counters_;
    std::string cause_;  // why the next silence is one, as far as it is known
    std::string sentence_;
    bool hears_ = false;
};

MqttSource::MqttSource(boost::asio::io_context& loop, MqttSourceSettings settings,
                       JsonSourceHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(handlers))) {}
MqttSource::~MqttSource() {
    impl_->stop();
}
void MqttSource::start() {
    impl_->start();
}
void MqttSource::stop() {
    impl_->stop();
}
const JsonSourceCounters& MqttSource::counters() const {
    return impl_->counters();
}
std::uint64_t MqttSource::discarded() const {
    return impl_->discarded();
}
bool MqttSource::hears() const {
    return impl_->hears();
}

}  // namespace jkp::app
