// SPDX-License-Identifier: MIT
#include "app/mqtt_once.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>

#include "io/clock.hpp"
#include "io/mqtt_client.hpp"

namespace jkp::app {

Result<std::chrono::milliseconds, MqttOnceFault> mqtt_once(const io::MqttClientSettings& settings,
                                                           const std::string& base,
                                                           std::chrono::milliseconds patience) {
    boost::asio::io_context loop(1);
    const auto guard = boost::asio::make_work_guard(loop);
    const std::string topic = base + "/test";
    const std::string text = std::to_string(io::now().time_since_epoch().count());
    std::optional<TimePoint> sent;
    std::optional<Result<std::chrono::milliseconds, MqttOnceFault>> result;
    io::MqttHandlers handlers;
    std::optional<io::MqttClient> client;
    handlers.on_connected = [&] {
        sent = io::now();
        client->publish({topic, text, 1, false, io::MqttKeep::every});
    };
    handlers.on_failure = [&](const io::MqttFailure& fault) {
        result = failure(MqttOnceFault{std::string(name(fault.error)), fault.sentence});
        loop.stop();
    };
    handlers.on_message = [&](const io::MqttArrival& message) {
        if (message.payload != text || !sent) return;
        result = std::chrono::duration_cast<std::chrono::milliseconds>(message.at - *sent);
        loop.stop();
    };
    client.emplace(loop, settings, std::move(handlers));
    client->subscribe(topic, 1);
    client->start();
    loop.run_for(patience);
    client.reset();
    if (result) return *result;
    if (sent) {
        return failure(MqttOnceFault{
            "read_back", "The broker " + settings.broker() + " accepts the connection, but a message at " +
                             topic + " does not come back. May this user write and read below " + base +
                             "? Look at the broker's access list."});
    }
    return failure(MqttOnceFault{"patience", "The broker " + settings.broker() + " has not answered in " +
                                                 std::to_string(patience.count() / 1000) +
                                                 " s. Is the host right, and is it switched on?"});
}

}  // namespace jkp::app
