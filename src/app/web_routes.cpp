// SPDX-License-Identifier: MIT
#include "app/web_routes.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "app/openapi.hpp"
#include "app/web_files.hpp"
#include "app/web_query.hpp"
#include "app/web_settings_json.hpp"
#include "core/ensure.hpp"
#include "core/token_bucket.hpp"
#include "report/history_line.hpp"
#include "report/status_json.hpp"

namespace jkp::app {
namespace {

using io::SharedText;
using io::web_error;
using io::WebMethod;
using io::WebReply;
using io::WebRequest;
using io::WebResponder;

constexpr std::size_t most_pending = 4;  // questions to the store at once
// Some windows that are opened together; then a share of the processor is left to everybody else.
constexpr double most_questions = 60;
constexpr double questions_each_second = 10;
constexpr Duration made_for = std::chrono::seconds(2);  // when no cycle comes any more

WebReply json_reply(std::string text) {
    WebReply reply;
    reply.text = std::move(text);
    return reply;
}
std::string line_of(const report::Json& value) {
    return value.dump(-1, ' ', false, report::Json::error_handler_t::replace);
}
WebReply busy(std::string_view sentence) {
    WebReply reply = web_error(503, sentence);
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
}
WebReply too_often() {
    WebReply reply = web_error(429, "too many questions to the store; wait a second");
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
}
WebReply not_allowed(std::string_view methods) {
    WebReply reply = web_error(405, "this address knows " + std::string(methods) + " only");
    reply.headers.emplace_back("Allow", std::string(methods));
    return reply;
}

// A text that is made once and then shared.
struct Made {
    SharedText text;
    TimePoint at{};
    [[nodiscard]] bool is_good(TimePoint now) const { return text && now - at < made_for; }
    const SharedText& keep(std::string fresh, TimePoint now) {
        at = now;
        return text = std::make_shared<const std::string>(std::move(fresh));
    }
};

}  // namespace

class WebRoutes::Impl {
  public:
    Impl(WebSources sources, WebAccess access)
        : sources_(std::move(sources)),
          access_(std::move(access)),
          live_([this](const report::Snapshot& snapshot) { return snapshot_text(snapshot); }) {}

    using Answer = void (Impl::*)(const WebRequest&, WebResponder);
    enum class Needs : std::uint8_t { nothing, reading, writing };
    struct Route {
        WebRoute route;
        Needs needs;
        Answer answer;
    };

    static const auto& routes() {
        static constexpr std::array list{
            Route{{"api/v1/snapshot", "GET"}, Needs::reading, &Impl::snapshot},
            Route{{"api/v1/live", "GET"}, Needs::reading, &Impl::live},
            Route{{"api/v1/events", "GET"}, Needs::reading, &Impl::events},
            Route{{"api/v1/history", "GET"}, Needs::reading, &Impl::history},
            Route{{"api/v1/history.csv", "GET"}, Needs::reading, &Impl::history_csv},
            Route{{"api/v1/energy", "GET"}, Needs::reading, &Impl::energy},
            Route{{"api/v1/settings", "GET"}, Needs::reading, &Impl::settings},
            Route{{"api/v1/openapi.json", "GET"}, Needs::nothing, &Impl::openapi},
            Route{{"api/v1/commands", "POST"}, Needs::writing, &Impl::command},
            Route{{"metrics", "GET"}, Needs::reading, &Impl::metrics},
        };
        return list;
    }

    void handle(const WebRequest& request, WebResponder respond) {
        const auto found =
            std::ranges::find(routes(), request.path, [](const Route& route) { return route.route.path; });
        if (found == routes().end()) return respond(file(request));
        const bool reads = found->needs != Needs::writing;
        const bool asked_to_read = request.method == WebMethod::get || request.method == WebMethod::head;
        if (reads && !asked_to_read) return respond(not_allowed("GET, HEAD"));
        if (!reads && request.method != WebMethod::post) return respond(not_allowed("POST"));
        if (auto refused = refusal(found->needs, request)) return respond(std::move(*refused));
        (this->*found->answer)(request, std::move(respond));
    }

    void on_cycle() {
        snapshot_.text.reset();
        metrics_.text.reset();
    }

    [[nodiscard]] bool is_due(TimePoint now) const { return live_.is_due(now); }
    void show(TimePoint now) {
        if (!live_.is_due(now)) return;
        now_ = now;
        live_.show(sources_.snapshot(), now);
    }
    void on_event(const report::EventRecord& event) { live_.tell(event); }

  private:
    std::optional<WebReply> refusal(Needs needs, const WebRequest& request) {
        switch (needs) {
            case Needs::nothing: return std::nullopt;
            case Needs::reading: return access_.refuse_read(request);
            case Needs::writing: return access_.refuse_write(request);
        }
        broken("a Needs of the list", std::source_location::current());
    }

    // Files hold no data of the site and need no token.
    static WebReply file(const WebRequest& request) {
        const bool reads = request.method == WebMethod::get || request.method == WebMethod::head;
        auto reply = file_reply(request, web::assets());
        if (!reply) return web_error(404, "there is nothing at this address");
        return reads ? std::move(*reply) : not_allowed("GET, HEAD");
    }

    // Once per cycle, however many ask for it.
    SharedText snapshot_text(const report::Snapshot& snapshot) {
        if (snapshot_.is_good(now_)) return snapshot_.text;
        std::string text = report::status_json(snapshot, sources_.settings().control);
        const auto time = sources_.time ? sources_.time() : std::nullopt;
        text.pop_back();  // its }
        text += ",\"time\":" + (time ? std::to_string(time->seconds) : "null");
        const auto energy = sources_.energy_total ? sources_.energy_total() : std::nullopt;
        text += ",\"energy\":" + (energy ? report::energy_json(*energy).dump() : "null");
        text += ",\"writable\":" + std::string(access_.can_write() ? "true" : "false") + '}';
        return snapshot_.keep(std::move(text), now_);
    }

    void snapshot(const WebRequest& request, WebResponder respond) {
        now_ = request.at;
        WebReply reply;
        reply.shared = snapshot_.is_good(now_) ? snapshot_.text : snapshot_text(sources_.snapshot());
        respond(std::move(reply));
    }

    void live(const WebRequest& request, WebResponder respond) {
        const auto language = language_of(request);
        if (!language) return respond(web_error(400, language.error()));
        now_ = request.at;
        WebReply reply;
        reply.content_type = "text/event-stream; charset=utf-8";
        reply.stream = [this, language = *language](std::shared_ptr<io::EventStream> stream) {
            live_.watch(std::move(stream), language, sources_.snapshot());
        };
        respond(std::move(reply));
    }

    // Counts one question to the store until its answer, or its end without one.
    std::shared_ptr<void> begin_pending() {
        ++*pending_;
        return {nullptr, [pending = pending_](void*) { --*pending; }};
    }

    // Whether the store may be asked now; otherwise `respond` has said why not.
    bool may_ask(bool is_there, TimePoint now, const WebResponder& respond) {
        const auto refuse = [&](WebReply reply) {
            respond(std::move(reply));
            return false;
        };
        if (!is_there) return refuse(web_error(503, "nothing is recorded here"));
        if (!budget_.take(now)) return refuse(too_often());
        if (*pending_ >= most_pending) return refuse(busy("the store is busy; try again in a moment"));
        return true;
    }

    // Nothing of `this` is in the answer: it may come when this object has gone.
    template <class T, class Make>
    Reply<T> later(WebResponder respond, Make make) {
        return [pending = begin_pending(), respond = std::move(respond),
                make = std::move(make)](const Result<T, RecorderFault>& result) {
            if (result) return respond(make(*result));
            if (result.error().busy) return respond(busy(result.error().sentence));
            respond(web_error(400, result.error().sentence));
        };
    }

    void events(const WebRequest& request, WebResponder respond) {
        const auto query = events_query(request);
        if (!query) return respond(web_error(400, query.error()));
        const auto language = language_of(request);
        if (!language) return respond(web_error(400, language.error()));
        if (!may_ask(sources_.events != nullptr, request.at, respond)) return;
        sources_.events(query->before, query->limit,
                        later<report::EventPage>(
                            std::move(respond), [language = *language](const report::EventPage& page) {
                                return json_reply(line_of(report::events_json(page, language)));
                            }));
    }

    void history(const WebRequest& request, WebResponder respond) {
        ask_history(request, std::move(respond), [](const report::HistoryTable& table) {
            return json_reply(report::history_line(table));
        });
    }

    void history_csv(const WebRequest& request, WebResponder respond) {
        ask_history(request, std::move(respond), [](const report::HistoryTable& table) {
            WebReply reply = json_reply(report::history_csv(table));
            reply.content_type = "text/csv; charset=utf-8; header=present";
            reply.headers.emplace_back("Content-Disposition", "attachment; filename=\"jk-pylon.csv\"");
            return reply;
        });
    }

    template <class Make>
    void ask_history(const WebRequest& request, WebResponder respond, Make make) {
        auto query = history_query(request, sources_.time ? sources_.time() : std::nullopt);
        if (!query) return respond(web_error(400, query.error()));
        if (!may_ask(sources_.history != nullptr, request.at, respond)) return;
        sources_.history(std::move(*query), later<report::HistoryTable>(std::move(respond), std::move(make)));
    }

    void energy(const WebRequest& request, WebResponder respond) {
        const auto days = days_of(request);
        if (!days) return respond(web_error(400, days.error()));
        if (!may_ask(sources_.energy != nullptr, request.at, respond)) return;
        sources_.energy(
            *days, later<report::EnergyReport>(std::move(respond), [](const report::EnergyReport& report) {
                return json_reply(line_of(report::energy_json(report)));
            }));
    }

    void settings(const WebRequest& request, WebResponder respond) {
        if (!settings_.is_good(request.at))
            settings_.keep(settings_json(sources_.settings(), sources_.config_file), request.at);
        WebReply reply;
        reply.shared = settings_.text;
        respond(std::move(reply));
    }

    void openapi(const WebRequest&, WebResponder respond) {
        WebReply reply;
        reply.raw = std::as_bytes(std::span<const char>(openapi_json()));
        respond(std::move(reply));
    }

    void command(const WebRequest& request, WebResponder respond) {
        const auto body = nlohmann::json::parse(request.body, nullptr, false);
        if (!body.is_object()) return respond(web_error(400, "the body must be a JSON object"));
        if (!sources_.command) return respond(web_error(503, "commands are not taken here"));
        CommandReply reply = sources_.command(request.body, request.client);
        WebReply answer = json_reply(std::move(reply.json));
        answer.status = reply.status;
        respond(std::move(answer));
    }

    void metrics(const WebRequest& request, WebResponder respond) {
        WebReply reply;
        reply.content_type = report::metrics_content_type;
        if (!metrics_.is_good(request.at)) {
            report::MetricsExtra extra =
                sources_.metrics_extra ? sources_.metrics_extra() : report::MetricsExtra{};
            if (sources_.energy_total) extra.energy = sources_.energy_total();
            metrics_.keep(report::metrics_text(sources_.snapshot(), sources_.settings().control, extra),
                          request.at);
        }
        reply.shared = metrics_.text;
        respond(std::move(reply));
    }

    WebSources sources_;
    WebAccess access_;
    WebLive live_;
    Made snapshot_;
    Made metrics_;
    Made settings_;
    TokenBucket budget_{most_questions, questions_each_second};
    TimePoint now_{};
    std::shared_ptr<std::size_t> pending_ = std::make_shared<std::size_t>(0);
};

WebRoutes::WebRoutes(WebSources sources, WebAccess access)
    : impl_(std::make_unique<Impl>(std::move(sources), std::move(access))) {}
WebRoutes::~WebRoutes() = default;
void WebRoutes::handle(const io::WebRequest& request, io::WebResponder respond) {
    impl_->handle(request, std::move(respond));
}
void WebRoutes::on_cycle() {
    impl_->on_cycle();
}
void WebRoutes::show(TimePoint now) {
    impl_->show(now);
}
bool WebRoutes::is_due(TimePoint now) const {
    return impl_->is_due(now);
}
void WebRoutes::on_event(const report::EventRecord& event) {
    impl_->on_event(event);
}
std::span<const WebRoute> WebRoutes::list() {
    static const auto list = [] {
        std::array<WebRoute, std::tuple_size_v<std::remove_cvref_t<decltype(Impl::routes())>>> all;
        std::ranges::transform(Impl::routes(), all.begin(), &Impl::Route::route);
        return all;
    }();
    return list;
}

}  // namespace jkp::app
