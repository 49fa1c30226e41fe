// SPDX-License-Identifier: MIT
#include "app/outlets.hpp"

#include <exception>
#include <list>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/history_settings.hpp"
#include "app/mqtt_bridge.hpp"
#include "app/notifier.hpp"
#include "app/outlet_wiring.hpp"
#include "app/recorder.hpp"
#include "app/web_api.hpp"
#include "io/http_client.hpp"
#include "io/store.hpp"
#include "report/command_result.hpp"
#include "report/command_text.hpp"
#include "report/history.hpp"

namespace jkp::app {

class Outlets::Impl {
  public:
    Impl(boost::asio::io_context& loop, const config::Settings& settings, std::string config_file,
         OutletHandlers handlers)
        : loop_(loop), config_file_(std::move(config_file)), handlers_(std::move(handlers)), used_(settings) {
        // Once at the start; a reload does not wait for the card.
        make_recorder(used_.history.enabled ? io::newest_event(used_.history.file) + 1 : 1);
        make_notifier();
        make_bridge();
        web_ = std::make_unique<WebApi>(loop_, used_.web, web_sources(), teller("web"));
    }

    void start() {
        started_ = true;
        start_recorder();
        if (notifier_) notifier_->start();
        if (bridge_) bridge_->start();
        web_->start();
    }

    void stop() {
        started_ = false;
        web_->stop();
        if (bridge_) bridge_->stop();
        if (notifier_) notifier_->stop();
        recorder_->stop();
    }

    void adopt(const config::Settings& settings) {
        const config::Settings before = std::exchange(used_, settings);
        if (used_.history != before.history) {
            const std::uint64_t next = recorder_->next_event_id();
            retire_recorder();
            make_recorder(next);
            start_recorder();
        }
        if (used_.notify != before.notify || (notifier_ && notifier_->address_changed())) {
            make_notifier();
            if (started_ && notifier_) notifier_->start();
        }
        const bool same_bridge = used_.mqtt == before.mqtt && used_.commands == before.commands &&
                                 used_.history.enabled == before.history.enabled &&
                                 used_.control.packs == before.control.packs;
        if (!same_bridge) {
            make_bridge();
            if (started_ && bridge_) bridge_->start();
        }
        web_->adopt(used_.web);
    }

    void on_cycle(TimePoint now) {
        if (!started_) return;
        guard("history", [&] { recorder_->on_cycle(now); });
        if (notifier_) guard("notify", [&] { notifier_->on_cycle(now); });
        if (bridge_) guard("mqtt", [&] { bridge_->on_cycle(now); });
        guard("web", [&] { web_->on_cycle(now); });
    }

    void on_event(const report::EventRecord& event) {
        guard("history", [&] { recorder_->on_event(event); });
        if (notifier_) guard("notify", [&] { notifier_->on_event(event); });
        if (bridge_) guard("mqtt", [&] { bridge_->on_event(event_text(event)); });
        guard("web", [&] { web_->on_event(event); });
    }

    [[nodiscard]] std::uint64_t next_event_id() const { return recorder_->next_event_id(); }

    [[nodiscard]] std::vector<report::LinkView> views() const {
        std::vector<report::LinkView> all = other_views();
        all.push_back(web_->view());
        return all;
    }

    [[nodiscard]] std::string url() const { return web_->url(); }

  private:
    // Called from a control cycle, which no fault of an outlet may end. What is told of it is an event as
    // well, so that a second fault meanwhile is only swallowed.
    template <class Work>
    void guard(const std::string& outlet, Work work) {
        try {
            work();
        } catch (const std::exception& fault) {
            if (std::exchange(telling_, true)) return;
            handlers_.on_state(outlet, false, std::string("it failed: ") + fault.what());
            telling_ = false;
        }
    }

    std::function<void(bool, const std::string&)> teller(const std::string& outlet) {
        return [this, outlet](bool good, const std::string& sentence) {
            handlers_.on_state(outlet, good, sentence);
        };
    }

    void make_recorder(std::uint64_t next_event) {
        RecorderSettings settings = recorder_settings(used_.history);
        settings.store.next_event = next_event;
        recorder_ = std::make_unique<Recorder>(
            loop_, std::move(settings),
            RecorderHandlers{handlers_.snapshot, handlers_.wall, teller("history"), {}, handlers_.on_raised});
    }

    // The last batch is written, and nobody waits for it: a slow card must not hold up control.
    void retire_recorder() {
        const auto old = retired_.insert(retired_.end(), std::move(recorder_));
        (*old)->stop([this, old] {
            retired_.erase(old);
            start_recorder();
        });
    }

    // A file must not have two writers, so that the one of before ends first.
    void start_recorder() {
        if (started_ && retired_.empty()) recorder_->start();
    }

    void make_notifier() {
        notifier_.reset();
        if (!used_.notify.enabled) return;
        try {
            if (!http_) http_ = std::make_unique<io::HttpClient>(loop_);
            notifier_ = std::make_unique<Notifier>(loop_, *http_, notifier_settings(used_.notify),
                                                   NotifierHandlers{teller("notify")});
        } catch (const std::exception& fault) {
            handlers_.on_state("notify", false, fault.what());  // a missing library is no reason to stop
        }
    }

    void make_bridge() {
        const MqttKept former = bridge_ ? bridge_->kept() : MqttKept{};
        bridge_.reset();
        if (!used_.mqtt.enabled()) return;
        MqttBridgeHandlers handlers;
        handlers.snapshot = handlers_.snapshot;
        handlers.config = [this]() -> const control::Config& { return handlers_.settings().control; };
        handlers.extras = [this] { return mqtt_extras(handlers_.snapshot(), total()); };
        handlers.command = [this](const std::string& name, const std::string& payload) {
            return order(name, payload);
        };
        handlers.on_state = teller("mqtt");
        handlers.on_kept_command = [this](const std::string& sentence) {
            handlers_.on_state("mqtt command", false, sentence);
        };
        MqttBridgeOptions options = bridge_options(used_);
        options.former = former;
        bridge_ = std::make_unique<MqttBridge>(loop_, used_.mqtt, std::move(options), std::move(handlers));
    }

    // The bridge has refused what the broker had kept before it comes here.
    MqttAnswer order(const std::string& name, const std::string& payload) {
        CommandRequest request;
        request.outlet = Outlet::mqtt;
        request.text = payload;
        request.topic = report::command_named(name);
        if (!request.topic) return {false, report::refused_command(name, "there is no such command")};
        const Answer answer = handlers_.command(request);
        return {answer.ok(), answer_json(answer)};
    }

    WebSources web_sources() {
        WebSources sources;
        sources.snapshot = handlers_.snapshot;
        sources.settings = handlers_.settings;
        sources.config_file = config_file_;
        sources.time = handlers_.wall;
        sources.energy_total = [this] { return total(); };
        sources.metrics_extra = [this] {
            report::MetricsExtra extra;
            extra.outlets = other_views();
            return extra;
        };
        sources.events = [this](std::uint64_t before, std::size_t limit, Reply<report::EventPage> reply) {
            recorder_->events(before, limit, std::move(reply));
        };
        sources.history = [this](report::HistoryRequest request, Reply<report::HistoryTable> reply) {
            recorder_->history(std::move(request), std::move(reply));
        };
        sources.energy = [this](std::size_t days, Reply<report::EnergyReport> reply) {
            recorder_->energy_days(days, std::move(reply));
        };
        sources.command = [this](std::string_view body, const std::string& client) {
            CommandRequest request;
            request.outlet = Outlet::http;
            request.from = client;
            request.text = body;
            const Answer answer = handlers_.command(request);
            return CommandReply{static_cast<unsigned>(http_status(answer.kind)), answer_json(answer)};
        };
        return sources;
    }

    [[nodiscard]] std::optional<Energy> total() const {
        const auto energy = recorder_->energy();
        return energy ? std::optional(energy->total) : std::nullopt;
    }

    [[nodiscard]] std::vector<report::LinkView> other_views() const {
        std::vector<report::LinkView> all{recorder_->view()};
        if (bridge_) all.push_back(bridge_->view());
        if (notifier_) all.push_back(notifier_->view());
        return all;
    }

    boost::asio::io_context& loop_;
    std::string config_file_;
    OutletHandlers handlers_;
    config::Settings used_;
    std::unique_ptr<io::HttpClient> http_;  // outlives its users below
    std::unique_ptr<Recorder> recorder_;
    std::list<std::unique_ptr<Recorder>> retired_;  // until their files are closed
    std::unique_ptr<Notifier> notifier_;
    std::unique_ptr<MqttBridge> bridge_;
    std::unique_ptr<WebApi> web_;
    bool started_ = false;
    bool telling_ = false;
};

Outlets::Outlets(boost::asio::io_context& loop, const config::Settings& settings, std::string config_file,
                 OutletHandlers handlers)
    : impl_(std::make_unique<Impl>(loop, settings, std::move(config_file), std::move(handlers))) {}
Outlets::~Outlets() {
    impl_->stop();
}
void Outlets::start() {
    impl_->start();
}
void Outlets::stop() {
    impl_->stop();
}
void Outlets::adopt(const config::Settings& settings) {
    impl_->adopt(settings);
}
void Outlets::on_cycle(TimePoint now) {
    impl_->on_cycle(now);
}
void Outlets::on_event(const report::EventRecord& event) {
    impl_->on_event(event);
}
std::uint64_t Outlets::next_event_id() const {
    return impl_->next_event_id();
}
std::vector<report::LinkView> Outlets::views() const {
    return impl_->views();
}
std::string Outlets::url() const {
    return impl_->url();
}

}  // namespace jkp::app
