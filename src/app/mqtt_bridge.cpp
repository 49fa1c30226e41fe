// SPDX-License-Identifier: MIT
#include "app/mqtt_bridge.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <set>

#include "app/mqtt_discovery.hpp"
#include "app/mqtt_wiring.hpp"
#include "app/next_turn.hpp"
#include "app/version.hpp"
#include "io/clock.hpp"
#include "io/mqtt_client.hpp"
#include "report/command_result.hpp"
#include "report/command_text.hpp"
#include "report/mqtt_plan.hpp"

namespace jkp::app {
namespace {

using io::MqttKeep;

// The whole state is told in one go: so many topics has a pack of 32 cells, and the rest, at most.
constexpr std::size_t topics_of_pack = 64;
constexpr std::size_t other_topics = 2000;
constexpr int most_refusals = 10;  // in a second that are answered
constexpr std::chrono::seconds refusal_window{1};
constexpr std::size_t most_told_kept = 20;  // topics of names that somebody made up count too

report::HaSettings ha_settings(const config::MqttSettings& mqtt, const MqttBridgeOptions& options) {
    report::HaSettings settings;
    settings.prefix = mqtt.discovery_prefix;
    settings.base = mqtt_base(mqtt);
    settings.site = mqtt.site;
    settings.version = version;
    settings.groups = mqtt_group_rules(mqtt);
    settings.energy = options.energy;
    settings.commands = options.commands;
    return settings;
}

}  // namespace

class MqttBridge::Impl {
  public:
    Impl(boost::asio::io_context& loop, const config::MqttSettings& mqtt, const MqttBridgeOptions& options,
         MqttBridgeHandlers handlers)
        : handlers_(std::move(handlers)),
          base_(mqtt_base(mqtt)),
          status_{base_ + "/status", "offline", 1, true, MqttKeep::every},
          broker_(mqtt_client_settings(mqtt).broker()),
          birth_(mqtt.discovery_prefix + "/status"),
          plan_({base_, mqtt_group_rules(mqtt), mqtt.compat_topics}),
          discovery_(ha_settings(mqtt, options), mqtt.discovery,
                     [this](std::string topic, std::string payload) {
                         client_.publish({std::move(topic), std::move(payload), 1, true, MqttKeep::every});
                     }),
          tell_soon_(loop, [this] { on_cycle(io::now()); }),
          client_(loop, client_settings(mqtt), client_handlers()) {
        if (options.former.broker == broker_) {
            former_.insert(options.former.topics.begin(), options.former.topics.end());
        }
        client_.subscribe(discovery_.filter(), 1);
        client_.subscribe(base_ + "/pack/+/available", 1);
        if (mqtt.discovery) client_.subscribe(birth_, 1);
        if (handlers_.command) client_.subscribe(base_ + "/command/+/set", 1, true);
    }

    void start() { client_.start(); }
    void stop() {
        tell_soon_.forget();
        client_.stop();
    }

    void on_cycle(TimePoint now) {
        tell_soon_.forget();
        if (!client_.connected()) online_ = false;
        if (online_) tell_all(now);
    }

    void on_event(const std::string& event) {
        if (online_) client_.publish({base_ + "/event", event, 1, false, MqttKeep::every});
    }

    [[nodiscard]] report::LinkView view() const {
        const io::MqttCounters c = client_.counters();
        const bool up = client_.connected();
        return {"mqtt",
                up ? "up" : "down",
                report::health(up),
                up ? "" : cause_,
                {{"connections", c.connections},
                 {"failures", c.failures},
                 {"sent", c.sent},
                 {"received", c.received},
                 {"discarded", c.discarded},
                 {"superseded", c.superseded},
                 {"dropped", c.dropped},
                 {"commands", commands_},
                 {"unanswered", unanswered_}}};
    }

    [[nodiscard]] MqttKept kept() const {
        std::set<std::string> all = former_;
        const auto add = [&all](const auto& topics) { all.insert(topics.begin(), topics.end()); };
        add(plan_.topics());
        add(discovery_.topics());
        if (ever_connected_) all.insert(status_.topic);
        return {broker_, {all.begin(), all.end()}};
    }

  private:
    io::MqttClientSettings client_settings(const config::MqttSettings& mqtt) const {
        io::MqttClientSettings settings = mqtt_client_settings(mqtt);
        settings.will = status_;
        settings.most_waiting = other_topics + topics_of_pack * handlers_.config().packs.size();
        return settings;
    }

    io::MqttHandlers client_handlers() {
        return {.on_connected = [this] { connected(); },
                .on_failure =
                    [this](const io::MqttFailure& failure) {
                        cause_ = failure.sentence;
                        tell_state(false, cause_);
                    },
                .on_message = [this](const io::MqttArrival& message) { take(message); }};
    }

    void connected() {
        online_ = true;
        ever_connected_ = true;
        tell_state(true, "The broker " + broker_ + " is connected");
        client_.publish({status_.topic, "online", 1, true, MqttKeep::every});
        plan_.restart();
        discovery_.restart();
        tell_all(io::now());
        take_out_former();
    }

    // After the new ones: nothing that goes on is missing in between.
    void take_out_former() {
        const std::size_t packs = handlers_.config().packs.size();
        for (const std::string& topic : std::exchange(former_, {})) {
            if (topic == status_.topic || plan_.tells(topic) || discovery_.tells(topic, packs)) continue;
            client_.publish({topic, "", 1, true});
        }
    }

    void tell_state(bool good, const std::string& sentence) {
        if (good && told_good_) return;
        told_good_ = good;
        if (handlers_.on_state) handlers_.on_state(good, sentence);
    }

    void tell_all(TimePoint now) {
        const report::Snapshot snapshot = handlers_.snapshot();
        const control::Config& config = handlers_.config();
        const report::MqttExtras extras = handlers_.extras ? handlers_.extras() : report::MqttExtras{};
        discovery_.tell(snapshot, config);
        for (report::MqttPublication& each : plan_.due(snapshot, config, extras, now)) {
            client_.publish({std::move(each.topic), std::move(each.payload), each.qos, each.retain});
        }
    }

    void take(const io::MqttArrival& message) {
        if (const auto name = between(message.topic, base_ + "/command/", "/set"); !name.empty()) {
            command(name, message);
        } else if (const auto pack = between(message.topic, base_ + "/pack/", "/available"); !pack.empty()) {
            if (message.retained) forget_pack(pack);
        } else if (message.topic == birth_) {
            if (message.payload == "online") discovery_.restart();
        } else if (message.retained) {
            discovery_.found(message.topic, message.payload, handlers_.config().packs.size());
        }
    }

    static std::string between(std::string_view topic, const std::string& begin, std::string_view end) {
        if (topic.size() <= begin.size() + end.size() || !topic.starts_with(begin) || !topic.ends_with(end)) {
            return {};
        }
        return std::string(topic.substr(begin.size(), topic.size() - begin.size() - end.size()));
    }

    void command(const std::string& name, const io::MqttArrival& message) {
        if (message.payload.empty()) return;  // somebody takes out what the broker had kept
        ++commands_;
        if (message.retained) tell_kept(message.topic);
        const std::string fault = command_fault(message);
        MqttAnswer answer = fault.empty() ? handlers_.command(name, message.payload)
                                          : MqttAnswer{false, report::refused_command(name, fault)};
        if (answer.ok) {
            tell_soon_.ask();
        } else if (const int refused = refusals(message.at); refused > most_refusals) {
            if (refused > most_refusals + 1) {
                ++unanswered_;
                return;
            }
            answer.json = report::refused_command(
                name, "more than " + std::to_string(most_refusals) +
                          " refused commands in a second; further ones get no answer");
        }
        client_.publish({base_ + "/command/" + name + "/result", answer.json, 1, false, MqttKeep::every});
    }

    // Within this second, with this one. Everything is looked at, whatever else comes: what tightens must be
    // taken, and only the answers to the rest are kept few.
    int refusals(TimePoint now) {
        if (now - window_begun_ >= refusal_window) {
            window_begun_ = now;
            refused_ = 0;
        }
        return ++refused_;
    }

    static std::string command_fault(const io::MqttArrival& message) {
        if (message.retained) {
            return "the message is retained: nobody knows how old it is. Send it without the retain flag, "
                   "and "
                   "clear it: mosquitto_pub -r -n -t '" +
                   message.topic + "'";
        }
        if (message.payload.size() > report::longest_command) return "the message is too long";
        return {};
    }

    // It is left at the broker: it has no effect there, and whoever put it there would put it there again.
    void tell_kept(const std::string& topic) {
        if (told_kept_.size() >= most_told_kept || !told_kept_.insert(topic).second) return;
        if (!handlers_.on_kept_command) return;
        handlers_.on_kept_command("the broker keeps a command at " + topic +
                                  ", which is refused: nobody knows how old it is. Send commands without the "
                                  "retain flag, and take this one out: mosquitto_pub -r -n -t '" +
                                  topic + "'");
    }

    // Of a name that no pack has any more.
    void forget_pack(const std::string& name) {
        const auto& packs = handlers_.config().packs;
        const bool ours =
            std::ranges::any_of(packs, [&](const auto& pack) { return pack.name.view() == name; });
        if (ours) return;
        for (std::string& topic : report::mqtt_pack_topics(base_, name)) {
            client_.publish({std::move(topic), "", 1, true});
        }
    }

    MqttBridgeHandlers handlers_;
    std::string base_;
    io::MqttMessage status_;  // the last will
    std::string broker_;
    std::string birth_;  // of Home Assistant
    report::MqttPlan plan_;
    MqttDiscovery discovery_;
    std::string cause_ = "not connected yet";
    TimePoint window_begun_{};
    int refused_ = 0;
    std::uint64_t commands_ = 0;
    std::uint64_t unanswered_ = 0;
    std::set<std::string> told_kept_;
    std::set<std::string> former_;  // topics of the configuration before
    bool ever_connected_ = false;
    bool online_ = false;
    bool told_good_ = false;
    NextTurn tell_soon_;
    io::MqttClient client_;  // last: it calls back until it is gone
};

MqttBridge::MqttBridge(boost::asio::io_context& loop, const config::MqttSettings& settings,
                       MqttBridgeOptions options, MqttBridgeHandlers handlers)
    : impl_(std::make_unique<Impl>(loop, settings, options, std::move(handlers))) {}
MqttBridge::~MqttBridge() = default;
void MqttBridge::start() {
    impl_->start();
}
void MqttBridge::stop() {
    impl_->stop();
}
void MqttBridge::on_cycle(TimePoint now) {
    impl_->on_cycle(now);
}
void MqttBridge::on_event(const std::string& event) {
    impl_->on_event(event);
}
MqttKept MqttBridge::kept() const {
    return impl_->kept();
}
report::LinkView MqttBridge::view() const {
    return impl_->view();
}

}  // namespace jkp::app
