// SPDX-License-Identifier: MIT
#include "app/goodwe_peer.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <utility>

#include "io/clock.hpp"

namespace jkp::app {
namespace {

using goodwe::Family;
using goodwe::Question;

Question device_info(Family family) {
    return family == Family::es ? Question::es_device_info : Question::et_device_info;
}
Question running(Family family) {
    return family == Family::es ? Question::es_running : Question::et_running;
}
bool is_device_info(Question question) {
    return question == Question::es_device_info || question == Question::et_device_info;
}

// A block of registers without which a reading is still worth something.
struct OptionalPart {
    Question question = Question::et_meter;
    unsigned misses = 0;  // in a row
};
constexpr unsigned misses_allowed = 3;

std::optional<Family> fixed_family(const GoodwePeerSettings& settings) {
    if (settings.address.transport == GoodweTransport::tcp) return Family::et;
    switch (settings.family) {
        case GoodweFamily::automatic: return std::nullopt;
        case GoodweFamily::es: return Family::es;
        case GoodweFamily::et: return Family::et;
    }
    broken("a GoodweFamily of the list", std::source_location::current());
}

std::string seconds_text(Duration duration) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " s";
}

std::string advice(GoodweError error, GoodweTransport transport) {
    switch (error) {
        case GoodweError::unreachable:
            return transport == GoodweTransport::udp
                       ? "Look at the address; a newer module (Kit-20) does not speak plain UDP: try "
                         "transport = \"tcp\" (--tcp)"
                       : "Look at the address; the classic WiFi modules have no Modbus TCP: try transport = "
                         "\"udp\"";
        case GoodweError::silent:
            return "It may be switched off or at another address; jk-pylon goodwe --discover lists what "
                   "answers";
        case GoodweError::no_answer:
        case GoodweError::refused:
            return "Something else may live at this address, or an inverter without a battery; "
                   "jk-pylon goodwe --discover lists what answers";
    }
    broken("a GoodweError of the list", std::source_location::current());
}

}  // namespace

class GoodwePeer::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, GoodwePeerSettings settings, GoodwePeerHandlers handlers)
        : settings_(std::move(settings)),
          handlers_(std::move(handlers)),
          timer_(loop),
          line_(make_goodwe_line(loop, settings_.address)) {}

    void start() {
        if (std::exchange(running_, true)) return;
        told_.clear();
        forget_device();
        silent_polls_ = 0;
        wait_until(io::now());
    }

    void stop() {
        running_ = false;
        ++turn_;
        answering_ = false;
        timer_.cancel();
        line_->close();
    }

    bool answering_ = false;
    GoodwePeerCounters counters_;
    std::string last_fault_;
    [[nodiscard]] GoodweLineCounters line_counters() const { return line_->counters(); }

  private:
    // ---- when

    void wait_until(TimePoint at) {
        timer_.expires_at(io::steady(at));
        timer_.async_wait(
            [weak = weak_from_this(), turn = ++turn_](const boost::system::error_code& cancelled) {
                const auto self = weak.lock();
                if (!cancelled && self && self->turn_ == turn) self->poll();
            });
    }

    // A lost inverter is asked less and less often.
    [[nodiscard]] Duration pause() const {
        if (silent_polls_ < settings_.lost_after) return settings_.poll_period;
        const unsigned doublings = std::min(silent_polls_ - settings_.lost_after + 1, 6U);
        return std::max(settings_.poll_period,
                        std::min(settings_.longest_pause, settings_.poll_period * (1U << doublings)));
    }

    void end_poll() {
        const TimePoint now = io::now();
        const TimePoint on_time = begun_ + pause();
        wait_until(silent_polls_ == 0 && on_time > now ? on_time : now + pause());
    }

    // ---- one poll: the questions of `todo_`, one after the other

    void poll() {
        begun_ = io::now();
        ++counters_.polls;
        readings_ = {};
        at_.reset();
        fault_.reset();
        incomplete_ = false;
        if (polls_to_identify_ == 0) family_.reset();
        if (family_) {
            --polls_to_identify_;
            todo_ = data_questions();
        } else {
            todo_ = identity_questions();
        }
        next();
    }

    [[nodiscard]] std::deque<Question> data_questions() const {
        std::deque<Question> list{running(*family_)};
        if (family_ != Family::et) return list;
        for (const OptionalPart& part : optional_parts_) {
            if (part.misses < misses_allowed) list.push_back(part.question);
        }
        return list;
    }

    // The family that answered last first: asking in vain costs all the retries.
    [[nodiscard]] std::deque<Question> identity_questions() const {
        if (const auto fixed = fixed_family(settings_)) return {device_info(*fixed)};
        const Family first = last_family_.value_or(Family::es);
        return {device_info(first), device_info(first == Family::es ? Family::et : Family::es)};
    }

    void next() {
        if (!running_) return;
        if (todo_.empty()) return deliver();
        const Question question = todo_.front();
        todo_.pop_front();
        line_->ask(question, [weak = weak_from_this(), question](const GoodweOutcome& outcome) {
            const auto self = weak.lock();
            if (!self || !self->running_) return;
            if (is_device_info(question)) {
                self->identified(question, outcome);
            } else {
                self->answered(question, outcome);
            }
        });
    }

    // ---- who is there

    void identified(Question question, const GoodweOutcome& outcome) {
        const Family asked = question == Question::es_device_info ? Family::es : Family::et;
        if (outcome) {
            const goodwe::Readings& device = outcome->value.readings;
            candidate_ = std::pair(asked, device);
            const auto tag = goodwe::family_of(device.serial.view());
            // Inverters of the et family may answer the AA55 question too: the serial number decides.
            if (todo_.empty() || tag.value_or(Family::et) == asked) todo_.clear();
        } else if (outcome.error().error == GoodweError::refused) {
            // It speaks this language, and has no registers for its name.
            candidate_ = std::pair(asked, goodwe::Readings{});
            todo_.clear();
        } else {
            note_fault(outcome.error());
        }
        if (!todo_.empty()) return next();
        if (!candidate_) return fail();
        adopt(candidate_->first, candidate_->second);
        candidate_.reset();
        todo_ = data_questions();
        next();
    }

    void adopt(Family family, const goodwe::Readings& device) {
        const bool other = family != last_family_ || device.serial != device_.serial;
        if (other) {
            ++counters_.devices;
            greeted_ = false;
        }
        for (OptionalPart& part : optional_parts_) part.misses = 0;
        family_ = last_family_ = family;
        device_ = device;
        polls_to_identify_ = settings_.identify_every;
    }

    void forget_device() {
        family_.reset();
        candidate_.reset();
    }

    // ---- what it says

    void answered(Question question, const GoodweOutcome& outcome) {
        const auto part = std::ranges::find(optional_parts_, question, &OptionalPart::question);
        if (part != optional_parts_.end()) {
            missed(*part, outcome);
        } else if (outcome) {
            at_ = outcome->at;
        } else {
            note_fault(outcome.error());
            return fail();
        }
        if (outcome) goodwe::merge(readings_, outcome->value.readings);
        next();
    }

    // What the inverter refuses, or never answers, is left out until the next look at the serial number.
    void missed(OptionalPart& part, const GoodweOutcome& outcome) {
        if (outcome) {
            part.misses = 0;
        } else if (outcome.error().error == GoodweError::refused) {
            part.misses = misses_allowed;
        } else {
            ++part.misses;
            incomplete_ = true;
        }
    }

    void deliver() {
        silent_polls_ = 0;
        last_fault_.clear();
        ++counters_.readings;
        if (incomplete_) ++counters_.partial;
        goodwe::merge(readings_, device_);
        const goodwe::Readings readings = readings_;
        const Stamped<PeerReading> reading{goodwe::peer_reading(readings), *at_};
        tell_found(reading.value.current || reading.value.power);
        end_poll();
        if (handlers_.on_reading) handlers_.on_reading(reading, readings);
    }

    // ---- nobody there

    // Of several questions asked in vain the most telling fault counts.
    void note_fault(const GoodweFault& fault) {
        if (!fault_ || fault_->error <= fault.error) fault_ = fault;
    }

    // The next poll begins with the question who is there: it may be another device by then.
    void fail() {
        ++counters_.failed;
        ++silent_polls_;
        last_fault_ = fault_->sentence + ". " + advice(fault_->error, settings_.address.transport);
        family_.reset();
        candidate_.reset();
        end_poll();
        const bool never_heard = counters_.readings == 0;
        if (never_heard || silent_polls_ >= settings_.lost_after) tell_lost();
    }

    void tell_lost() {
        enter(false, "the GoodWe at " + text(settings_.address) + " gives no readings: " + last_fault_ +
                         ". It is asked again every " +
                         seconds_text(std::max(settings_.longest_pause, settings_.poll_period)) +
                         " at the latest; nothing else waits for it");
    }

    void tell_found(bool battery_known) {
        const bool greeted = std::exchange(greeted_, true);
        if (battery_known && answering_ && greeted) return;
        const std::string model = device_.model.empty() ? "a GoodWe" : std::string(device_.model.view());
        const std::string serial =
            device_.serial.empty() ? "" : ", serial " + std::string(device_.serial.view()) + ",";
        const std::string found = model + serial + " answers at " + text(settings_.address);
        if (battery_known) return enter(true, found);
        enter(false, found +
                         ", but gives no battery current: look whether its battery is connected and "
                         "switched on");
    }

    void enter(bool answering, const std::string& sentence) {
        answering_ = answering;
        if (std::exchange(told_, sentence) == sentence) return;
        if (handlers_.on_state) handlers_.on_state(answering, sentence);
    }

    GoodwePeerSettings settings_;
    GoodwePeerHandlers handlers_;
    boost::asio::steady_timer timer_;
    std::unique_ptr<GoodweLine> line_;
    bool running_ = false;
    std::uint64_t turn_ = 0;  // a timer that had run out before it was cancelled belongs to an earlier one

    std::optional<Family> family_;  // absent: to be found out
    std::optional<Family> last_family_;
    goodwe::Readings device_;  // model and serial
    bool greeted_ = false;     // the state of this device was told
    std::array<OptionalPart, 2> optional_parts_{{{Question::et_meter}, {Question::et_battery}}};
    unsigned polls_to_identify_ = 0;

    TimePoint begun_;
    std::deque<Question> todo_;
    std::optional<std::pair<Family, goodwe::Readings>> candidate_;
    goodwe::Readings readings_;
    std::optional<TimePoint> at_;  // of the running data
    bool incomplete_ = false;

    unsigned silent_polls_ = 0;
    std::optional<GoodweFault> fault_;  // of this poll
    std::string told_;
};

GoodwePeer::GoodwePeer(boost::asio::io_context& loop, GoodwePeerSettings settings,
                       GoodwePeerHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(handlers))) {}
GoodwePeer::~GoodwePeer() {
    impl_->stop();
}
void GoodwePeer::start() {
    impl_->start();
}
void GoodwePeer::stop() {
    impl_->stop();
}
bool GoodwePeer::answering() const {
    return impl_->answering_;
}
const GoodwePeerCounters& GoodwePeer::counters() const {
    return impl_->counters_;
}
GoodweLineCounters GoodwePeer::line_counters() const {
    return impl_->line_counters();
}
const std::string& GoodwePeer::last_fault() const {
    return impl_->last_fault_;
}

}  // namespace jkp::app
