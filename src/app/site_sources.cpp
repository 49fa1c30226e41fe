// SPDX-License-Identifier: MIT
#include "app/site_sources.hpp"

#include <boost/asio/io_context.hpp>

#include "app/goodwe_peer.hpp"
#include "app/json_source.hpp"
#include "app/mqtt_source.hpp"
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

// What the sources of now were made from.
struct Adopted {
    explicit Adopted(const config::Settings& settings)
        : meter(settings.meter),
          meter_json(settings.meter_json),
          goodwe(settings.goodwe),
          sensor(settings.sensor),
          peer_json(settings.peer_json),
          portal(settings.portal),
          mqtt(settings.mqtt) {}
    config::MeterSettings meter;
    config::JsonSourceSettings meter_json;
    config::GoodweSettings goodwe;
    config::SensorSettings sensor;
    config::JsonSourceSettings peer_json;
    config::PortalSettings portal;
    config::MqttSettings mqtt;
};

}  // namespace

class SiteSources::Impl {
  public:
    Impl(boost::asio::io_context& loop, const config::Settings& settings, SiteHandlers handlers)
        : loop_(loop), handlers_(std::move(handlers)), settings_(settings) {
        meter_ = make_meter(settings);
        meter_json_ = make_json_meter(settings);
        meter_topic_ = make_topic_meter(settings);
        goodwe_ = make_goodwe(settings);
        sensor_ = make_sensor(settings);
        peer_json_ = make_json_peer(settings);
        peer_topic_ = make_topic_peer(settings);
        portal_ = make_portal(settings);
    }
    ~Impl() { stop(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void start() {
        started_ = true;
        if (meter_) meter_->start();
        if (meter_json_) meter_json_->start();
        if (meter_topic_) meter_topic_->start();
        if (goodwe_) goodwe_->start();
        if (sensor_) sensor_->start();
        if (peer_json_) peer_json_->start();
        if (peer_topic_) peer_topic_->start();
        if (portal_) portal_->start();
    }

    void stop() {
        started_ = false;
        if (meter_) meter_->stop();
        if (meter_json_) meter_json_->stop();
        if (meter_topic_) meter_topic_->stop();
        if (goodwe_) goodwe_->stop();
        if (sensor_) sensor_->stop();
        if (peer_json_) peer_json_->stop();
        if (peer_topic_) peer_topic_->stop();
        if (portal_) portal_->stop();
    }

    // Everything is made before anything is given up: what cannot be made throws and changes nothing.
    void adopt(const config::Settings& settings) {
        const bool meter = settings.meter != settings_.meter;
        const bool broker = settings.mqtt != settings_.mqtt;
        const bool meter_json = meter || (broker && meter_topic_) ||
                                settings.meter_json != settings_.meter_json ||
                                has_secret(settings.meter_json);
        const bool goodwe = settings.goodwe != settings_.goodwe;
        const bool sensor = settings.sensor != settings_.sensor;
        const bool peer_json = (broker && peer_topic_) || settings.peer_json != settings_.peer_json ||
                               has_secret(settings.peer_json);
        const bool portal = settings.portal != settings_.portal || portal_gave_up();
        auto new_meter = meter ? make_meter(settings) : nullptr;
        auto new_meter_json = meter_json ? make_json_meter(settings) : nullptr;
        auto new_meter_topic = meter_json ? make_topic_meter(settings) : nullptr;
        auto new_goodwe = goodwe ? make_goodwe(settings) : nullptr;
        auto new_sensor = sensor ? make_sensor(settings) : nullptr;
        auto new_peer_json = peer_json ? make_json_peer(settings) : nullptr;
        auto new_peer_topic = peer_json ? make_topic_peer(settings) : nullptr;
        auto new_portal = portal ? make_portal(settings) : nullptr;
        settings_ = Adopted(settings);
        if (meter) replace(meter_, std::move(new_meter), meter_mark_);
        if (meter_json) replace(meter_json_, std::move(new_meter_json), meter_json_mark_);
        if (meter_json) replace(meter_topic_, std::move(new_meter_topic), meter_json_mark_);
        if (goodwe) replace(goodwe_, std::move(new_goodwe), goodwe_mark_);
        if (sensor) replace(sensor_, std::move(new_sensor), sensor_mark_);
        if (peer_json) replace(peer_json_, std::move(new_peer_json), json_mark_);
        if (peer_json) replace(peer_topic_, std::move(new_peer_topic), json_mark_);
        if (portal) replace(portal_, std::move(new_portal), portal_mark_);
    }

    [[nodiscard]] std::vector<report::LinkView> views() const {
        std::vector<report::LinkView> list;
        if (meter_) list.push_back(view(meter_mark_, meter_counts()));
        if (meter_json_) list.push_back(view(meter_json_mark_, counts(meter_json_->counters())));
        if (meter_topic_) list.push_back(view(meter_json_mark_, topic_counts(*meter_topic_)));
        if (goodwe_) list.push_back(view(goodwe_mark_, goodwe_counts()));
        if (sensor_) list.push_back(view(sensor_mark_, {}));
        if (peer_json_) list.push_back(view(json_mark_, counts(peer_json_->counters())));
        if (peer_topic_) list.push_back(view(json_mark_, topic_counts(*peer_topic_)));
        if (portal_) list.push_back(view(portal_mark_, portal_counts()));
        return list;
    }

  private:
    using Counts = std::vector<report::NamedCount>;

    static report::LinkView view(const Mark& mark, Counts counts) {
        return {mark.name, mark.good ? "good" : "unknown", report::health(mark.good),
                mark.good ? "" : mark.sentence, std::move(counts)};
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

    // The file may hold another secret now, which nobody sees from the settings.
    static bool has_secret(const config::JsonSourceSettings& source) {
        return source.enabled() && !source.heard() && source.auth != config::JsonAuth::none;
    }
    [[nodiscard]] bool portal_gave_up() const {
        return portal_ && portal_->status().state == SemsState::given_up;
    }

    template <class Source>
    void replace(std::unique_ptr<Source>& place, std::unique_ptr<Source> other, Mark& mark) {
        place = std::move(other);
        mark = Mark{mark.name};
        if (place && started_) place->start();
    }

    auto on_grid() {
        return [this](const Stamped<GridReading>& reading, const auto&...) { handlers_.on_grid(reading); };
    }

    std::unique_ptr<SmaMeter> make_meter(const config::Settings& settings) {
        if (settings.meter.kind != config::MeterKind::sma) return nullptr;
        return std::make_unique<SmaMeter>(loop_, sma_meter_settings(settings.meter),
                                          SmaMeterHandlers{on_grid(), on_state(meter_mark_)});
    }

    std::unique_ptr<JsonSource> make_json_meter(const config::Settings& settings) {
        if (settings.meter.kind != config::MeterKind::json || settings.meter_json.heard()) return nullptr;
        return std::make_unique<JsonSource>(
            loop_, http(), json_meter_settings(settings.meter_json),
            JsonSourceHandlers{on_grid(), nullptr, on_state(meter_json_mark_)});
    }

    std::unique_ptr<GoodwePeer> make_goodwe(const config::Settings& settings) {
        if (!settings.goodwe.enabled()) return nullptr;
        return std::make_unique<GoodwePeer>(
            loop_, goodwe_settings(settings.goodwe),
            GoodwePeerHandlers{on_peer(PeerSource::local), on_state(goodwe_mark_)});
    }

    std::unique_ptr<SensorPeer> make_sensor(const config::Settings& settings) {
        if (!settings.sensor.bus) return nullptr;
        return std::make_unique<SensorPeer>(
            loop_, sensor_peer_settings(settings.sensor),
            SensorPeerHandlers{on_peer(PeerSource::sensor), on_state(sensor_mark_)});
    }

    std::unique_ptr<JsonSource> make_json_peer(const config::Settings& settings) {
        if (!settings.peer_json.enabled() || settings.peer_json.heard()) return nullptr;
        return std::make_unique<JsonSource>(
            loop_, http(), json_peer_settings(settings.peer_json),
            JsonSourceHandlers{nullptr, on_peer(PeerSource::json), on_state(json_mark_)});
    }

    std::unique_ptr<MqttSource> make_topic_meter(const config::Settings& settings) {
        if (settings.meter.kind != config::MeterKind::json || !settings.meter_json.heard()) return nullptr;
        return std::make_unique<MqttSource>(
            loop_, topic_meter_settings(settings.mqtt, settings.meter_json),
            JsonSourceHandlers{on_grid(), nullptr, on_state(meter_json_mark_)});
    }

    std::unique_ptr<MqttSource> make_topic_peer(const config::Settings& settings) {
        if (!settings.peer_json.heard()) return nullptr;
        return std::make_unique<MqttSource>(
            loop_, topic_peer_settings(settings.mqtt, settings.peer_json),
            JsonSourceHandlers{nullptr, on_peer(PeerSource::json), on_state(json_mark_)});
    }

    std::unique_ptr<SemsPeer> make_portal(const config::Settings& settings) {
        if (!settings.portal.enabled()) return nullptr;
        const auto on_state = [this](const SemsStatus& status) {
            const bool good = status.state == SemsState::reading;
            tell(portal_mark_, good, good ? "the portal answers" : status.sentence);
        };
        return std::make_unique<SemsPeer>(loop_, http(), sems_peer_settings(settings.portal),
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
    static Counts topic_counts(const MqttSource& source) {
        const JsonSourceCounters& c = source.counters();
        return {{"messages", c.requests},
                {"readings", c.readings},
                {"unusable", c.unusable},
                {"kept", c.kept},
                {"discarded", source.discarded()}};
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
        return {{"logins", c.logins},
                {"requests", c.requests},
                {"readings", c.readings},
                {"undated", c.undated},
                {"faults", faults}};
    }

    boost::asio::io_context& loop_;
    SiteHandlers handlers_;
    Adopted settings_;
    bool started_ = false;
    Mark meter_mark_{"meter"};
    Mark meter_json_mark_{"meter"};
    Mark goodwe_mark_{"goodwe"};
    Mark sensor_mark_{"sensor"};
    Mark json_mark_{"json"};
    Mark portal_mark_{"sems"};
    std::unique_ptr<io::HttpClient> http_;  // outlives its users below
    std::unique_ptr<SmaMeter> meter_;
    std::unique_ptr<JsonSource> meter_json_;
    std::unique_ptr<MqttSource> meter_topic_;
    std::unique_ptr<GoodwePeer> goodwe_;
    std::unique_ptr<SensorPeer> sensor_;
    std::unique_ptr<JsonSource> peer_json_;
    std::unique_ptr<MqttSource> peer_topic_;
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
void SiteSources::adopt(const config::Settings& settings) {
    impl_->adopt(settings);
}
std::vector<report::LinkView> SiteSources::views() const {
    return impl_->views();
}

}  // namespace jkp::app
