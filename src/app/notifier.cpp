// SPDX-License-Identifier: MIT
#include "app/notifier.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "io/clock.hpp"
#include "io/credentials.hpp"
#include "io/http_client.hpp"
#include "report/history.hpp"

namespace jkp::app {
namespace {

using report::EventRecord;
using report::Language;
using report::Severity;

constexpr Duration hour = std::chrono::hours(1);
constexpr std::string_view own_topic = "notify";

struct Message {
    EventRecord event;
    bool over = false;          // the end of something that was posted
    std::uint64_t summary = 0;  // so many events, of which this is the newest
    TimePoint made{};
};

std::string_view severity_word(Severity severity, Language language) {
    const bool german = language == Language::german;
    switch (severity) {
        case Severity::info: return german ? "Meldung" : "info";
        case Severity::warning: return german ? "Warnung" : "warning";
        case Severity::error: return german ? "Fehler" : "error";
    }
    broken("a Severity of the list", std::source_location::current());
}

std::string summary_text(const Message& message, Language language) {
    const std::string count = std::to_string(message.summary);
    const std::string& newest = text(message.event, language);
    if (message.summary == 0) return newest;
    return language == Language::german ? count + " weitere Meldungen, zuletzt: " + newest
                                        : count + " more messages, the latest: " + newest;
}

// `title`, `message` and `text` are what chat and push services look for; the rest is for programs.
std::string body_of(const Message& message, Language language) {
    const std::string words = summary_text(message, language);
    std::string title = "jk-pylon: ";
    if (message.over) {
        title += language == Language::german ? "behoben" : "over";
    } else {
        title += severity_word(message.event.severity, language);
    }
    report::Json json{{"title", title}, {"message", words}, {"text", title + ": " + words}};
    json["recovery"] = message.over;
    json["suppressed"] = message.summary;
    json["event"] = report::event_json(message.event, language);
    return json.dump(-1, ' ', false, report::Json::error_handler_t::replace);
}

}  // namespace

class Notifier::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, io::HttpClient& client, NotifierSettings settings,
         NotifierHandlers handlers)
        : loop_(loop),
          client_(client),
          settings_(std::move(settings)),
          handlers_(std::move(handlers)),
          timer_(loop),
          retry_(settings_.first_retry) {
        if (!settings_.now) settings_.now = [] { return io::now(); };
    }

    void start() {
        running_ = true;
        auto url = read_address();
        if (!url) return fail("nobody is notified: " + url.error());
        url_ = *std::move(url);
        send_next();
    }

    bool address_changed() const { return read_address().value_or("") != url_; }

    void stop() {
        running_ = false;
        timer_.cancel();
        if (ticket_) client_.cancel(*std::exchange(ticket_, std::nullopt));
        handlers_ = {};
    }

    void on_event(const EventRecord& event) {
        if (!running_ || url_.empty() || event.topic == own_topic) return;
        const std::string subject = event.topic + '/' + event.pack;
        const TimePoint now = settings_.now();
        if (event.severity >= settings_.severity) {
            open_[subject] = event.severity;
            return offer({event, false, 0, now});
        }
        // A recovery that was only begun is not over.
        if (event.severity != Severity::info || event.code == "recovery_started") return;
        if (open_.erase(subject) > 0) offer({event, true, 0, now});
    }

    void on_cycle(TimePoint now) {
        if (held_back_ == 0 || !has_room(now)) return;
        // The worst is told, and the newest of these.
        const auto better = [](const Message& a, const Message& b) {
            return a.event.severity < b.event.severity;
        };
        Message summary = *std::max_element(held_.rbegin(), held_.rend(), better);
        held_.clear();
        summary.summary = std::exchange(held_back_, 0);
        if (summary.summary == 1) summary.summary = 0;
        summary.made = now;
        enqueue(std::move(summary), now);
    }

    report::LinkView view() const {
        // Without an address nobody is notified although it is wanted: bad, whatever the word.
        const bool ready = running_ && !url_.empty() && !bad_;
        const char* state = ready ? "ready" : !running_ ? "closed" : url_.empty() ? "off" : "waiting";
        return {"notify",
                state,
                report::health(ready),
                sentence_,
                {{"sent", sent_},
                 {"failed", failed_},
                 {"summarised", summarised_},
                 {"dropped", dropped_},
                 {"waiting", waiting_.size()}}};
    }

  private:
    [[nodiscard]] Result<std::string, std::string> read_address() const {
        std::string path = settings_.url_file;
        if (path.empty()) path = io::credential_path(settings_.credential).value_or("");
        if (path.empty()) {
            return failure("name a file with the address in notify.url_file, or write LoadCredential=" +
                           settings_.credential + ":/etc/jk-pylon/webhook into the unit");
        }
        return io::read_token(path);
    }

    bool has_room(TimePoint now) {
        while (!times_.empty() && now - times_.front() >= hour) times_.pop_front();
        return times_.size() < settings_.per_hour;
    }

    void offer(Message message) {
        const TimePoint now = message.made;
        if (held_back_ == 0 && has_room(now)) return enqueue(std::move(message), now);
        ++held_back_;
        ++summarised_;
        // The end of something takes its place: told as the latest, a fault that is over would stay wrong for
        // whoever reads it, because no other message follows.
        const auto same = std::ranges::find_if(held_, [&](const Message& held) {
            return held.event.topic == message.event.topic && held.event.pack == message.event.pack;
        });
        if (same != held_.end()) {
            if (!message.over && message.event.severity < same->event.severity) return;
            held_.erase(same);
        }
        held_.push_back(std::move(message));
    }

    void enqueue(Message message, TimePoint now) {
        times_.push_back(now);
        waiting_.push_back(std::move(message));
        if (waiting_.size() > max_waiting) {
            waiting_.pop_front();
            ++dropped_;
        }
        send_next();
    }

    void send_next() {
        if (!running_ || url_.empty() || ticket_ || pausing_ || waiting_.empty()) return;
        io::HttpRequest request;
        request.method = io::HttpMethod::post;
        request.url = url_;
        request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
        request.body = body_of(waiting_.front(), settings_.language);
        request.ca_file = settings_.ca_file;
        request.plain_allowed = url_.starts_with("http://");
        request.connect_timeout = settings_.timeout;
        request.total_timeout = settings_.timeout;
        request.max_body = 65536;
        // The front may be dropped while it is under way.
        in_flight_ = std::exchange(waiting_.front(), {});
        waiting_.pop_front();
        ticket_ = client_.send(std::move(request), [weak = weak_from_this()](const io::HttpResult& result) {
            if (const auto self = weak.lock()) self->sent(result);
        });
    }

    void sent(const io::HttpResult& result) {
        ticket_.reset();
        if (!running_) return;
        if (result && result->status >= 200 && result->status < 300) {
            ++sent_;
            retry_ = settings_.first_retry;
            recover();
            return send_next();
        }
        ++failed_;
        // What the server refuses it refuses again.
        const bool refused = result && result->status >= 400 && result->status < 500 &&
                             result->status != 408 && result->status != 429;
        const TimePoint now = settings_.now();
        if (refused || now - in_flight_.made > hour) {
            ++dropped_;
        } else {
            waiting_.push_front(std::exchange(in_flight_, {}));
        }
        fail(result ? io::origin_of(url_) + " answers with status " + std::to_string(result->status) +
                          (refused ? ": a message is lost. Check the address in its file"
                                   : "; it is tried again")
                    : result.error().sentence);
        auto pause = retry_;
        if (result && result->retry_after)
            pause = std::max<std::chrono::milliseconds>(pause, *result->retry_after);
        retry_ = std::min(retry_ * 2, settings_.longest_retry);
        pausing_ = true;
        timer_.expires_after(std::min(pause, settings_.longest_retry));
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (error || !self) return;
            self->pausing_ = false;
            self->send_next();
        });
    }

    void fail(const std::string& sentence) {
        sentence_ = sentence;
        if (!std::exchange(bad_, true)) tell(false, sentence);
    }
    void recover() {
        sentence_.clear();
        if (std::exchange(bad_, false))
            tell(true, "messages get through to " + io::origin_of(url_) + " again");
    }
    void tell(bool good, const std::string& sentence) {
        boost::asio::post(loop_, [weak = weak_from_this(), good, sentence] {
            const auto self = weak.lock();
            if (self && self->handlers_.on_state) self->handlers_.on_state(good, sentence);
        });
    }

    boost::asio::io_context& loop_;
    io::HttpClient& client_;
    NotifierSettings settings_;
    NotifierHandlers handlers_;
    boost::asio::steady_timer timer_;
    std::string url_;  // a secret
    std::chrono::milliseconds retry_;
    std::deque<Message> waiting_;
    Message in_flight_;
    std::optional<io::HttpTicket> ticket_;
    std::map<std::string, Severity> open_;  // what was wrong and is not over, by topic and pack
    std::deque<TimePoint> times_;           // of the messages of the last hour
    std::uint64_t held_back_ = 0;
    std::vector<Message> held_;  // of what is held back, of each topic and pack the one that counts
    std::uint64_t sent_ = 0;
    std::uint64_t failed_ = 0;
    std::uint64_t summarised_ = 0;
    std::uint64_t dropped_ = 0;
    std::string sentence_;
    bool running_ = false;
    bool pausing_ = false;
    bool bad_ = false;
};

Notifier::Notifier(boost::asio::io_context& loop, io::HttpClient& client, NotifierSettings settings,
                   NotifierHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, client, std::move(settings), std::move(handlers))) {}
Notifier::~Notifier() {
    impl_->stop();
}
void Notifier::start() {
    impl_->start();
}
void Notifier::stop() {
    impl_->stop();
}
void Notifier::on_event(const EventRecord& event) {
    impl_->on_event(event);
}
void Notifier::on_cycle(TimePoint now) {
    impl_->on_cycle(now);
}
bool Notifier::address_changed() const {
    return impl_->address_changed();
}
report::LinkView Notifier::view() const {
    return impl_->view();
}

}  // namespace jkp::app
