// SPDX-License-Identifier: MIT
#include "app/json_source.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>

#include "app/json_intake.hpp"
#include "io/clock.hpp"
#include "io/credentials.hpp"
#include "io/http_client.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds after_a_refusal{60};  // some devices lock the door after a few wrong passwords
constexpr seconds longest_pause{10};
constexpr seconds longest_asked_pause{3600};

std::string status_words(int status) {
    const std::string text = "it answers with status " + std::to_string(status);
    if (status == 401 || status == 403) return text + ": not allowed; look at auth and secret_file";
    if (status == 404) return text + ": no such page; look at url";
    return text;
}

}  // namespace

class JsonSource::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, io::HttpClient& client, JsonSourceSettings settings,
         JsonSourceHandlers handlers)
        : client_(client),
          settings_(std::move(settings)),
          handlers_(std::move(handlers)),
          timer_(loop),
          intake_(settings_.rule) {}

    void start() {
        if (running_) return;
        running_ = true;
        request_.reset();
        failures_ = 0;
        intake_.restart();
        last_reading_.reset();
        next_ = io::now();
        arm();
    }

    void stop() {
        running_ = false;
        hears_ = false;
        sentence_.clear();
        timer_.cancel();
        if (const auto ticket = std::exchange(ticket_, std::nullopt)) client_.cancel(*ticket);
    }

    [[nodiscard]] const JsonSourceCounters& counters() const { return counters_; }
    [[nodiscard]] bool hears() const { return hears_; }

  private:
    void arm() {
        if (!running_) return;
        timer_.expires_at(io::steady(next_));
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (!error && self && self->running_ && !self->ticket_) self->ask();
        });
    }

    // A deadline that has passed is not made up for.
    void schedule(Duration pause) {
        next_ = std::max(next_ + pause, io::now());
        arm();
    }

    void ask();
    [[nodiscard]] Result<io::HttpRequest, std::string> make_request() const;
    void take(const io::HttpResult& result);
    [[nodiscard]] std::optional<std::string> use(const io::HttpAnswer& answer);
    void failed(const std::string& why, Duration at_least);
    void change(bool hears, const std::string& sentence);
    [[nodiscard]] std::string origin() const { return io::origin_of(settings_.url); }

    io::HttpClient& client_;
    JsonSourceSettings settings_;
    JsonSourceHandlers handlers_;
    boost::asio::steady_timer timer_;
    std::optional<io::HttpRequest> request_;  // with the secret; made at the first poll after a start
    std::optional<io::HttpTicket> ticket_;    // of the request under way
    JsonSourceCounters counters_;
    JsonIntake intake_;
    TimePoint next_;
    std::optional<TimePoint> last_reading_;
    unsigned failures_ = 0;  // in a row
    bool running_ = false;
    bool hears_ = false;
    std::string sentence_;
};

void JsonSource::Impl::ask() {
    if (!request_) {
        auto request = make_request();
        if (!request) return failed(request.error(), after_a_refusal);
        request_ = std::move(*request);
    }
    ++counters_.requests;
    ticket_ = client_.send(*request_, [weak = weak_from_this()](const io::HttpResult& result) {
        if (const auto self = weak.lock()) self->take(result);
    });
}

Result<io::HttpRequest, std::string> JsonSource::Impl::make_request() const {
    io::HttpRequest request;
    request.url = settings_.url;
    request.headers.push_back({"Accept", "application/json"});
    request.ca_file = settings_.ca_file;
    request.plain_allowed = settings_.url.starts_with("http://");
    request.connect_timeout = std::chrono::duration_cast<milliseconds>(settings_.timeout);
    request.total_timeout = request.connect_timeout;
    request.max_body = meter::longest_payload;
    switch (settings_.auth) {
        case JsonSourceAuth::none: break;
        case JsonSourceAuth::bearer: {
            const auto token = io::read_token(settings_.secret_file);
            if (!token) return failure(token.error());
            request.headers.push_back({"Authorization", "Bearer " + *token});
            break;
        }
        case JsonSourceAuth::basic: {
            const auto account = io::read_credentials(settings_.secret_file);
            if (!account) return failure(account.error());
            request.login = io::HttpLogin{account->user, account->password};
            break;
        }
    }
    return request;
}

void JsonSource::Impl::take(const io::HttpResult& result) {
    const auto self = shared_from_this();  // a handler may let go of us
    ticket_.reset();
    if (!running_) return;
    if (!result) {
        ++counters_.unanswered;
        return failed(result.error().sentence, seconds(0));
    }
    if (result->status != 200) {
        ++counters_.bad_status;
        const bool refused = result->status == 401 || result->status == 403;
        if (refused) request_.reset();  // the file may be corrected meanwhile
        const Duration asked = std::min(result->retry_after.value_or(seconds(0)), longest_asked_pause);
        return failed(origin() + ": " + status_words(result->status),
                      refused ? std::max<Duration>(asked, after_a_refusal) : asked);
    }
    const auto unusable = use(*result);
    if (!running_) return;
    if (unusable) {
        ++counters_.unusable;
        return failed(origin() + ": " + *unusable, seconds(0));
    }
    failures_ = 0;
    schedule(settings_.poll_period);
}

// Why nothing was delivered, if so.
std::optional<std::string> JsonSource::Impl::use(const io::HttpAnswer& answer) {
    const auto reading = intake_.read(answer.body, answer.at, false, counters_);
    if (!reading) return reading.error();
    last_reading_ = answer.at;
    change(true, origin() + " answers");
    if (running_) hand_over(*reading, handlers_);
    return std::nullopt;
}

void JsonSource::Impl::failed(const std::string& why, Duration at_least) {
    const auto self = shared_from_this();
    const TimePoint now = io::now();
    if (!last_reading_ || now - *last_reading_ >= settings_.silent_after) change(false, why);
    if (!running_) return;
    failures_ = std::min(failures_ + 1, 16U);
    const Duration doubled = settings_.poll_period * (1U << std::min(failures_ - 1, 8U));
    schedule(std::max({at_least, settings_.poll_period, std::min<Duration>(doubled, longest_pause)}));
}

void JsonSource::Impl::change(bool hears, const std::string& sentence) {
    if (hears == hears_ && sentence == sentence_) return;
    hears_ = hears;
    sentence_ = sentence;
    if (handlers_.on_state) handlers_.on_state(hears, sentence);
}

JsonSource::JsonSource(boost::asio::io_context& loop, io::HttpClient& client, JsonSourceSettings settings,
                       JsonSourceHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, client, std::move(settings), std::move(handlers))) {}
JsonSource::~JsonSource() {
    impl_->stop();
}

void JsonSource::start() {
    impl_->start();
}
void JsonSource::stop() {
    impl_->stop();
}
const JsonSourceCounters& JsonSource::counters() const {
    return impl_->counters();
}
bool JsonSource::hears() const {
    return impl_->hears();
}

}  // namespace jkp::app
