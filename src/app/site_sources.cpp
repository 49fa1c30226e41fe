// SPDX-License-Identifier: MIT
#include "app/site_sources.hpp"

#include <boost/asio/io_context.hpp>

#include "app/goodwe_peer.hpp"
#include "app/json_source.hpp"
#include "app/sems_peer.hpp"
#include "app/sems_settings.hpp"
#include "app/sensor_peer.hpp"
#include "app/sensor_wiring.hpp"
#include "app/sma_meter.hpp"
#include "app/source_settings.hpp"
#include "app/wiring.hpp"
#include "io/http_client.hpp"

namespace jkp::app {
namespace {

using control::PeerSource;

// How one source is, for the status.
struct Mark {
    std::string name;
    bool good = false;
    std::string sentence = "nothing heard yet";
};

}  // namespace

class SiteSources::Impl {
  public:
    Impl(boost::asio::io_context& loop, const config::Settings& settings, SiteHandlers handlers)
        : loop_(loop), handlers_(std::move(handlers)) {
        add_meter(settings);
        add_goodwe(settings);
        add_sensor(settings);
        add_json_peer(settings);
        add_portal(settings);
    }
    ~Impl() { stop(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void start() {
        if (meter_) meter_->start();
        if (meter_json_) meter_json_->start();
        if (goodwe_) goodwe_->start();
        if (sensor_) sensor_->start();
        if (peer_json_) peer_json_->start();
        if (portal_) portal_->start();
    }

    void stop() {
        if (meter_) meter_->stop();
        if (meter_json_) meter_json_->stop();
        if (goodwe_) goodwe_->stop();
        if (sensor_) sensor_->stop();
        if (peer_json_) peer_json_->stop();
        if (portal_) portal_->stop();
    }

    [[nodiscard]] std::vector<report::LinkView> views() const {
        std::vector<report::LinkView> list;
        if (meter_) list.push_back(view(meter_mark_, meter_counts()));
        if (meter_json_) list.push_back(view(meter_mark_, counts(meter_json_->counters())));
        if (goodwe_) list.push_back(view(goodwe_mark_, goodwe_counts()));
        if (sensor_) list.push_back(view(sensor_mark_, {}));
        if (peer_json_) list.push_back(view(json_mark_, counts(peer_json_->counters())));
        if (portal_) list.push_back(view(portal_mark_, portal_counts()));
        return list;
    }

  private:
    using Counts = std::vector<report::NamedCount>;

    static report::LinkView view(const Mark& mark, Counts counts) {
        return {mark.name, mark.good ? "good" : "unknown", mark.good ? "" : mark.sentence, std::move(counts)};
    }

    auto on_state(Mark& mark) {
        return [this, &mark](bool good, const std::string& sentence) { tell(mark, good, sentence); };
    }
    void tell(Mark& mark, bool good, const std::string& sentence) {
        mark.good = good;
        mark.sentence = sentence;
        handlers_.on_state(mark.name, good, sentence);
    }
    auto on_peer(PeerSource source) {
        return [this, source](const Stamped<PeerReading>& reading, const auto&...) {
            handlers_.on_peer(source, reading);
        };
    }

    // One client, and one thread, for all that ask over HTTP.
    io::HttpClient& http() {
        if (!http_) http_ = std::make_unique<io::HttpClient>(loop_);
        return *http_;
    }

    void add_meter(const config::Settings& settings) {
        const auto on_grid = [this](const Stamped<GridReading>& reading, const auto&...) {
            handlers_.on_grid(reading);
        };
        meter_mark_.name = "meter";
        switch (settings.meter.kind) {
            case config::MeterKind::none: return;
            case config::MeterKind::sma:
                meter_ = std::make_unique<SmaMeter>(loop_, sma_meter_settings(settings.meter),
                                                    SmaMeterHandlers{on_grid, on_state(meter_mark_)});
                return;
            case config::MeterKind::json:
                meter_json_ =
                    std::make_unique<JsonSource>(loop_, http(), json_meter_settings(settings.meter_json),
                                                 JsonSourceHandlers{on_grid, nullptr, on_state(meter_mark_)});
                return;
        }
    }

    void add_goodwe(const config::Settings& settings) {
        goodwe_mark_.name = "goodwe";
        if (!settings.goodwe.enabled()) return;
        goodwe_ = std::make_unique<GoodwePeer>(
            loop_, goodwe_settings(settings.goodwe),
            GoodwePeerHandlers{on_peer(PeerSource::local), on_state(goodwe_mark_)});
    }

    void add_sensor(const config::Settings& settings) {
        sensor_mark_.name = "sensor";
        if (!settings.sensor.bus) return;
        sensor_ = std::make_unique<SensorPeer>(
            loop_, sensor_peer_settings(settings.sensor),
            SensorPeerHandlers{on_peer(PeerSource::sensor), on_state(sensor_mark_)});
    }

    void add_json_peer(const config::Settings& settings) {
        json_mark_.name = "json";
        if (!settings.peer_json.enabled()) return;
        peer_json_ = std::make_unique<JsonSource>(
            loop_, http(), json_peer_settings(settings.peer_json),
            JsonSourceHandlers{nullptr, on_peer(PeerSource::json), on_state(json_mark_)});
    }

    void add_portal(const config::Settings& settings) {
        portal_mark_.name = "sems";
        if (!settings.portal.enabled()) return;
        const auto on_state = [this](const SemsStatus& status) {
            const bool good = status.state == SemsState::reading;
            tell(portal_mark_, good, good ? "the portal answers" : status.sentence);
        };
        portal_ = std::make_unique<SemsPeer>(loop_, http(), sems_peer_settings(settings.portal),
                                             SemsPeerHandlers{on_peer(PeerSource::portal), on_state});
    }

    [[nodiscard]] Counts meter_counts() const {
        const SmaMeterCounters c = meter_->counters();
        std::uint64_t ignored = 0;
        for (const std::uint64_t count : c.ignored) ignored += count;
        return {{"datagrams", c.datagrams},
                {"readings", c.filter.news},
                {"ignored", ignored},
                {"superseded", c.superseded},
                {"rejoins", c.rejoins}};
    }
    static Counts counts(const JsonSourceCounters& c) {
        return {{"requests", c.requests},
                {"readings", c.readings},
                {"unanswered", c.unanswered},
                {"bad_status", c.bad_status},
                {"unusable", c.unusable}};
    }
    [[nodiscard]] Counts goodwe_counts() const {
        const GoodwePeerCounters& c = goodwe_->counters();
        const GoodweLineCounters line = goodwe_->line_counters();
        return {{"polls", c.polls},          {"readings", c.readings}, {"failed", c.failed},
                {"repeated", line.repeated}, {"late", line.late},      {"damaged", line.damaged}};
    }
    [[nodiscard]] Counts portal_counts() const {
        const SemsPeerCounters& c = portal_->counters();
        std::uint64_t faults = 0;
        for (const std::uint64_t count : c.faults) faults += count;
        return {{"logins", c.logins}, {"requests", c.requests}, {"readings", c.readings}, {"faults", faults}};
    }

    boost::asio::io_context& loop_;
    SiteHandlers handlers_;
    Mark meter_mark_;
    Mark goodwe_mark_;
    Mark sensor_mark_;
    Mark json_mark_;
    Mark portal_mark_;
    std::unique_ptr<io::HttpClient> http_;  // outlives its users below
    std::unique_ptr<SmaMeter> meter_;
    std::unique_ptr<JsonSource> meter_json_;
    std::unique_ptr<GoodwePeer> goodwe_;
    std::unique_ptr<SensorPeer> sensor_;
    std::unique_ptr<JsonSource> peer_json_;
    std::unique_ptr<SemsPeer> portal_;
};

SiteSources::SiteSources(boost::asio::io_context& loop, const config::Settings& settings,
                         SiteHandlers handlers)
    : impl_(std::make_unique<Impl>(loop, settings, std::move(handlers))) {}
SiteSources::~SiteSources() = default;
void SiteSources::start() {
    impl_->start();
}
void SiteSources::stop() {
    impl_->stop();
}
std::vector<report::LinkView> SiteSources::views() const {
    return impl_->views();
}

bool same_sources(const config::Settings& a, const config::Settings& b) {
    return a.meter == b.meter && a.meter_json == b.meter_json && a.goodwe == b.goodwe &&
           a.sensor == b.sensor && a.peer_json == b.peer_json && a.portal == b.portal;
}

}  // namespace jkp::app
