// SPDX-License-Identifier: MIT
// The client against a real broker that comes, goes, hangs and refuses.
#include "io/mqtt_client.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>

#include "mqtt/refuser.hpp"
#include "mqtt/watcher.hpp"

namespace jkp::io {
namespace {

using namespace jkp::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

struct Client {
    Client(Loop& loop, MqttClientSettings settings)
        : client(loop.context, std::move(settings),
                 {.on_connected = [this] { ++connections; },
                  .on_failure = [this](const MqttFailure& f) { failures.push_back(f); },
                  .on_message = [this](const MqttArrival& m) { messages.push_back(m); }}) {
        client.start();
    }
    std::vector<MqttFailure> failures;
    std::vector<MqttArrival> messages;
    int connections = 0;
    MqttClient client;
};

class OnVersion : public ::testing::TestWithParam<MqttVersion> {};

TEST_P(OnVersion, PublishesKeptAndPassingMessagesAndHearsOthers) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "t/#");
    MqttClientSettings settings = settings_for(broker);
    settings.version = GetParam();
    Client us(loop, settings);
    us.client.subscribe("in/+", 1);
    ASSERT_TRUE(loop.until([&] { return us.connections == 1; }));
    us.client.publish({"t/a", "1", 0, true});
    us.client.publish({"t/b", "2", 2, false});
    EXPECT_TRUE(watcher.sees("t/a", "1"));
    EXPECT_TRUE(watcher.sees("t/b", "2"));
    watcher.say("in/x", "hello");
    ASSERT_TRUE(loop.until([&] { return !us.messages.empty(); }));
    EXPECT_EQ(us.messages[0].topic, "in/x");
    EXPECT_EQ(us.messages[0].payload, "hello");
    EXPECT_FALSE(us.messages[0].retained);
    us.client.subscribe("t/+", 1);
    ASSERT_TRUE(loop.until([&] { return us.messages.size() == 2; }));
    EXPECT_EQ(us.messages[1].topic, "t/a");
    EXPECT_TRUE(us.messages[1].retained);
    EXPECT_THAT(us.failures, SizeIs(0));
}

TEST_P(OnVersion, SaysOnceThatThePasswordIsWrongAndComesInWhenItIsRight) {
    Loop loop;
    const Broker broker({.user = "me", .password = "right one"});
    MqttClientSettings settings = settings_for(broker);
    settings.version = GetParam();
    settings.username = "me";
    settings.password_file = broker.secret("pw", "wrong one\n");
    settings.refused_pause = 50ms;
    Client us(loop, settings);
    ASSERT_TRUE(loop.until([&] { return us.client.counters().failures >= 3; }));
    ASSERT_THAT(us.failures, SizeIs(1));
    EXPECT_EQ(us.failures[0].error, MqttError::login);
    EXPECT_THAT(us.failures[0].sentence, HasSubstr("localhost:" + std::to_string(broker.port())));
    EXPECT_THAT(us.failures[0].sentence, HasSubstr("password_file"));
    EXPECT_THAT(us.failures[0].sentence, Not(HasSubstr("wrong one")));
    EXPECT_EQ(broker.secret("pw", "right one\n"), settings.password_file);
    EXPECT_TRUE(loop.until([&] { return us.connections == 1; }));
}

std::string version_name(const ::testing::TestParamInfo<MqttVersion>& version) {
    return version.param == MqttVersion::v5 ? "v5" : "v3_1_1";
}
INSTANTIATE_TEST_SUITE_P(Mqtt, OnVersion, ::testing::Values(MqttVersion::v3_1_1, MqttVersion::v5),
                         version_name);

TEST(Client, ConnectsWhenTheBrokerComesLaterAndTellsOnceThatItWasNotThere) {
    Loop loop;
    Broker broker({.started = false});
    Client us(loop, settings_for(broker));
    ASSERT_TRUE(loop.until([&] { return us.client.counters().failures >= 3; }));
    ASSERT_THAT(us.failures, SizeIs(1));
    EXPECT_EQ(us.failures[0].error, MqttError::connect);
    EXPECT_THAT(us.failures[0].sentence, HasSubstr("Connection refused"));
    us.client.publish({"t/old", "1", 1, true});
    broker.start();
    ASSERT_TRUE(loop.until([&] { return us.connections == 1; }, 5s));
    Watcher watcher(loop, broker, "t/#");
    EXPECT_THAT(watcher.all, SizeIs(0)) << "nothing old is sent";
    EXPECT_EQ(us.client.counters().dropped, 1U);
}

TEST(Client, ComesBackToABrokerThatWasKilled) {
    Loop loop;
    Broker broker;
    Client us(loop, settings_for(broker));
    us.client.subscribe("in", 1);
    ASSERT_TRUE(loop.until([&] { return us.connections == 1; }));
    broker.kill();
    ASSERT_TRUE(loop.until([&] { return us.failures.size() == 2; }));
    EXPECT_EQ(us.failures[0].error, MqttError::lost);
    EXPECT_THAT(us.failures[0].sentence, HasSubstr("same client_id"));
    EXPECT_EQ(us.failures[1].error, MqttError::connect);
    EXPECT_FALSE(us.client.connected());
    broker.start();
    ASSERT_TRUE(loop.until([&] { return us.connections == 2; }, 5s));
    Watcher watcher(loop, broker, "none");
    watcher.say("in", "subscribed again");
    EXPECT_TRUE(loop.until([&] { return !us.messages.empty(); }));
}

TEST(Client, TellsTheEndOfEachConnectionThatItHasTold) {
    Loop loop;
    Broker broker;
    Client us(loop, settings_for(broker));
    for (std::size_t time = 1; time <= 3; ++time) {
        ASSERT_TRUE(loop.until([&] { return us.connections == static_cast<int>(time); }));
        broker.kill();
        ASSERT_TRUE(loop.until([&] {
            return std::ranges::count(us.failures, MqttError::lost, &MqttFailure::error) ==
                   static_cast<std::ptrdiff_t>(time);
        })) << "the same sentence again, however short the connection was";
        const std::uint64_t failures = us.client.counters().failures;
        ASSERT_TRUE(loop.until([&] { return us.client.counters().failures >= failures + 3; }));
        broker.start();
    }
    EXPECT_THAT(us.failures, SizeIs(4)) << "why it does not come back is told once";
}

TEST(Client, ABrokerThatTakesNobodyForNowIsTriedAgainSoon) {
    struct Case {
        MqttVersion version;
        std::string answer;
        MqttError error;
    };
    const auto v5 = [](char code) { return std::string("\x20\x03\x00", 3) + code + '\0'; };
    const std::vector<Case> cases{
        {MqttVersion::v3_1_1, std::string("\x20\x02\x00\x03", 4), MqttError::unavailable},
        {MqttVersion::v5, v5('\x88'), MqttError::unavailable},
        {MqttVersion::v5, v5('\x89'), MqttError::unavailable},
        {MqttVersion::v5, v5('\x97'), MqttError::unavailable},
        {MqttVersion::v5, v5('\x9f'), MqttError::unavailable},
        {MqttVersion::v5, v5('\x8a'), MqttError::refused},
        {MqttVersion::v3_1_1, std::string("\x20\x02\x00\x02", 4), MqttError::refused}};
    for (const Case& each : cases) {
        Loop loop;
        const Refuser broker(loop.context, each.answer);
        MqttClientSettings settings;
        settings.host = "127.0.0.1";
        settings.port = broker.port();
        settings.client_id = "us";
        settings.version = each.version;
        settings.first_pause = 10ms;
        settings.longest_pause = 10ms;
        settings.refused_pause = 1h;
        Client us(loop, settings);
        ASSERT_TRUE(loop.until([&] { return !us.failures.empty(); }));
        EXPECT_EQ(us.failures[0].error, each.error) << us.failures[0].sentence;
        if (each.error == MqttError::refused) continue;
        EXPECT_TRUE(loop.until([&] { return us.client.counters().failures >= 3; }, 5s));
        EXPECT_THAT(us.failures, SizeIs(1));
    }
}

TEST(Client, ABrokerThatHangsGetsOneBatchAndLaterOnlyTheNewestOfEachTopic) {
    Loop loop;
    Broker broker;
    Watcher watcher(loop, broker, "t/#");
    MqttClientSettings settings = settings_for(broker);
    settings.answer_timeout = 60s;
    Client us(loop, settings);
    ASSERT_TRUE(loop.until([&] { return us.connections == 1; }));
    us.client.publish({"t/a", "before", 0, true});
    ASSERT_TRUE(watcher.sees("t/a", "before"));
    broker.pause();
    us.client.publish({"t/a", "under way", 0, true});
    ASSERT_TRUE(loop.until([&] { return us.client.counters().sent == 2; }));
    for (int i = 0; i < 1000; ++i) us.client.publish({"t/a", std::to_string(i), 0, true});
    broker.resume();
    ASSERT_TRUE(watcher.sees("t/a", "999"));
    EXPECT_THAT(watcher.payloads("t/a"), ElementsAre("before", "under way", "999"));
    EXPECT_EQ(us.client.counters().superseded, 999U);
}

TEST(Client, WhatTheLoopCannotTakeIsDiscardedAndCountedAndTheNextIsHeardAgain) {
    Loop loop;
    Loop busy;  // does not run for now
    const Broker broker;
    Watcher watcher(loop, broker, "none");
    MqttClientSettings settings = settings_for(broker);
    settings.most_unhandled = 10;
    Client us(busy, settings);
    us.client.subscribe("in", 1);
    ASSERT_TRUE(loop.until([&] { return us.client.connected(); }));
    const auto flood = [&](int count) {
        const std::uint64_t before = us.client.counters().received;
        // Not before the broker has our subscription.
        ASSERT_TRUE(loop.until([&] {
            if (us.client.counters().received == before) watcher.say("in", "first");
            return us.client.counters().received > before;
        }));
        for (int i = 0; i < count; ++i) watcher.say("in", std::to_string(i));
        ASSERT_TRUE(watcher.ready());
        ASSERT_TRUE(loop.until(
            [&] { return us.client.counters().received >= before + static_cast<unsigned>(count) + 1; }));
    };
    flood(100);
    busy.context.poll();
    EXPECT_THAT(us.messages, SizeIs(10));
    EXPECT_GE(us.client.counters().discarded, 80U);
    us.messages.clear();
    flood(2);
    EXPECT_TRUE(busy.until([&] { return !us.messages.empty() && us.messages.back().payload == "1"; }))
        << "there is room again";
}

TEST(Client, APayloadThatIsTooLongIsDiscardedAndCounted) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "none");
    MqttClientSettings settings = settings_for(broker);
    settings.longest_payload = 100;
    Client us(loop, settings);
    us.client.subscribe("in", 1);
    ASSERT_TRUE(loop.until([&] { return us.connections == 1; }));
    ASSERT_TRUE(loop.until([&] {
        watcher.say("in", std::string(101, 'x'));
        watcher.say("in", std::string(100, 'x'));
        return !us.messages.empty();
    }));
    EXPECT_GE(us.client.counters().discarded, 1U);
    for (const MqttArrival& message : us.messages) EXPECT_EQ(message.payload.size(), 100U);
}

TEST(Client, NoticesABrokerThatHangs) {
    Loop loop;
    Broker broker;
    MqttClientSettings settings = settings_for(broker);
    settings.answer_timeout = 1s;
    Client us(loop, settings);
    ASSERT_TRUE(loop.until([&] { return us.connections == 1; }));
    broker.pause();
    us.client.publish({"t/a", "1", 0, true});
    ASSERT_TRUE(loop.until([&] { return !us.failures.empty(); }));
    EXPECT_EQ(us.failures[0].error, MqttError::silent);
    EXPECT_FALSE(us.client.connected());
    ASSERT_TRUE(loop.until([&] { return us.client.counters().failures >= 3; }));
    EXPECT_THAT(us.failures, SizeIs(1));
    broker.resume();
    EXPECT_TRUE(loop.until([&] { return us.connections == 2; }, 5s));
}

TEST(Client, StopsAtOnceWhateverTheBrokerDoes) {
    Loop loop;
    const auto stop_time = [&](Client& us) {
        const TimePoint before = now();
        us.client.stop();
        return now() - before;
    };
    Broker broker;
    Client connected(loop, settings_for(broker));
    ASSERT_TRUE(loop.until([&] { return connected.connections == 1; }));
    broker.pause();
    connected.client.publish({"t/a", "1", 1, true});
    EXPECT_LT(stop_time(connected), 400ms);
    Client connecting(loop, settings_for(broker, "other"));
    EXPECT_LT(stop_time(connecting), 400ms);
    MqttClientSettings nobody = settings_for(broker);
    nobody.host = "no-such-host.invalid";
    Client looking(loop, nobody);
    EXPECT_LT(stop_time(looking), 400ms);
    nobody.host = "192.0.2.1";  // TEST-NET-1: no way there, or no answer
    Client lost(loop, nobody);
    EXPECT_LT(stop_time(lost), 400ms);
}

TEST(Client, LeavesItsLastWillWhenItGoesAndWhenItDies) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "t/status");
    MqttClientSettings settings = settings_for(broker);
    settings.will = {"t/status", "offline", 1, true};
    {
        Client us(loop, settings);
        ASSERT_TRUE(loop.until([&] { return us.connections == 1; }));
        us.client.publish({"t/status", "online", 1, true});
        ASSERT_TRUE(watcher.sees("t/status", "online"));
    }
    EXPECT_TRUE(watcher.sees("t/status", "offline"));
    Client first(loop, settings);
    ASSERT_TRUE(loop.until([&] { return first.connections == 1; }));
    first.client.publish({"t/status", "online", 1, true});
    ASSERT_TRUE(watcher.sees("t/status", "online"));
    Client thief(loop, settings);  // of the same name: the broker throws the first out
    EXPECT_TRUE(watcher.sees("t/status", "offline"));
}

TEST(Client, SaysWhatIsMissingWithoutTheLibrary) {
    Loop loop;
    const Broker broker({.started = false});
    MqttClientSettings settings = settings_for(broker);
    settings.library = "libmosquitto-that-is-not-there.so";
    Client us(loop, settings);
    ASSERT_TRUE(loop.until([&] { return !us.failures.empty(); }));
    EXPECT_EQ(us.failures[0].error, MqttError::library);
    EXPECT_THAT(us.failures[0].sentence, HasSubstr("apt-get install libmosquitto1"));
}

TEST(Client, ANameWithoutAnAddressIsToldSo) {
    Loop loop;
    const Broker broker({.started = false});
    MqttClientSettings settings = settings_for(broker);
    settings.host = "no-such-host.invalid";
    Client us(loop, settings);
    ASSERT_TRUE(loop.until([&] { return !us.failures.empty(); }));
    EXPECT_EQ(us.failures[0].error, MqttError::dns);
    EXPECT_THAT(us.failures[0].sentence, HasSubstr("no-such-host.invalid"));
}

TEST(Client, APasswordFileThatOthersCanReadIsRefused) {
    Loop loop;
    const Broker broker;
    MqttClientSettings settings = settings_for(broker);
    settings.username = "me";
    settings.password_file = broker.secret("pw", "secret\n");
    ::chmod(settings.password_file.c_str(), 0644);
    Client us(loop, settings);
    ASSERT_TRUE(loop.until([&] { return !us.failures.empty(); }));
    EXPECT_EQ(us.failures[0].error, MqttError::credentials);
    EXPECT_THAT(us.failures[0].sentence, HasSubstr("chmod 600"));
}

TEST(ClientTls, TrustsTheOwnCertificateAuthorityAndShowsItsCertificate) {
    Loop loop;
    const Broker broker({.tls = true, .client_certificate = true});
    MqttClientSettings settings = settings_for(broker);
    settings.tls = true;
    settings.ca_file = broker.file("ca.crt");
    settings.cert_file = broker.file("client.crt");
    settings.key_file = broker.file("client.key");
    for (const MqttVersion version : {MqttVersion::v3_1_1, MqttVersion::v5}) {
        settings.version = version;
        Client us(loop, settings);
        ASSERT_TRUE(loop.until([&] { return us.connections == 1; }))
            << (us.failures.empty() ? "" : us.failures[0].sentence);
    }
}

MqttFailure tls_failure(const BrokerOptions& options,
                        const std::function<void(MqttClientSettings&, const Broker&)>& change) {
    Loop loop;
    const Broker broker(options);
    MqttClientSettings settings = settings_for(broker);
    settings.tls = true;
    settings.ca_file = broker.file("ca.crt");
    change(settings, broker);
    Client us(loop, settings);
    loop.until([&] { return !us.failures.empty() || us.connections > 0; });
    EXPECT_EQ(us.connections, 0);
    return us.failures.empty() ? MqttFailure{} : us.failures[0];
}

TEST(ClientTls, AnUnknownAuthorityIsNotTrusted) {
    const auto failure = tls_failure({.tls = true}, [](auto& s, auto&) { s.ca_file = ""; });
    EXPECT_EQ(failure.error, MqttError::tls) << failure.sentence;
    EXPECT_THAT(failure.sentence, HasSubstr("certificate verify failed"));
}

TEST(ClientTls, ACertificateOfAnotherNameIsNotTrusted) {
    const auto failure = tls_failure({.tls = true}, [](auto& s, auto&) { s.host = "127.0.0.1"; });
    EXPECT_EQ(failure.error, MqttError::tls) << failure.sentence;
    EXPECT_THAT(failure.sentence, HasSubstr("name in the broker's certificate"));
}

TEST(Client, APortThatWantsTlsIsToldSo) {
    Loop loop;
    const Broker broker({.tls = true});
    Client us(loop, settings_for(broker));
    ASSERT_TRUE(loop.until([&] { return !us.failures.empty(); }));
    EXPECT_THAT(us.failures[0].sentence, HasSubstr("tls = true"));
}

TEST(ClientTls, ABrokerThatWantsACertificateIsToldSo) {
    const auto failure = tls_failure({.tls = true, .client_certificate = true}, [](auto&, auto&) {});
    EXPECT_EQ(failure.error, MqttError::tls) << failure.sentence;
    EXPECT_THAT(failure.sentence, HasSubstr("cert_file"));
}

TEST(ClientTls, APortWithoutTlsIsToldSo) {
    const auto failure = tls_failure({}, [](auto& s, auto&) { s.ca_file = ""; });
    EXPECT_EQ(failure.error, MqttError::tls) << failure.sentence;
}

TEST(ClientTls, AFileThatIsNotThereIsToldSo) {
    const auto failure = tls_failure({.tls = true}, [](auto& s, const Broker& b) {
        s.cert_file = b.file("nothing.crt");
        s.key_file = b.file("nothing.key");
    });
    EXPECT_EQ(failure.error, MqttError::certificate) << failure.sentence;
}

}  // namespace
}  // namespace jkp::io
