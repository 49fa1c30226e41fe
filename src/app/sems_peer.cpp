// SPDX-License-Identifier: MIT
#include "app/sems_peer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>

#include "core/ensure.hpp"
#include "goodwe/sems_session.hpp"
#include "goodwe/sems_stamp.hpp"
#include "io/clock.hpp"
#include "io/credentials.hpp"
#include "io/digest.hpp"
#include "io/http_client.hpp"

namespace jkp::app {
namespace {

using goodwe::SemsFault;
using goodwe::SemsQuestion;

constexpr goodwe::SemsDigests digests{&io::md5_hex, &io::sha256_hex};

// A clock before 2024 has not been set yet.
std::optional<std::int64_t> believable_wall_ms() {
    constexpr std::int64_t year_2024 = 1'704'067'200'000;
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const std::int64_t ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    return ms >= year_2024 ? std::optional(ms) : std::nullopt;
}

Result<goodwe::SemsAccount, std::string> read_account(const SemsPeerSettings& settings) {
    std::string path = settings.credentials_file;
    if (path.empty()) {
        const auto handed_over = io::credential_path(settings.credential);
        if (!handed_over) {
            return failure(
                "There are no credentials for the SEMS portal: systemd hands nothing over. Write "
                "LoadCredential=" +
                settings.credential +
                ":/etc/jk-pylon/sems into the unit, or credentials_file into [peer.sems].");
        }
        path = *handed_over;
    }
    auto credentials = io::read_credentials(path);
    if (!credentials) return failure(credentials.error());
    return goodwe::SemsAccount{std::move(credentials->user), std::move(credentials->password)};
}

}  // namespace

std::string_view name(SemsState state) {
    switch (state) {
        case SemsState::closed: return "closed";
        case SemsState::connecting: return "connecting";
        case SemsState::reading: return "reading";
        case SemsState::waiting: return "waiting";
        case SemsState::given_up: return "given_up";
    }
    broken("a SemsState of the list", std::source_location::current());
}

class SemsPeer::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, io::HttpClient& client, SemsPeerSettings settings,
         SemsPeerHandlers handlers)
        : client_(client), settings_(std::move(settings)), handlers_(std::move(handlers)), timer_(loop) {
        if (!settings_.wall_ms) settings_.wall_ms = &believable_wall_ms;
    }

    void start() {
        if (session_) return;
        session_.emplace(settings_.station, settings_.poll_period);
        arm();
    }

    void stop() {
        session_.reset();
        account_.reset();
        timer_.cancel();
        if (const auto ticket = std::exchange(ticket_, std::nullopt)) client_.cancel(*ticket);
        status_ = {};
    }

    SemsStatus status_;
    SemsPeerCounters counters_;

  private:
    void arm() {
        if (session_ && session_->due()) wait_until(*session_->due());
    }

    void wait_until(TimePoint at) {
        timer_.expires_at(io::steady(at));
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (!error && self && self->session_ && !self->ticket_) self->ask();
        });
    }

    void ask() {
        const auto wall = settings_.wall_ms();
        if (!wall) return await_clock();
        if (!account_) {
            auto account = read_account(settings_);
            if (!account) return enter({SemsState::given_up, "credentials", account.error()});
            account_ = *std::move(account);
            enter({SemsState::connecting, "", "Asking the SEMS portal."});
            if (!session_) return;
        }
        const bool login = session_->question() == SemsQuestion::login;
        ++(login ? counters_.logins : counters_.requests);
        ticket_ =
            client_.send(request(login, *wall), [weak = weak_from_this()](const io::HttpResult& result) {
                if (const auto self = weak.lock()) self->take(result);
            });
    }

    // Requests carry the time and are signed with it: the portal refuses those of 1970, and a login that is
    // refused counts as a wrong one.
    void await_clock() {
        wait_until(io::now() + settings_.clock_pause);
        enter(
            {SemsState::waiting, "clock",
             "The clock of this machine is not set yet, and requests to the SEMS portal are signed with the "
             "time. It is asked as soon as the clock is right; look at timedatectl when this lasts."});
    }

    [[nodiscard]] io::HttpRequest request(bool login, std::int64_t wall) const {
        goodwe::SemsRequest wanted =
            login ? goodwe::sems_login_request(session_->station(), *account_, wall, digests)
                  : goodwe::sems_data_request(session_->station(), session_->token(), wall, digests);
        io::HttpRequest request;
        request.method = wanted.post ? io::HttpMethod::post : io::HttpMethod::get;
        request.url = std::move(wanted.url);
        for (auto& [key, value] : wanted.headers) request.headers.push_back({key, std::move(value)});
        request.body = std::move(wanted.body);
        request.ca_file = settings_.ca_file;
        request.connect_timeout = settings_.connect_timeout;
        request.total_timeout = settings_.total_timeout;
        return request;
    }

    void take(const io::HttpResult& result) {
        ticket_.reset();
        if (!session_) return;
        if (result) {
            take_answer(*result);
        } else {
            session_->unanswered(io::now());
            ++counters_.faults[static_cast<std::size_t>(SemsFault::unreachable)];
            fail(std::string(io::name(result.error().error)), result.error().sentence);
        }
        arm();
    }

    void take_answer(const io::HttpAnswer& answer) {
        const auto outcome = session_->answered({answer.status, answer.body, answer.retry_after}, io::now());
        if (outcome) {
            if (*outcome) deliver(**outcome, answer.at);
            return;
        }
        const SemsFault fault = outcome.error();
        ++counters_.faults[static_cast<std::size_t>(fault)];
        // An expired session is ordinary: told only when the new login does not help either.
        const bool at_once = session_->due() && *session_->due() <= io::now();
        if (!at_once) fail(std::string(goodwe::name(fault)), std::string(goodwe::describe(fault)));
    }

    void deliver(const goodwe::SemsReading& reading, TimePoint arrival) {
        const auto at = stamp_.of(reading, arrival, settings_.wall_ms());
        if (!at) return deliver_undated(reading);
        ++counters_.readings;
        const Stamped<PeerReading> peer{goodwe::peer_reading(reading.readings), *at};
        enter({SemsState::reading, "", "The SEMS portal answers."});
        if (session_ && handlers_.on_reading) handlers_.on_reading(peer, reading.readings);
    }

    void deliver_undated(const goodwe::SemsReading& reading) {
        ++counters_.undated;
        if (reading.data_mark.empty()) {
            enter({SemsState::waiting, "undated",
                   "The SEMS portal answers, but does not say when its data were measured. They could be "
                   "hours old, so they are not used; try the other value of api in [peer.sems], or better "
                   "read the inverter in the local network."});
        } else {
            enter({SemsState::connecting, "",
                   "The SEMS portal answers, but its data could be hours old. They are used from their first "
                   "change on, in a few minutes; when none comes, the inverter does not reach the portal: "
                   "look at its Wi-Fi."});
        }
        if (session_ && handlers_.on_undated) handlers_.on_undated(reading.readings);
    }

    void fail(const std::string& cause, const std::string& sentence) {
        const bool over = !session_->due();
        if (over) account_.reset();
        enter({over ? SemsState::given_up : SemsState::waiting, cause, sentence});
    }

    void enter(SemsStatus status) {
        if (status.state == status_.state && status.sentence == status_.sentence) return;
        status_ = std::move(status);
        // A copy: the handler may call stop().
        if (handlers_.on_state) handlers_.on_state(SemsStatus(status_));
    }

    io::HttpClient& client_;
    SemsPeerSettings settings_;
    SemsPeerHandlers handlers_;
    boost::asio::steady_timer timer_;
    std::optional<goodwe::SemsAccount> account_;
    std::optional<goodwe::SemsSession> session_;  // present between start and stop
    std::optional<io::HttpTicket> ticket_;        // of the request under way
    goodwe::SemsStamp stamp_;
};

SemsPeer::SemsPeer(boost::asio::io_context& loop, io::HttpClient& client, SemsPeerSettings settings,
                   SemsPeerHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, client, std::move(settings), std::move(handlers))) {}
SemsPeer::~SemsPeer() {
    impl_->stop();
}
void SemsPeer::start() {
    impl_->start();
}
void SemsPeer::stop() {
    impl_->stop();
}
const SemsStatus& SemsPeer::status() const {
    return impl_->status_;
}
const SemsPeerCounters& SemsPeer::counters() const {
    return impl_->counters_;
}

}  // namespace jkp::app
