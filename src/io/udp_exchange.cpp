// SPDX-License-Identifier: MIT
#include "io/udp_exchange.hpp"

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <optional>
#include <utility>

#include "core/ensure.hpp"
#include "io/clock.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

constexpr std::size_t largest_datagram = 2048;
constexpr std::size_t most_sockets = 8;

}  // namespace

class UdpExchange::Impl : public std::enable_shared_from_this<Impl> {
    struct Question {
        std::vector<std::uint8_t> request;
        Judge judge;
        Done done;
        error_code cause;    // the last one that the system told
        bool heard = false;  // bytes came
        unsigned attempts = 0;
    };
    struct Attempt {
        Attempt(asio::io_context& loop, std::uint64_t of) : socket(loop), question(of) {}
        udp::socket socket;
        std::uint64_t question;  // the generation it was sent in
        std::array<std::uint8_t, largest_datagram> buffer{};
        std::vector<std::uint8_t> first_piece;
        std::size_t missing = 0;
    };
    using AttemptPointer = std::shared_ptr<Attempt>;

    // The handler runs only while the question of now is still the open one.
    template <class Handler>
    auto in_this_question(Handler handler) {
        return [weak = weak_from_this(), generation = generation_,
                handler = std::move(handler)](auto&&... arguments) mutable {
            const auto self = weak.lock();
            if (self && self->generation_ == generation) handler(arguments...);
        };
    }

  public:
    Impl(asio::io_context& loop, UdpExchangeSettings settings)
        : settings_(std::move(settings)), loop_(loop), timer_(loop), resolver_(loop) {}

    void ask(std::vector<std::uint8_t> request, Judge judge, Done done) {
        ensure(!question_, "one question at a time");
        question_ = Question{std::move(request), std::move(judge), std::move(done), {}};
        ++counters_.questions;
        asio::post(loop_, in_this_question([this] { find_host(); }));
    }

    void close() {
        ++generation_;
        question_.reset();
        drop_attempts();
        timer_.cancel();
        resolver_.cancel();
    }

    UdpCounters counters_;

  private:
    [[nodiscard]] std::string peer() const { return settings_.host + ':' + std::to_string(settings_.port); }

    // A closed socket ends its reading, and with that its attempt.
    static void drop(Attempt& attempt) {
        error_code ignored;
        attempt.socket.close(ignored);
    }
    void drop_attempts() {
        for (const AttemptPointer& attempt : attempts_) drop(*attempt);
        attempts_.clear();
    }

    // ---- out

    void find_host() {
        error_code not_numeric;
        const auto address = asio::ip::make_address(settings_.host, not_numeric);
        if (!not_numeric) endpoint_ = udp::endpoint(address, settings_.port);
        if (endpoint_) return attempt();
        // IPv4 only: the devices this is for know nothing else, and "localhost" may mean ::1.
        resolver_.async_resolve(
            udp::v4(), settings_.host, std::to_string(settings_.port),
            in_this_question([this](const error_code& failed, const udp::resolver::results_type& found) {
                if (failed) {
                    return finish(failure(UdpFault{
                        UdpError::unknown_host, settings_.host + " cannot be found: " + failed.message()}));
                }
                endpoint_ = found.begin()->endpoint();
                attempt();
            }));
    }

    void attempt() {
        const auto current = std::make_shared<Attempt>(loop_, generation_);
        attempts_.push_back(current);
        ++question_->attempts;
        while (attempts_.size() > most_sockets) {
            drop(*attempts_.front());
            attempts_.pop_front();
        }
        error_code failed;
        current->socket.open(endpoint_->protocol(), failed);
        if (!failed) current->socket.connect(*endpoint_, failed);
        if (!failed) current->socket.send(asio::buffer(question_->request), 0, failed);
        if (failed) question_->cause = failed;
        ++counters_.requests;
        if (!failed) receive(current);
        timer_.expires_after(settings_.timeout);
        timer_.async_wait(in_this_question([this](const error_code& cancelled) {
            if (!cancelled) expire();
        }));
    }

    void expire() {
        if (question_->attempts <= settings_.retries) return attempt();
        const std::string asked = std::to_string(question_->attempts) +
                                  (question_->attempts == 1 ? " request to " : " requests to ") + peer();
        endpoint_.reset();  // the name may mean another address by now
        if (question_->heard) {
            return finish(failure(UdpFault{UdpError::no_answer, "no good answer to " + asked}));
        }
        if (question_->cause) {
            return finish(failure(UdpFault{UdpError::unreachable,
                                           peer() + " cannot be reached: " + question_->cause.message()}));
        }
        finish(failure(UdpFault{UdpError::silent, "no answer to " + asked}));
    }

    // ---- in

    // The sockets of earlier attempts go on listening: a device that needs longer than one attempt answers
    // the open question there, and what comes for a question that is over is seen to be late.
    void receive(const AttemptPointer& from) {
        from->socket.async_receive(
            asio::buffer(from->buffer),
            [weak = weak_from_this(), from](const error_code& failed, std::size_t size) {
                const auto self = weak.lock();
                if (!self || failed == asio::error::operation_aborted) return;
                if (failed) return self->told(failed, from);
                self->take(Bytes(from->buffer).first(size), from, io::now());
                if (from->socket.is_open()) self->receive(from);
            });
    }

    // Nobody listens there now; somebody may before the attempt is over.
    void told(const error_code& cause, const AttemptPointer& from) {
        if (is_open(*from)) question_->cause = cause;
        if (cause == asio::error::connection_refused) receive(from);
    }

    // An answer need not name its question, so the socket has to tell which one it belongs to.
    [[nodiscard]] bool is_open(const Attempt& from) const {
        return question_ && from.question == generation_;
    }

    void take(Bytes datagram, const AttemptPointer& from, TimePoint at) {
        if (!is_open(*from)) {
            ++counters_.late;
            return;
        }
        question_->heard = true;
        std::vector<std::uint8_t> bytes(datagram.begin(), datagram.end());
        const bool joined = from->missing > 0 && from->missing == bytes.size();
        if (joined) bytes.insert(bytes.begin(), from->first_piece.begin(), from->first_piece.end());
        if (joined) from->missing = 0;
        drop_piece(*from);
        judge(std::move(bytes), from, joined, at);
    }

    void judge(std::vector<std::uint8_t> bytes, const AttemptPointer& from, bool joined, TimePoint at) {
        const UdpVerdict verdict = question_->judge(bytes);
        switch (verdict.kind) {
            case UdpVerdict::Kind::answer:
                ++counters_.answers;
                if (joined) ++counters_.joined;
                drop(*from);  // it has nothing more to say
                std::erase(attempts_, from);
                return finish(Stamped<std::vector<std::uint8_t>>{std::move(bytes), at});
            case UdpVerdict::Kind::incomplete:
                from->first_piece = std::move(bytes);
                from->missing = verdict.missing;
                return;
            case UdpVerdict::Kind::other: ++counters_.other; return;
            case UdpVerdict::Kind::damaged: ++counters_.damaged; return;
        }
    }

    // A first piece whose rest never came.
    void drop_piece(Attempt& from) {
        if (std::exchange(from.missing, 0) > 0) ++counters_.damaged;
    }

    void finish(const Result<Stamped<std::vector<std::uint8_t>>, UdpFault>& outcome) {
        ++generation_;
        timer_.cancel();
        for (const AttemptPointer& attempt : attempts_) drop_piece(*attempt);
        const Done done = std::move(question_->done);
        question_.reset();
        done(outcome);
    }

    UdpExchangeSettings settings_;
    asio::io_context& loop_;
    asio::steady_timer timer_;
    udp::resolver resolver_;
    std::optional<udp::endpoint> endpoint_;
    std::optional<Question> question_;
    std::deque<AttemptPointer> attempts_;  // of the open question and of earlier ones, the newest last
    std::uint64_t generation_ = 0;
};

UdpExchange::UdpExchange(asio::io_context& loop, UdpExchangeSettings settings)
    : impl_(std::make_shared<Impl>(loop, std::move(settings))) {}
UdpExchange::~UdpExchange() {
    impl_->close();
}
void UdpExchange::ask(std::vector<std::uint8_t> request, Judge judge, Done done) {
    impl_->ask(std::move(request), std::move(judge), std::move(done));
}
void UdpExchange::close() {
    impl_->close();
}
const UdpCounters& UdpExchange::counters() const {
    return impl_->counters_;
}

}  // namespace jkp::io
