// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>

#include "config/keys.hpp"

namespace jkp::config {
namespace {

using Mqtt = MqttSettings;
using Group = MqttGroupSettings;
using Keys = std::vector<Key<Settings>>;

constexpr std::string_view protocols[] = {"3.1.1", "5"};
constexpr std::size_t longest_path = 255;
constexpr std::size_t longest_host = 253;
constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_site = 32;
constexpr std::size_t longest_prefix = 100;

template <auto Member>
constexpr auto word(std::size_t longest) {
    return text<&Settings::mqtt, Member>(TextForm::word, longest);
}
template <auto Member>
constexpr auto path() {
    return text<&Settings::mqtt, Member>(TextForm::path, longest_path);
}

const Key<Settings> rows[] = {
    {"mqtt", "host", word<&Mqtt::host>(longest_host),
     "Name or address of the broker; without it there is no MQTT. The broker may come and go at any time."},
    {"mqtt", "port", number<&Settings::mqtt, &Mqtt::port>(plain, 1, 65535),
     "The port of the broker; without it 1883, or 8883 with tls."},
    {"mqtt", "username", text<&Settings::mqtt, &Mqtt::username>(TextForm::ascii, longest_name),
     "The user at the broker; without it nobody logs in."},
    {"mqtt", "password_file", path<&Mqtt::password_file>(),
     "A file with one line, the password, that others cannot read (mode 0600); without it systemd may hand "
     "it "
     "over (LoadCredential)."},
    {"mqtt", "credential", word<&Mqtt::credential>(longest_name),
     "The name of this file in LoadCredential of the unit."},
    {"mqtt", "tls", flag<&Settings::mqtt, &Mqtt::tls>(),
     "Whether the connection is encrypted and the broker's certificate is verified."},
    {"mqtt", "ca_file", path<&Mqtt::ca_file>(),
     "Certificates (PEM) to trust instead of those of the system; for a broker with a certificate of one's "
     "own."},
    {"mqtt", "cert_file", path<&Mqtt::cert_file>(), "Our certificate (PEM), when the broker asks for one."},
    {"mqtt", "key_file", path<&Mqtt::key_file>(), "Its key (PEM), without a passphrase."},
    {"mqtt", "protocol", choice<&Settings::mqtt, &Mqtt::protocol>(protocols), "The version of MQTT."},
    {"mqtt", "prefix", text<&Settings::mqtt, &Mqtt::prefix>(TextForm::topic, longest_prefix),
     "The first part of all topics."},
    {"mqtt", "site", word<&Mqtt::site>(longest_site),
     "The second part of all topics, and what Home Assistant knows the devices by; each gateway at one "
     "broker "
     "needs its own."},
    {"mqtt", "client_id", word<&Mqtt::client_id>(longest_name),
     "How the program calls itself at the broker; without it jk-pylon- and the site. No two programs may use "
     "the same."},
    {"mqtt", "discovery", flag<&Settings::mqtt, &Mqtt::discovery>(),
     "Whether the devices are described for Home Assistant, so that they appear there by themselves."},
    {"mqtt", "discovery_prefix",
     text<&Settings::mqtt, &Mqtt::discovery_prefix>(TextForm::topic, longest_prefix),
     "Where Home Assistant looks for descriptions."},
    {"mqtt", "compat_topics", flag<&Settings::mqtt, &Mqtt::compat_topics>(),
     "Whether the topics of the older Python program are filled too, see docs/mqtt.md."},
};

template <auto Member>
void append_group(Keys& keys, std::string_view table) {
    std::ranges::move(
        Keys{{table, "qos", number<&Settings::mqtt, Member, &Group::qos>(plain, 0, 2),
              "How surely the broker passes these values on: 0, 1 or 2."},
             {table, "interval_s", number<&Settings::mqtt, Member, &Group::interval>(seconds_, 1, 20),
              "Every value at least so often; a change beyond its dead band goes out at once."}},
        std::back_inserter(keys));
}

Keys all_keys() {
    Keys keys(std::begin(rows), std::end(rows));
    append_group<&Mqtt::battery>(keys, "mqtt.group.battery");
    append_group<&Mqtt::pack>(keys, "mqtt.group.pack");
    append_group<&Mqtt::site_group>(keys, "mqtt.group.site");
    append_group<&Mqtt::can>(keys, "mqtt.group.can");
    append_group<&Mqtt::limits>(keys, "mqtt.group.limits");
    append_group<&Mqtt::alarms>(keys, "mqtt.group.alarms");
    return keys;
}

}  // namespace

std::span<const Key<Settings>> mqtt_keys() {
    static const Keys keys = all_keys();
    return keys;
}

}  // namespace jkp::config
