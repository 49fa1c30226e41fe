// SPDX-License-Identifier: MIT
#include "app/web_api.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>

#include "app/web_routes.hpp"
#include "io/http_server.hpp"
#include "io/process_usage.hpp"
#include "io/web_target.hpp"

namespace jkp::app {
namespace {

constexpr std::chrono::seconds try_again{5};

io::HttpServerSettings server_settings(const config::WebSettings& settings) {
    io::HttpServerSettings server;
    server.listen = settings.listen;
    server.port = settings.port;
    server.base_path = settings.base_path;
    server.hosts = io::host_names(settings.hosts);
    server.max_connections = static_cast<std::size_t>(settings.max_connections);
    server.max_streams = server.max_connections * 3 / 4;
    return server;
}

std::string url_of(const std::string& address, std::uint16_t port) {
    std::string host = address.find(':') == std::string::npos ? address : '[' + address + ']';
    if (address == "0.0.0.0" || address == "::") host = "127.0.0.1";
    return "http://" + host + ':' + std::to_string(port) + '/';
}

report::MetricsExtra usage() {
    const io::ProcessUsage used = io::process_usage();
    report::MetricsExtra extra;
    extra.resident_bytes = used.resident_bytes;
    extra.cpu_seconds = used.cpu_seconds;
    extra.open_files = used.open_files;
    return extra;
}

}  // namespace

class WebApi::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, config::WebSettings settings, WebSources sources, OnState on_state)
        : loop_(loop),
          settings_(std::move(settings)),
          sources_(std::move(sources)),
          on_state_(std::move(on_state)),
          retry_(loop) {
        complete_metrics();
    }

    void start() {
        started_ = true;
        if (settings_.enabled) open();
    }

    void stop() {
        started_ = false;
        retry_.cancel();
        server_.reset();
        routes_.reset();
        url_.clear();
    }

    void adopt(const config::WebSettings& settings) {
        if (settings == settings_ && server_ && read_tokens(settings) == tokens_) return;
        const bool started = started_;
        stop();
        settings_ = settings;
        if (started) start();
    }

    // The text is made in a turn of its own, when the cycle has done all it has to.
    void on_cycle(TimePoint now) {
        if (!routes_) return;
        routes_->on_cycle();
        if (due_ || !routes_->is_due(now)) return;
        due_ = true;
        boost::asio::post(loop_, [weak = weak_from_this(), now] {
            if (const auto self = weak.lock()) self->show(now);
        });
    }

    void on_event(const report::EventRecord& event) {
        if (routes_) routes_->on_event(event);
    }

    [[nodiscard]] report::LinkView view() const {
        const char* state = server_ ? "good" : settings_.enabled ? "unknown" : "off";
        const report::LinkHealth health =
            server_ || settings_.enabled ? report::health(server_ != nullptr) : report::LinkHealth::off;
        report::LinkView view{"web", state, health, sentence_, {}};
        if (server_ && tokens_ && tokens_->fault.empty()) view.detail.clear();
        if (!server_) return view;
        const io::HttpServerCounters& c = server_->counters();
        view.counters = {{"connections", c.connections}, {"refused", c.refused},   {"requests", c.requests},
                         {"rejected", c.rejected},       {"timeouts", c.timeouts}, {"failed", c.failed},
                         {"dropped", c.dropped}};
        return view;
    }

    [[nodiscard]] const std::string& url() const { return url_; }

  private:
    void complete_metrics() {
        sources_.metrics_extra = [this, more = std::move(sources_.metrics_extra)] {
            report::MetricsExtra extra = usage();
            if (more) extra.outlets = more().outlets;
            extra.outlets.push_back(view());
            return extra;
        };
    }

    void open() {
        tokens_ = read_tokens(settings_);
        if (!tokens_) return fail(tokens_.error());
        routes_ = std::make_unique<WebRoutes>(sources_, WebAccess(*tokens_, io::host_names(settings_.hosts)));
        auto server = io::HttpServer::listen(loop_, server_settings(settings_),
                                             [this](const io::WebRequest& request, io::WebResponder respond) {
                                                 routes_->handle(request, std::move(respond));
                                             });
        if (!server) return fail(server.error());
        server_ = std::move(*server);
        url_ = url_of(settings_.listen, server_->port());
        if (tokens_->fault.empty()) return tell(true, "the dashboard is at " + url_);
        tell(true, "the dashboard is at " + url_ + ". " + tokens_->fault);
    }

    void fail(const std::string& sentence) {
        routes_.reset();
        tell(false, sentence);
        retry_.expires_after(try_again);
        retry_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (!error && self && self->started_ && !self->server_) self->open();
        });
    }

    void tell(bool good, const std::string& sentence) {
        if (sentence == sentence_) return;
        sentence_ = sentence;
        if (on_state_) on_state_(good, sentence);
    }

    void show(TimePoint now) {
        due_ = false;
        if (!routes_) return;
        try {
            routes_->show(now);
        } catch (const std::exception& fault) {
            tell(false, std::string("live values could not be made: ") + fault.what());
        }
    }

    boost::asio::io_context& loop_;
    config::WebSettings settings_;
    WebSources sources_;
    OnState on_state_;
    boost::asio::steady_timer retry_;
    Result<WebTokens, std::string> tokens_ = failure(std::string("not read yet"));
    std::unique_ptr<WebRoutes> routes_;
    std::unique_ptr<io::HttpServer> server_;  // ended before its routes
    std::string sentence_;
    std::string url_;
    bool started_ = false;
    bool due_ = false;
};

WebApi::WebApi(boost::asio::io_context& loop, config::WebSettings settings, WebSources sources,
               OnState on_state)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(sources), std::move(on_state))) {}
WebApi::~WebApi() {
    impl_->stop();
}
void WebApi::start() {
    impl_->start();
}
void WebApi::stop() {
    impl_->stop();
}
void WebApi::adopt(const config::WebSettings& settings) {
    impl_->adopt(settings);
}
void WebApi::on_cycle(TimePoint now) {
    impl_->on_cycle(now);
}
void WebApi::on_event(const report::EventRecord& event) {
    impl_->on_event(event);
}
report::LinkView WebApi::view() const {
    return impl_->view();
}
std::string WebApi::url() const {
    return impl_->url();
}

}  // namespace jkp::app
