// SPDX-License-Identifier: MIT
#include "app/jk_poller.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>

#include "app/jk_answer_match.hpp"
#include "core/ensure.hpp"
#include "io/clock.hpp"
#include "io/serial_port.hpp"
#include "jk/encode_4e57.hpp"

namespace jkp::app {

std::string_view name(PortState state) {
    switch (state) {
        case PortState::closed: return "closed";
        case PortState::failed: return "failed";
        case PortState::open: return "open";
    }
    broken("a PortState of the list", std::source_location::current());
}

class JkPoller::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, JkPollerSettings settings, JkPollerHandlers handlers)
        : settings_(std::move(settings)), handlers_(std::move(handlers)), port_(loop), timer_(loop) {}

    void start() {
        if (running_) return;
        running_ = true;
        state_ = PortState::closed;
        sentence_.clear();
        look_at_ = io::now();
        arm();
    }

    void stop() {
        running_ = false;
        request_.reset();
        state_ = PortState::closed;
        port_.close();
        timer_.cancel();
    }

    void poll_now() {
        again(io::now());
        arm();
    }

    void set_period(Duration period) {
        settings_.poll_period = period;
        grid_ = std::min(grid_, io::now() + period);
        arm();
    }

    PortState state_ = PortState::closed;
    JkPollerCounters counters_;
    jk::Deframer deframer_;

  private:
    enum class Purpose : std::uint8_t { regular, first, confirm, activate };
    struct InFlight {
        Purpose purpose = Purpose::regular;
        TimePoint sent;
        TimePoint deadline;
        std::size_t bytes = 0;  // received since, without echoes
        std::optional<PollFailure> spoiled;
    };

    // ---- the clockwork: turn() does what is due, arm() waits for the next thing

    void arm() {
        if (!running_) return;
        timer_.expires_at(io::steady(next_event()));
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (error || !self || !self->running_) return;
            self->turn(io::now());
            self->arm();
        });
    }

    [[nodiscard]] TimePoint next_event() const {
        if (state_ != PortState::open) return look_at_;
        if (!request_) return waiting_since_ ? std::min(send_at(), babble_at()) : due();
        if (deframer_.mid_frame()) return std::min(request_->deadline, gap_at());
        return request_->deadline;
    }

    void turn(TimePoint now) {
        if (state_ != PortState::open) {
            if (now >= look_at_) look(now);
        } else if (!request_) {
            if (now >= send_at()) return send(now);
            if (now >= due() && !waiting_since_) waiting_since_ = now;
            if (waiting_since_ && now >= babble_at()) babble(now);
        } else {
            if (deframer_.mid_frame() && now >= gap_at()) {
                deframer_.gap();
                take_frames(last_byte_);
            }
            if (request_ && now >= request_->deadline) expire(now);
        }
    }

    // The first look belongs to the past when the program was stalled; later ones must not pile up.
    void look(TimePoint now) {
        look_at_ = now + settings_.look_period;
        const auto fault = port_.open(settings_.port, port_handlers());
        if (fault) return enter(PortState::failed, fault->sentence);
        if (std::exchange(opened_before_, true)) ++counters_.reopened;
        deframer_.reset();
        match_.settled();
        memory_ = {};
        first_ = true;
        activate_ = false;
        failures_in_a_row_ = 0;
        last_byte_ = now - settings_.request_gap;
        hold_until_ = extra_ = TimePoint::max();
        waiting_since_.reset();
        grid_ = now;
        enter(PortState::open, settings_.port + " is open");
    }

    io::SerialHandlers port_handlers() {
        return {[weak = weak_from_this()](Bytes bytes, TimePoint at) {
                    if (const auto self = weak.lock()) self->received(bytes, at);
                },
                [weak = weak_from_this()](const io::SerialFault& fault) {
                    if (const auto self = weak.lock()) self->lost(fault.sentence);
                }};
    }

    void lost(const std::string& sentence) {
        port_.close();
        request_.reset();
        look_at_ = io::now() + settings_.look_period;
        enter(PortState::failed, sentence);
        arm();
    }

    void enter(PortState state, const std::string& sentence) {
        if (state == state_ && sentence == sentence_) return;
        state_ = state;
        sentence_ = sentence;
        if (handlers_.on_state) handlers_.on_state(state, sentence);
    }

    // ---- when to ask

    [[nodiscard]] TimePoint gap_at() const { return last_byte_ + settings_.inter_byte_gap; }

    [[nodiscard]] TimePoint due() const {
        return hold_until_ != TimePoint::max() ? std::max(hold_until_, grid_) : std::min(grid_, extra_);
    }

    [[nodiscard]] TimePoint send_at() const { return std::max(due(), last_byte_ + settings_.request_gap); }

    [[nodiscard]] TimePoint babble_at() const {
        return *waiting_since_ + settings_.request_gap + settings_.response_timeout;
    }

    void again(TimePoint at) { extra_ = std::min(extra_, at); }

    [[nodiscard]] Purpose next_purpose() const {
        if (activate_) return Purpose::activate;
        if (confirm_) return Purpose::confirm;
        return first_ ? Purpose::first : Purpose::regular;
    }

    // A confirming answer must come before an overdue answer to the request before could.
    [[nodiscard]] Duration patience(Purpose purpose) const {
        if (purpose != Purpose::confirm) return settings_.response_timeout;
        const Duration safe = settings_.poll_period - settings_.request_gap - settings_.inter_byte_gap;
        return std::min(settings_.response_timeout, std::max<Duration>(safe, settings_.request_gap));
    }

    void send(TimePoint now) {
        if (hold_until_ != TimePoint::max()) match_.settled();
        if (port_.drain() > 0) {  // somebody is still talking: nobody's answer, and not the time to ask
            last_byte_ = now;
            return;
        }
        deframer_.reset();
        claim_slot(now);
        const Purpose purpose = next_purpose();
        activate_ = confirm_ = first_ = false;
        request_ = InFlight{purpose, now, now + patience(purpose), 0, std::nullopt};
        const bool activate = purpose == Purpose::activate;
        ++(activate ? counters_.activates : counters_.polls);
        const jk::Request bytes = activate ? jk::activate_request() : jk::read_all_request();
        if (!port_.write(bytes)) lost(settings_.port + " does not take the request; opening it again");
    }

    // Deadlines follow each other by whole periods; missed ones are skipped, not made up for.
    void claim_slot(TimePoint now) {
        hold_until_ = extra_ = TimePoint::max();
        waiting_since_.reset();
        while (grid_ <= now) grid_ += settings_.poll_period;
    }

    void babble(TimePoint now) {
        claim_slot(now);
        report(PollFailure::babble, describe(PollFailure::babble, settings_.response_timeout), now);
    }

    // ---- what comes back

    void received(Bytes bytes, TimePoint at) {
        // After a stall of this program bytes may be old: what is past its deadline is late.
        if (request_ && at >= request_->deadline) expire(at);
        last_byte_ = at;
        if (request_) request_->bytes += bytes.size();
        while (!bytes.empty()) {
            bytes = bytes.subspan(deframer_.feed(bytes));
            take_frames(at);
        }
        arm();
    }

    void take_frames(TimePoint at) {
        while (const auto item = deframer_.next()) {
            if (!item->has_value()) {
                spoil(failure_of(item->error().error));
            } else if ((*item)->transport == jk::Transport::request) {
                ++counters_.echoes;
                if (request_) request_->bytes -= std::min(request_->bytes, (*item)->bytes.size());
            } else {
                take_answer(**item, at);
            }
            if (state_ != PortState::open) return;
        }
    }

    void spoil(PollFailure failure) {
        if (request_ && !request_->spoiled) request_->spoiled = failure;
    }

    void take_answer(const jk::Frame& frame, TimePoint at) {
        const bool activation = frame.command == static_cast<std::uint8_t>(jk::Command::activate);
        if (request_ && activation && request_->purpose == Purpose::activate) {
            // Answers come in order: whatever was asked before is settled now.
            match_.settled();
            request_.reset();
            return again(at);
        }
        if (!request_ || activation || request_->purpose == Purpose::activate) {
            ++counters_.late;
            return match_.discarded();
        }
        if (request_->purpose != Purpose::confirm && match_.in_doubt(at)) return doubt(at);
        match_.settled();
        accept(frame, at);
    }

    void doubt(TimePoint at) {
        ++counters_.doubtful;
        request_.reset();
        confirm_ = true;
        again(at);
    }

    void accept(const jk::Frame& frame, TimePoint at) {
        const auto decoded = jk::decode(frame, memory_);
        if (!decoded) {
            undecodable_ = decoded.error();
            return fail(PollFailure::undecodable, at);
        }
        request_.reset();
        failures_in_a_row_ = 0;
        ++counters_.answers;
        if (decoded->unknown_register) ++counters_.unknown_registers;
        if (handlers_.on_reading) handlers_.on_reading({decoded->reading, at});
    }

    void expire(TimePoint now) {
        const InFlight ended = *request_;
        if (ended.purpose == Purpose::activate) {
            request_.reset();
            return again(now);
        }
        if (ended.spoiled) return fail(*ended.spoiled, now);
        if (ended.bytes > 0) return fail(PollFailure::garbage, now);
        match_.unanswered(ended.sent);
        // Neither the first question nor the second one brought certainty: let everything overdue come in.
        if (ended.purpose == Purpose::confirm) hold_until_ = match_.doubt_ends();
        fail(PollFailure::silent, now);
    }

    void fail(PollFailure failure, TimePoint now) {
        const InFlight ended = *request_;
        request_.reset();
        if (ended.purpose == Purpose::first) {
            ++counters_.first_lost;
            return again(now);
        }
        std::string sentence = describe(failure, ended.deadline - ended.sent);
        if (failure == PollFailure::undecodable) {
            ++counters_.undecodable[static_cast<std::size_t>(undecodable_.error)];
            sentence += ": " + jk::describe(undecodable_);
        }
        report(failure, sentence, now);
    }

    void report(PollFailure failure, const std::string& sentence, TimePoint now) {
        ++counters_.failures[static_cast<std::size_t>(failure)];
        if (++failures_in_a_row_ % settings_.activate_after == 0) {
            activate_ = true;
            again(now);
        }
        if (handlers_.on_failure) handlers_.on_failure(failure, sentence);
    }

    JkPollerSettings settings_;
    JkPollerHandlers handlers_;
    io::SerialPort port_;
    boost::asio::steady_timer timer_;
    AnswerMatch match_;
    jk::LinkMemory memory_;
    jk::DecodeFailure undecodable_;
    std::optional<InFlight> request_;
    std::string sentence_;
    bool running_ = false;
    bool opened_before_ = false;
    bool first_ = false;
    bool confirm_ = false;
    bool activate_ = false;
    unsigned failures_in_a_row_ = 0;
    TimePoint look_at_;
    TimePoint grid_;                           // the next regular poll
    TimePoint extra_ = TimePoint::max();       // one poll between the regular ones
    TimePoint hold_until_ = TimePoint::max();  // when set: nothing is sent before
    std::optional<TimePoint> waiting_since_;   // a request is due, and the line is not quiet
    TimePoint last_byte_;
};

JkPoller::JkPoller(boost::asio::io_context& loop, JkPollerSettings settings, JkPollerHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(handlers))) {}
JkPoller::~JkPoller() {
    impl_->stop();
}
void JkPoller::start() {
    impl_->start();
}
void JkPoller::stop() {
    impl_->stop();
}
void JkPoller::poll_now() {
    impl_->poll_now();
}
void JkPoller::set_period(Duration period) {
    impl_->set_period(period);
}
PortState JkPoller::state() const {
    return impl_->state_;
}
const JkPollerCounters& JkPoller::counters() const {
    return impl_->counters_;
}
const jk::DeframerCounters& JkPoller::frames() const {
    return impl_->deframer_.counters();
}

}  // namespace jkp::app
