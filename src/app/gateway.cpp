// SPDX-License-Identifier: MIT
#include "app/gateway.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <stdexcept>

#include "app/commands.hpp"
#include "app/controller.hpp"
#include "app/event_log.hpp"
#include "app/farewell.hpp"
#include "app/next_turn.hpp"
#include "app/outlets.hpp"
#include "app/pollers.hpp"
#include "app/requests.hpp"
#include "app/service_report.hpp"
#include "app/site_sources.hpp"
#include "app/snapshots.hpp"
#include "app/state_store.hpp"
#include "app/version.hpp"
#include "app/wall_clock.hpp"
#include "app/wiring.hpp"
#include "io/clock.hpp"
#include "io/local_socket.hpp"
#include "io/systemd_notify.hpp"
#include "report/words_de.hpp"

namespace jkp::app {
namespace {

using boost::asio::steady_timer;
using boost::system::error_code;

constexpr Duration longest_sleep = control::seconds(1);
constexpr Duration shortest_sleep = std::chrono::milliseconds(5);

}  // namespace

class Gateway::Impl {
  public:
    Impl(boost::asio::io_context& loop, config::Settings settings, std::shared_ptr<spdlog::logger> log,
         std::string config_file)
        : loop_(loop),
          settings_(std::move(settings)),
          log_(std::move(log)),
          events_(log_),
          link_(io::make_can_link(loop, can_link_settings(settings_.can))),
          restored_(restored_state(settings_)),
          controller_(controller_settings(settings_, link_->echo_proves_acknowledge()),
                      std::move(restored_.state)),
          commands_(controller_, settings_.commands, command_handlers()),
          keeper_(settings_.state.file),
          store_(door_to(keeper_), controller_, restored_.written),
          outlets_(loop, settings_, std::move(config_file), outlet_handlers()),
          pollers_(loop, settings_, poller_handlers()),
          cycle_soon_(loop, [this] { cycle(); }),
          cycle_timer_(loop),
          farewell_(loop),
          started_(io::now()) {
        events_.hand_on({.sink = [this](const report::EventRecord& record) { outlets_.on_event(record); },
                         .wall = wall_time,
                         .started = started_,
                         .next_id = outlets_.next_event_id()});
        auto socket = io::LocalSocket::listen(
            loop, settings_.socket.path, [this](std::string_view request, const io::PeerCredentials& peer) {
                return answer(request, peer);
            });
        if (!socket) throw std::runtime_error(socket.error());
        socket_ = std::move(*socket);
        sources_ = make_sources(settings_);
    }

    void start() {
        open_link();
        pollers_.start();
        sources_->start();
        outlets_.start();
        if (!restored_.trouble.empty()) {
            events_.once("state", report::Severity::error, restored_.trouble, io::now(),
                         {.de = restored_.trouble_de});
        }
        service_.begin();
        log_->info("jk-pylon {} started: {} pack(s), CAN {}{}", version, pollers_.size(), link_name(),
                   settings_.can.transmit ? "" : ", transmit = false: nothing is sent");
        schedule(io::now());
    }

    void stop(std::function<void()> done) {
        if (stopping_) return;
        stopping_ = true;
        // Before all that may take a while: until it hears this, the inverter keeps its last limits.
        farewell_.begin(link_, controller_.farewell(io::now()));
        io::systemd::stopping("sending zero limits");
        log_->info("stopping: three zero-limit bursts, then silence");
        cycle_timer_.cancel();
        pollers_.stop();
        sources_->stop();
        outlets_.stop();
        store_.farewell(settings_.control, controller_, io::now());
        done_ = std::move(done);
        farewell_.then([this] { finish(); });
    }

    void reload(config::Settings settings);

    [[nodiscard]] report::Snapshot snapshot() const {
        const TimePoint now = io::now();
        report::Snapshot s;
        s.version = version;
        s.uptime = now - started_;
        s.decision = controller_.decision();
        for (std::size_t i = 0; i < pollers_.size(); ++i) {
            s.packs.push_back(pack_snapshot(settings_.control.packs[i], controller_.state().packs[i], now));
            s.packs.back().link = pollers_.view(i);
        }
        s.bus = bus_snapshot(controller_, now);
        s.bus.link = can_view(link_name(), link_->status());
        s.sources = sources_->views();
        s.outlets = outlets_.views();
        s.commands = commands_.views(now);
        return s;
    }

    const config::Settings& settings() const { return settings_; }
    std::string dashboard() const { return outlets_.url(); }
    void on_cycle(std::function<void()> watcher) { watcher_ = std::move(watcher); }

  private:
    CommandHandlers command_handlers() {
        return {.now = [] { return io::now(); },
                .changed = [this] { cycle_soon_.ask(); },
                .on_refused =
                    [this](const std::string& line) {
                        events_.repeated("command", report::Severity::warning, line, io::now());
                    }};
    }

    OutletHandlers outlet_handlers() {
        return {.snapshot = [this] { return snapshot(); },
                .settings = [this]() -> const config::Settings& { return settings_; },
                .wall = wall_time,
                .command = [this](const CommandRequest& order) { return commands_.answer(order); },
                .on_state =
                    [this](const std::string& outlet, bool good, const std::string& sentence) {
                        const auto severity = good ? report::Severity::info : report::Severity::warning;
                        events_.state(outlet, severity, outlet + ": " + sentence, io::now());
                    },
                .on_raised = [this](std::uint64_t by) { events_.raise(by); }};
    }

    PollersHandlers poller_handlers() {
        PollersHandlers handlers;
        handlers.on_reading = [this](std::size_t i, const Stamped<PackReading>& reading) {
            controller_.on_reading(i, reading);
            cycle();
        };
        handlers.on_failure = [this](std::size_t i, PollFailure failure, const std::string& sentence) {
            events_.repeated("poll" + std::to_string(i) + std::string(name(failure)),
                             report::Severity::warning, pack_name(i) + ": " + sentence, io::now());
        };
        handlers.on_state = [this](std::size_t i, PortState state, const std::string& sentence) {
            const auto severity =
                state == PortState::failed ? report::Severity::error : report::Severity::info;
            events_.state("port" + std::to_string(i), severity, pack_name(i) + ": " + sentence, io::now(),
                          {.pack = pack_name(i)});
        };
        return handlers;
    }

    // Each reading is followed by a cycle: a limit that it lowers goes out at once. A device or a broker that
    // floods us gets no more than one for all that has come.
    std::unique_ptr<SiteSources> make_sources(const config::Settings& settings) {
        SiteHandlers handlers;
        handlers.on_grid = [this](const Stamped<GridReading>& reading) {
            controller_.on_grid(reading);
            cycle_soon_.ask();
        };
        handlers.on_peer = [this](control::PeerSource source, const Stamped<PeerReading>& reading) {
            controller_.on_peer(source, reading);
            cycle_soon_.ask();
        };
        handlers.on_state = [this](const std::string& source, bool good, const std::string& sentence) {
            const auto severity = good ? report::Severity::info : report::Severity::warning;
            events_.state("source " + source, severity, source + ": " + sentence, io::now());
        };
        return std::make_unique<SiteSources>(loop_, settings, std::move(handlers));
    }

    // A link that is being left still sends; what comes from there is no news of this bus any more.
    void open_link() {
        io::CanLinkHandlers handlers;
        handlers.on_frame = [this, own = link_.get()](const CanFrame& frame) {
            if (own == link_.get()) on_frame(frame);
        };
        handlers.on_echo = [this, own = link_.get()] {
            if (own == link_.get()) on_echo();
        };
        handlers.on_state = [this, own = link_.get()](io::CanLinkState state, const std::string& sentence) {
            if (own == link_.get()) on_link_state(state, sentence);
        };
        link_->open(std::move(handlers));
    }

    void on_echo() {
        controller_.on_echo(io::now());
        if (controller_.wake_at() <= io::now()) cycle();  // a limit that fell has waited for this
    }

    void on_link_state(io::CanLinkState state, const std::string& sentence) {
        const bool up = state == io::CanLinkState::up;
        events_.state("can", up ? report::Severity::info : report::Severity::error, "CAN: " + sentence,
                      io::now());
        if (!up) return;
        // Only an open link knows what its echo is worth.
        controller_.on_link_up(io::now(), link_->echo_proves_acknowledge());
        cycle();
    }

    void on_frame(const CanFrame& frame) {
        if (!controller_.on_frame(frame, io::now())) return;
        events_.repeated(
            "foreign", report::Severity::error,
            "another battery sends 0x351 or 0x359 on this bus; silent until it has been quiet for "
            "10 s. Disconnect one of the two",
            io::now());
    }

    // One control cycle: everything that reaches the bus passes here (rule S7).
    void cycle() {
        cycle_soon_.forget();
        if (stopping_) return;
        const TimePoint now = io::now();
        controller_.on_month(settings_.control.soc_window.seasonal() ? local_month() : std::nullopt);
        const Frames frames = controller_.cycle(now);
        if (!frames.empty()) send(frames, now);
        for (const control::Event& event : controller_.decision().events) {
            events_.event(event, settings_.control, now);
        }
        watch_mode(now);
        events_.settle(now);
        keep_state(now);
        adapt_polling();
        service_.after_cycle(controller_.decision(), now);
        outlets_.on_cycle(now);
        if (watcher_) watcher_();
        schedule(now);
    }

    void send(const Frames& frames, TimePoint now) {
        const auto outcome = link_->send({frames.data(), frames.size()});
        if (outcome == io::SendOutcome::not_connected) controller_.on_not_sent();
        if (outcome == io::SendOutcome::queue_full) {
            events_.repeated(
                "queue", report::Severity::warning,
                "the CAN queue is full, the burst was dropped: nobody acknowledges. Check the cable, "
                "the termination and that the inverter is on",
                now);
        }
    }

    void watch_mode(TimePoint now) {
        const control::TransportMode mode = controller_.mode(now);
        if (mode == mode_) return;
        const bool normal = mode == control::TransportMode::normal;
        events_.state("mode", normal ? report::Severity::info : report::Severity::warning, mode_words(mode),
                      now, {.de = report::mode_words_de(mode)});
        mode_ = mode;
    }

    void keep_state(TimePoint now) {
        const std::string error = store_.keep(settings_.control, controller_, now);
        if (error.empty()) return;
        events_.repeated("state", report::Severity::warning,
                         "the state file cannot be written: " + error + "; control goes on", now);
    }

    void adapt_polling() {
        const control::Decision& d = controller_.decision();
        for (std::size_t i = 0; i < pollers_.size(); ++i) {
            if (!settings_.links[i].fast_poll) continue;
            const control::PackConfig& pack = settings_.control.packs[i];
            const bool near = d.complete && near_a_limit(controller_.state().packs[i].part, pack);
            pollers_.set_period(i, near ? settings_.links[i].fast_poll_period : pack.poll_period);
        }
    }

    // Half of the maximum by a cell curve: from here a faster reading pays.
    static bool near_a_limit(const control::PackPart& part, const control::PackConfig& pack) {
        const auto curve = [](const auto& bound, Milliamps maximum) {
            const control::Rule rule = bound.reason().rule;
            return (rule == control::Rule::cell_high_curve || rule == control::Rule::cell_low_curve) &&
                   bound.value() < maximum / 2;
        };
        return curve(part.charge, pack.max_charge) || curve(part.discharge, pack.max_discharge);
    }

    void schedule(TimePoint now) {
        const TimePoint next = std::clamp(controller_.wake_at(), now + shortest_sleep, now + longest_sleep);
        cycle_timer_.expires_at(io::steady(std::min(next, service_.due(now))));
        cycle_timer_.async_wait([this](const error_code& error) {
            if (!error) cycle();
        });
    }

    void finish() {
        link_->close();
        socket_.reset();
        log_->info("stopped");
        log_->flush();
        if (done_) done_();
    }

    std::string answer(std::string_view request, const io::PeerCredentials& peer) {
        RequestContext context{
            controller_, settings_.control, io::now(), [this] { return snapshot(); },
            [&](const std::string& what) { log_->warn("{} by user {}", what, peer.user); }};
        context.stopping = stopping_;
        context.from = "user " + std::to_string(peer.user);
        context.command = [this](const CommandRequest& order) { return commands_.answer(order); };
        std::string reply = answer_request(request, context);
        if (context.changed) cycle();
        return reply;
    }

    [[nodiscard]] std::string pack_name(std::size_t i) const {
        return std::string(settings_.control.packs[i].name.view());
    }
    [[nodiscard]] std::string link_name() const { return can_name(settings_.can); }

    boost::asio::io_context& loop_;
    config::Settings settings_;
    std::shared_ptr<spdlog::logger> log_;
    EventLog events_;
    std::shared_ptr<io::CanLink> link_;  // shared with the farewell only
    Restored restored_;                  // its state has gone to the controller
    Controller controller_;
    Commands commands_;
    StateKeeper keeper_;
    StateStore store_;
    ServiceReport service_;
    Outlets outlets_;
    Pollers pollers_;
    std::unique_ptr<SiteSources> sources_;
    std::unique_ptr<io::LocalSocket> socket_;
    NextTurn cycle_soon_;
    steady_timer cycle_timer_;
    Farewell farewell_;
    std::function<void()> watcher_;
    std::function<void()> done_;
    TimePoint started_;
    control::TransportMode mode_ = control::TransportMode::normal;
    bool stopping_ = false;
};

void Gateway::Impl::reload(config::Settings settings) {
    if (stopping_) return;
    const auto before = can_link_settings(settings_.can);
    const auto after = can_link_settings(settings.can);
    // Settings that no link and no source can use throw here, before anything has changed.
    std::shared_ptr<io::CanLink> other;
    if (before != after) other = io::make_can_link(loop_, after);
    sources_->adopt(settings);
    io::systemd::reloading("taking over the configuration");
    // Still with the old configuration: this is the last that the inverter there hears of us.
    if (!same_bus(before, after) || !settings.can.transmit) {
        farewell_.begin(link_, controller_.farewell(io::now()));
    } else {
        farewell_.spare(link_.get());
    }
    settings_ = std::move(settings);
    if (other) link_ = other;
    controller_.configure(controller_settings(settings_, link_->echo_proves_acknowledge()));
    commands_.configure(settings_.commands);
    outlets_.adopt(settings_);
    // Both may be the same port, so the old one is closed before the new one is opened.
    if (other) farewell_.then([this] { open_link(); });
    pollers_.adopt(settings_);
    log_->info("configuration reloaded");
    io::systemd::ready("configuration reloaded");
    cycle();
}

Gateway::Gateway(boost::asio::io_context& loop, config::Settings settings,
                 std::shared_ptr<spdlog::logger> log, std::string config_file)
    : impl_(std::make_unique<Impl>(loop, std::move(settings), std::move(log), std::move(config_file))) {}
Gateway::~Gateway() = default;
void Gateway::start() {
    impl_->start();
}
void Gateway::stop(std::function<void()> done) {
    impl_->stop(std::move(done));
}
void Gateway::reload(config::Settings settings) {
    impl_->reload(std::move(settings));
}
report::Snapshot Gateway::snapshot() const {
    return impl_->snapshot();
}
const config::Settings& Gateway::settings() const {
    return impl_->settings();
}
std::string Gateway::dashboard() const {
    return impl_->dashboard();
}
void Gateway::on_cycle(std::function<void()> watcher) {
    impl_->on_cycle(std::move(watcher));
}

}  // namespace jkp::app
