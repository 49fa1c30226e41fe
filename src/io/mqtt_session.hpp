// SPDX-License-Identifier: MIT
// One attempt to talk to a broker, from looking up its name to the end of the connection; then it is thrown
// away with everything that was under way. Thread: one, the client's own; opening may block in the look-up of
// the name, and nothing else does.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "io/mqtt_fault.hpp"
#include "io/mqtt_library.hpp"
#include "io/mqtt_message.hpp"
#include "io/mqtt_settings.hpp"

namespace jkp::io {

class MqttSession {
  public:
    // What it is told belongs to the library and lasts as long as the call.
    using OnMessage =
        std::function<void(std::string_view topic, std::string_view payload, bool retained, TimePoint at)>;

    MqttSession(const MqttLibrary& library, const MqttClientSettings& settings, OnMessage on_message);
    // Without a word to the broker: it publishes the last will.
    ~MqttSession();
    MqttSession(const MqttSession&) = delete;
    MqttSession& operator=(const MqttSession&) = delete;

    // only_ipv4: for a name whose first address leads nowhere.
    std::optional<MqttFailure> open(bool only_ipv4);
    // Waits for the network or for `wake`, at most `longest`. A failure is the end of this session.
    std::optional<MqttFailure> turn(int wake, std::chrono::milliseconds longest);

    [[nodiscard]] bool ready() const { return ready_; }  // the broker has accepted us
    [[nodiscard]] bool acknowledged() const { return unacknowledged_.empty(); }
    // `confirmed`: the broker is to acknowledge it, whatever its qos.
    void publish(const MqttMessage& message, bool confirmed);
    void subscribe(const MqttSubscription& to);
    // Says good-bye, so that the broker does not publish the last will. It is sent by further turns.
    void leave();
    [[nodiscard]] bool drained() const;

  private:
    void prepare();
    std::optional<MqttFailure> set_up(const std::string& password);
    std::optional<MqttFailure> use_tls();
    std::optional<MqttFailure> overdue(TimePoint now);
    [[nodiscard]] std::optional<MqttFailure> socket_fault(int events);
    [[nodiscard]] MqttFailure ended(int code) const;
    [[nodiscard]] MqttFailure ended_early(const std::string& why) const;
    [[nodiscard]] MqttFailure fault(MqttError error, const std::string& why) const;
    void on_connect(int code);
    void on_acknowledged(int id);

    const MqttLibrary& library_;
    const MqttClientSettings& settings_;
    OnMessage on_message_;
    mosquitto* mosquitto_ = nullptr;
    TimePoint opened_;
    TimePoint heard_;         // the last acknowledgement, or when the wait for one began
    bool connected_ = false;  // TCP
    bool ready_ = false;
    std::optional<MqttFailure> refusal_;
    std::set<int> unacknowledged_;  // messages and subscriptions
    std::string log_;               // what the library said last of an error
};

}  // namespace jkp::io
