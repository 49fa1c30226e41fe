// SPDX-License-Identifier: MIT
// [mqtt]: what is read, what is refused and what is said about it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/contradiction.hpp"

namespace jkp::config {
namespace {

using namespace testing;
using ::testing::HasSubstr;

MqttSettings mqtt_of(const std::string& text) {
    const auto settings = load(with(text), "site.toml");
    if (!settings) throw std::runtime_error(format(settings.error()));
    return settings->mqtt;
}

TEST(Mqtt, IsOffWithoutAWord) {
    EXPECT_FALSE(mqtt_of("").enabled());
    EXPECT_FALSE(mqtt_of("[mqtt]\n").enabled());
}

TEST(Mqtt, ReadsEveryKey) {
    const MqttSettings mqtt = mqtt_of(
        "[mqtt]\n"
        "host = \"broker.example\"\n"
        "port = 18883\n"
        "username = \"a user\"\n"
        "password_file = \"/etc/jk-pylon/mqtt\"\n"
        "tls = true\n"
        "ca_file = \"/etc/ca.pem\"\n"
        "cert_file = \"/etc/c.pem\"\n"
        "key_file = \"/etc/k.pem\"\n"
        "protocol = \"5\"\n"
        "prefix = \"energy/battery\"\n"
        "site = \"cellar\"\n"
        "client_id = \"me\"\n"
        "discovery = true\n"
        "discovery_prefix = \"ha\"\n"
        "compat_topics = true\n"
        "[mqtt.group.battery]\nqos = 2\ninterval_s = 5\n"
        "[mqtt.group.pack]\nqos = 1\n[mqtt.group.site]\ninterval_s = 2\n[mqtt.group.can]\ninterval_s = 3\n"
        "[mqtt.group.limits]\nqos = 0\n[mqtt.group.alarms]\ninterval_s = 1\n");
    EXPECT_TRUE(mqtt.enabled());
    EXPECT_EQ(mqtt.host, "broker.example");
    EXPECT_EQ(mqtt.port, 18883);
    EXPECT_EQ(mqtt.username, "a user");
    EXPECT_EQ(mqtt.password_file, "/etc/jk-pylon/mqtt");
    EXPECT_TRUE(mqtt.tls);
    EXPECT_EQ(mqtt.ca_file, "/etc/ca.pem");
    EXPECT_EQ(mqtt.cert_file, "/etc/c.pem");
    EXPECT_EQ(mqtt.key_file, "/etc/k.pem");
    EXPECT_EQ(mqtt.protocol, MqttProtocol::v5);
    EXPECT_EQ(mqtt.prefix, "energy/battery");
    EXPECT_EQ(mqtt.site, "cellar");
    EXPECT_EQ(mqtt.client_id, "me");
    EXPECT_EQ(mqtt.discovery_prefix, "ha");
    EXPECT_TRUE(mqtt.compat_topics);
    EXPECT_EQ(mqtt.battery, (MqttGroupSettings{2, seconds(5)}));
    EXPECT_EQ(mqtt.pack, (MqttGroupSettings{1, seconds(20)}));
    EXPECT_EQ(mqtt.site_group, (MqttGroupSettings{0, seconds(2)}));
    EXPECT_EQ(mqtt.can, (MqttGroupSettings{0, seconds(3)}));
    EXPECT_EQ(mqtt.limits, (MqttGroupSettings{0, seconds(20)}));
    EXPECT_EQ(mqtt.alarms, (MqttGroupSettings{1, seconds(1)}));
    EXPECT_EQ(warnings_of(with("[mqtt]\nhost = \"b\"\n")), "");
}

class MqttRefused : public ::testing::TestWithParam<const char*> {};

TEST_P(MqttRefused, WithOneErrorThatNamesTheKey) {
    const std::string text = GetParam();
    const std::string key = text.substr(0, text.find(' '));
    const std::string errors = errors_of(with("[mqtt]\n" + text + '\n'));
    EXPECT_THAT(errors, HasSubstr("site.toml:6: mqtt." + key + " = "));
    EXPECT_EQ(std::ranges::count(errors, '\n'), 1) << errors;
}

INSTANTIATE_TEST_SUITE_P(Values, MqttRefused,
                         ::testing::Values("host = \"\"", "host = \"a b\"", "host = \"tcp://b\"", "port = 0",
                                           "port = 65536", "port = \"1883\"", "username = 5", "tls = \"yes\"",
                                           "password_file = \"mqtt\"", "credential = \"../mqtt\"",
                                           "ca_file = \"ca.pem\"", "protocol = \"3.1\"", "protocol = 5",
                                           "prefix = \"\"", "prefix = \"a/+\"", "prefix = \"/a\"",
                                           "prefix = \"a/\"", "prefix = \"#\"", "site = \"a/b\"",
                                           "site = \"an-identifier-of-a-site-too-long-for-us\"",
                                           "client_id = \"a b\"", "discovery = 1",
                                           "discovery_prefix = \"h/#\"", "compat_topics = 1",
                                           "password = \"geheim\""));

TEST(Mqtt, AllErrorsComeAtOnce) {
    const std::string errors = errors_of(with(
        "[mqtt]\nhost = \"a b\"\nport = 0\n[mqtt.group.pack]\nqos = 3\n[mqtt.group.can]\ninterval_s = 21\n"));
    EXPECT_THAT(errors, HasSubstr("mqtt.host"));
    EXPECT_THAT(errors, HasSubstr("mqtt.port"));
    EXPECT_THAT(errors, HasSubstr("mqtt.group.pack.qos"));
    EXPECT_THAT(errors, HasSubstr("mqtt.group.can.interval_s"));
    EXPECT_EQ(std::ranges::count(errors, '\n'), 4) << errors;
}

TEST(Mqtt, ContradictionsNameBothKeys) {
    expect_refused(
        {"", "[mqtt]\nhost = \"b\"\ntls = true\ncert_file = \"/c\"\n",
         "site.toml:8: mqtt.cert_file = \"/c\": mqtt.cert_file and mqtt.key_file belong together"});
    expect_refused(
        {"", "[mqtt]\nhost = \"b\"\nprefix = \"homeassistant\"\n",
         "site.toml:7: mqtt.prefix = \"homeassistant\": mqtt.prefix and mqtt.discovery_prefix must "
         "differ"});
}

TEST(Mqtt, SaysWhichKeysHaveNoEffectAndWhatIsUnwise) {
    expect_warned(
        {"", "[mqtt]\nport = 1883\n", "site.toml:6: mqtt.port = 1883: is not used: mqtt.host is not set"});
    expect_warned({"", "[mqtt.group.pack]\nqos = 1\n",
                   "site.toml:6: mqtt.group.pack.qos = 1: is not used: mqtt.host is not set"});
    expect_warned({"", "[mqtt]\nhost = \"b\"\nca_file = \"/ca\"\n",
                   "site.toml:7: mqtt.ca_file = \"/ca\": is not used: mqtt.tls is false"});
    expect_warned({"", "[mqtt]\nhost = \"b\"\npassword_file = \"/pw\"\n",
                   "site.toml:7: mqtt.password_file = \"/pw\": is not used: mqtt.username is not set"});
    expect_warned({"", "[mqtt]\nhost = \"b\"\ndiscovery = false\ndiscovery_prefix = \"h\"\n",
                   "site.toml:8: mqtt.discovery_prefix = \"h\": is not used: mqtt.discovery is false"});
    expect_warned(
        {"", "[mqtt]\nhost = \"b\"\nusername = \"u\"\n",
         "site.toml:7: mqtt.username = \"u\": the password goes over the network unencrypted, because "
         "mqtt.tls is false"});
    EXPECT_EQ(warnings_of(with("[mqtt]\nhost = \"localhost\"\nusername = \"u\"\n")), "");
}

TEST(MqttSource, ATopicTakesThePlaceOfAnAddress) {
    const std::string broker = "[mqtt]\nhost = \"b\"\n[meter]\nkind = \"json\"\n[meter.json]\n";
    const auto settings = load(
        with(broker + "topic = \"house/meter\"\npower = \"plain\"\npositive = \"import\"\n"), "site.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    EXPECT_EQ(settings->meter_json.topic, "house/meter");
    EXPECT_TRUE(settings->meter_json.enabled());
    EXPECT_TRUE(settings->warnings.empty());
}

TEST(MqttSource, NeedsABrokerAndExcludesAnAddress) {
    const std::string meaning = "power = \"/p\"\npositive = \"charge\"\n";
    expect_refused({"", ("[peer.json]\ntopic = \"a\"\n" + meaning).c_str(),
                    "site.toml:6: peer.json.topic = \"a\": peer.json.topic needs mqtt.host"});
    expect_refused(
        {"", ("[mqtt]\nhost = \"b\"\n[peer.json]\nurl = \"https://a/\"\ntopic = \"a\"\n" + meaning).c_str(),
         "site.toml:9: peer.json.topic = \"a\": peer.json.url and peer.json.topic exclude one "
         "another"});
    expect_refused(
        {"", "[mqtt]\nhost = \"b\"\n[peer.json]\ntopic = \"a/#\"\n",
         "site.toml:8: peer.json.topic = \"a/#\": must be a topic without +, # and a slash at its ends, "
         "of 1 to 255 characters"});
    expect_warned({"", ("[mqtt]\nhost = \"b\"\n[peer.json]\ntopic = \"a\"\npoll_s = 1\n" + meaning).c_str(),
                   "site.toml:9: peer.json.poll_s = 1: is not used: peer.json.topic is set"});
}

}  // namespace
}  // namespace jkp::config
