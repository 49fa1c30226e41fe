// SPDX-License-Identifier: MIT
#include "app/source_settings.hpp"

#include "app/mqtt_wiring.hpp"
#include "config/word_list.hpp"
#include "core/ensure.hpp"

namespace jkp::app {
namespace {

using config::JsonSign;

JsonSum sum_of(const std::string& written) {
    if (written.empty()) return {};
    auto sum = read_json_sum(written);
    ensure(sum.has_value(), "a path that the configuration has checked");
    return *sum;
}

std::optional<JsonPath> path_of(const std::string& written) {
    return written.empty() ? std::nullopt : read_json_path(written);
}

// `plus`: the direction that counts positive for us.
meter::JsonCommon common_of(const config::JsonSourceSettings& source, JsonSign plus) {
    meter::JsonCommon common;
    common.time = path_of(source.time);
    common.ignored = config::words_in(source.ignore);
    if (const auto path = path_of(source.direction)) {
        const auto in = config::words_in(source.direction_in);
        const auto out = config::words_in(source.direction_out);
        common.direction =
            meter::JsonDirection{*path, plus == JsonSign::in ? in : out, plus == JsonSign::in ? out : in};
    }
    return common;
}

double sign_of(const config::JsonSourceSettings& source, JsonSign plus) {
    if (!source.direction.empty()) return 1;  // the word decides
    return source.positive == JsonSign::unset || source.positive == plus ? 1 : -1;
}

std::optional<meter::JsonQuantity> power_of(const config::JsonSourceSettings& source, JsonSign plus) {
    const double unit = source.power_unit == config::PowerUnit::kilowatts ? 1000 : 1;
    meter::JsonQuantity power;
    const bool pair = source.power.empty();
    if (pair) {
        if (source.power_in.empty()) return std::nullopt;
        power.plus = sum_of(plus == JsonSign::in ? source.power_in : source.power_out);
        power.minus = sum_of(plus == JsonSign::in ? source.power_out : source.power_in);
    } else {
        power.plus = sum_of(source.power);
    }
    power.offset = static_cast<double>(source.offset_mw) / 1000 / unit;
    power.scale = static_cast<double>(source.scale_ppm) / 1e6 * unit * (pair ? 1 : sign_of(source, plus));
    power.maximum = source.largest_w;
    power.minimum = -power.maximum;
    return power;
}

std::optional<meter::JsonQuantity> plain(const std::string& written, double minimum, double maximum,
                                         double scale = 1) {
    if (written.empty()) return std::nullopt;
    return meter::JsonQuantity{
        .plus = sum_of(written), .scale = scale, .minimum = minimum, .maximum = maximum};
}

JsonSourceSettings transport_of(const config::JsonSourceSettings& source) {
    JsonSourceSettings settings;
    settings.url = source.url;
    settings.poll_period = source.poll_period;
    settings.timeout = source.timeout;
    settings.auth = static_cast<JsonSourceAuth>(source.auth);
    settings.secret_file = source.secret_file;
    settings.ca_file = source.ca_file;
    settings.silent_after = std::max<Duration>(settings.silent_after, 3 * source.poll_period);
    return settings;
}

// Only the newest value counts, so that few may wait.
io::MqttClientSettings listener_settings(const config::MqttSettings& mqtt, const std::string& part) {
    io::MqttClientSettings settings = mqtt_client_settings(mqtt, part);
    settings.longest_payload = meter::longest_payload;
    settings.most_unhandled = 16;
    return settings;
}

}  // namespace

SmaMeterSettings sma_meter_settings(const config::MeterSettings& meter) {
    SmaMeterSettings settings;
    settings.serial = meter.serial;
    settings.interface = meter.interface;
    settings.group = meter.group;
    settings.port = static_cast<std::uint16_t>(meter.port);
    return settings;
}

JsonSourceSettings json_meter_settings(const config::JsonSourceSettings& source) {
    JsonSourceSettings settings = transport_of(source);
    const auto power = power_of(source, JsonSign::out);
    ensure(power.has_value(), "a meter says where its power stands");
    settings.rule = meter::GridRule{*power, common_of(source, JsonSign::out)};
    return settings;
}

JsonSourceSettings json_peer_settings(const config::JsonSourceSettings& source) {
    constexpr double most_amps = 1000;
    constexpr double most_volts = 1000;
    JsonSourceSettings settings = transport_of(source);
    settings.rule = meter::PeerRule{
        .power = power_of(source, JsonSign::in),
        .current = plain(source.current, -most_amps, most_amps, sign_of(source, JsonSign::in)),
        .voltage = plain(source.voltage, 0, most_volts),
        .soc = plain(source.soc, 0, 100),
        .common = common_of(source, JsonSign::in)};
    return settings;
}

MqttSourceSettings topic_meter_settings(const config::MqttSettings& mqtt,
                                        const config::JsonSourceSettings& source) {
    return {listener_settings(mqtt, "-meter"), source.topic, json_meter_settings(source).rule};
}

MqttSourceSettings topic_peer_settings(const config::MqttSettings& mqtt,
                                       const config::JsonSourceSettings& source) {
    return {listener_settings(mqtt, "-peer"), source.topic, json_peer_settings(source).rule};
}

}  // namespace jkp::app
