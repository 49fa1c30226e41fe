// SPDX-License-Identifier: MIT
#include "meter/json_value.hpp"

#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>

#include <set>

#include "core/ensure.hpp"
#include "meter/time_text.hpp"

namespace jkp::meter {
namespace {

// A meter that counts import positive, as most do, at `path`.
GridRule grid(std::string_view plus, std::string_view minus = "") {
    GridRule rule;
    rule.power = {.plus = read_json_sum(plus).value(), .scale = -1, .minimum = -50'000, .maximum = 50'000};
    if (!minus.empty()) rule.power.minus = read_json_sum(minus).value();
    return rule;
}

Watts power(std::string_view payload, const GridRule& rule) {
    const auto reading = read_grid(payload, rule);
    ensure(reading.has_value(), reading ? "" : describe(reading.error()).c_str());
    return reading->value.power;
}

JsonError fault(std::string_view payload, const GridRule& rule) {
    const auto reading = read_grid(payload, rule);
    ensure(!reading, "a payload that is refused");
    EXPECT_FALSE(describe(reading.error()).empty());
    return reading.error().error;
}

TEST(JsonValue, ANumberBehindAPathIsRoundedToTheNearestWatt) {
    EXPECT_EQ(power(R"({"a":{"b":[1,{"c":-230.6}]}})", grid("/a/b/1/c")), Watts(231));
    EXPECT_EQ(power(R"({"a/b":{"~x":100}})", grid("/a~1b/~0x")), Watts(-100));
    EXPECT_EQ(power(R"([5])", grid("/0")), Watts(-5));
}

TEST(JsonValue, PathsAreAddedUp) {
    EXPECT_EQ(power(R"({"l1":100,"l2":-20,"l3":3})", grid("/l1 + /l2 + /l3")), Watts(-83));
    EXPECT_EQ(power(R"({"total + net":7})", grid("/total + net")), Watts(-7));
}

TEST(JsonValue, AStarAddsEveryMemberOfAListOrObject) {
    EXPECT_EQ(power(R"({"e":[{"p":1},{"p":2},{"p":4}]})", grid("/e/*/p")), Watts(-7));
    EXPECT_EQ(power(R"({"e":{"a":{"p":1},"b":{"p":2}}})", grid("/e/*/p")), Watts(-3));
    EXPECT_EQ(fault(R"({"e":[]})", grid("/e/*/p")), JsonError::missing);
    EXPECT_EQ(fault(R"({"e":7})", grid("/e/*/p")), JsonError::missing);
    EXPECT_EQ(fault(R"({"e":[{"p":1},{"q":2}]})", grid("/e/*/p")), JsonError::missing)
        << "a phase that is missing is not 0";
    EXPECT_EQ(fault(R"({"e":[{"p":1},{"p":null}]})", grid("/e/*/p")), JsonError::no_value);
}

TEST(JsonValue, ImportAndExportInTwoFieldsAreOnePower) {
    const GridRule rule = grid("/in", "/out");
    EXPECT_EQ(power(R"({"in":700,"out":0})", rule), Watts(-700));
    EXPECT_EQ(power(R"({"in":0,"out":1200})", rule), Watts(1200));
    EXPECT_EQ(fault(R"({"in":0})", rule), JsonError::missing) << "half a pair is no reading";
    EXPECT_EQ(fault(R"({"in":0,"out":null})", rule), JsonError::no_value);
}

TEST(JsonValue, APlainNumberIsAPayloadToo) {
    EXPECT_EQ(power("123.4", grid("plain")), Watts(-123));
    EXPECT_EQ(power(" -5\n", grid("plain")), Watts(5));
    EXPECT_EQ(power("\"17\"", grid("plain")), Watts(-17));
    EXPECT_EQ(power("+17", grid("plain")), Watts(-17));
    EXPECT_EQ(fault("unavailable", grid("plain")), JsonError::no_value);
    EXPECT_EQ(fault("", grid("plain")), JsonError::no_value);
    EXPECT_EQ(fault("NaN", grid("plain")), JsonError::no_value);
    EXPECT_EQ(fault("12 W", grid("plain")), JsonError::not_a_number);
    EXPECT_EQ(fault("inf", grid("plain")), JsonError::not_a_number);
    EXPECT_EQ(fault("1e999", grid("plain")), JsonError::not_a_number);
}

TEST(JsonValue, WhatTheSourceCallsUnknownIsNoValueAndNever0) {
    for (const char* text : {R"(null)", R"("")", R"("unknown")", R"("Unavailable")", R"("NULL")", R"("none")",
                             R"("nan")", R"(" NaN ")", R"("-")"}) {
        EXPECT_EQ(fault(R"({"state":)" + std::string(text) + "}", grid("/state")), JsonError::no_value)
            << text;
    }
    GridRule rule = grid("/state");
    EXPECT_EQ(fault(R"({"state":"Offline"})", rule), JsonError::not_a_number);
    rule.common.ignored = {"offline"};
    EXPECT_EQ(fault(R"({"state":"Offline"})", rule), JsonError::no_value);
}

TEST(JsonValue, WhatIsNoNumberIsRefused) {
    for (const char* text : {"true", "{}", "[]", R"("1,5")", R"("0x10")", R"("12a")", "[1]"}) {
        EXPECT_EQ(fault(R"({"p":)" + std::string(text) + "}", grid("/p")), JsonError::not_a_number) << text;
    }
    for (const char* text : {"{", "{\"p\":1}}", "{\"p\":nan}", "<html>\"</html>"}) {
        EXPECT_EQ(fault(text, grid("/p")), JsonError::not_json) << text;
    }
    EXPECT_EQ(fault("<html></html>", grid("/p")), JsonError::missing);
    EXPECT_EQ(fault(R"({"q":1})", grid("/p")), JsonError::missing);
    EXPECT_EQ(fault(R"([1])", grid("/1")), JsonError::missing);
    EXPECT_EQ(fault(R"([1])", grid("/-1")), JsonError::missing);
    EXPECT_EQ(fault(std::string(longest_payload + 1, ' '), grid("plain")), JsonError::not_json);
}

TEST(JsonValue, DeepNestingDoesNoHarm) {
    const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
    EXPECT_EQ(fault(deep, grid("/0/0")), JsonError::not_a_number);
    EXPECT_EQ(fault(deep, grid("/*/*/p")), JsonError::missing);
}

TEST(JsonValue, ScaleOffsetAndRangeAreApplied) {
    GridRule rule = grid("/kw");
    rule.power.scale = 1000;
    rule.power.offset = 0.05;
    EXPECT_EQ(power(R"({"kw":1.5})", rule), Watts(1550));
    EXPECT_EQ(power(R"({"kw":49.95})", rule), Watts(50'000));
    EXPECT_EQ(fault(R"({"kw":49.96})", rule), JsonError::out_of_range);
    EXPECT_EQ(fault(R"({"kw":-51})", rule), JsonError::out_of_range);
    EXPECT_EQ(fault(R"({"kw":1e308})", rule), JsonError::out_of_range);
}

TEST(JsonValue, AMagnitudeTakesItsDirectionFromAWord) {
    GridRule rule = grid("/p");
    rule.power.scale = 1;
    rule.common.direction = JsonDirection{read_json_path("/dir").value(), {"out", "1"}, {"in", "0"}};
    EXPECT_EQ(power(R"({"p":50,"dir":"OUT"})", rule), Watts(50));
    EXPECT_EQ(power(R"({"p":50,"dir":0})", rule), Watts(-50));
    EXPECT_EQ(fault(R"({"p":50,"dir":"sideways"})", rule), JsonError::bad_direction);
    EXPECT_EQ(fault(R"({"p":50})", rule), JsonError::missing);
}

TEST(JsonValue, AMagnitudeThatIsNegativeDoesNotTurnTheWordRound) {
    const JsonDirection words{read_json_path("/dir").value(), {"out"}, {"in"}};
    GridRule rule = grid("/p");
    rule.power.scale = 1;
    EXPECT_EQ(power(R"({"p":-300,"dir":"out"})", rule), Watts(-300)) << "without words the sign counts";
    rule.common.direction = words;
    EXPECT_EQ(fault(R"({"p":-300,"dir":"out"})", rule), JsonError::out_of_range);
    EXPECT_EQ(fault(R"({"p":-300,"dir":"in"})", rule), JsonError::out_of_range);
    EXPECT_EQ(power(R"({"p":0,"dir":"in"})", rule), Watts(0));
    rule.power.offset = -5;
    EXPECT_EQ(fault(R"({"p":4,"dir":"out"})", rule), JsonError::out_of_range);

    const JsonQuantity amps{.plus = read_json_sum("/i").value(), .minimum = -100, .maximum = 100};
    PeerRule peer{.current = amps};
    peer.common.direction = words;
    EXPECT_EQ(read_peer(R"({"i":7,"dir":"in"})", peer)->value.current, Milliamps(-7000));
    const auto refused = read_peer(R"({"i":-7,"dir":"in"})", peer);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().error, JsonError::out_of_range);
    EXPECT_EQ(refused.error().where, "/i");
}

TEST(JsonValue, TheTimeOfTheSourceComesWithTheValue) {
    GridRule rule = grid("/p");
    EXPECT_EQ(read_grid(R"({"p":1})", rule)->measured_ms, std::nullopt);
    rule.common.time = read_json_path("/t");
    const auto time = [&](const std::string& written) {
        return read_grid(R"({"p":1,"t":)" + written + "}", rule)->measured_ms.value();
    };
    EXPECT_EQ(time("1764100800"), 1'764'100'800'000);
    EXPECT_EQ(time("1764100800250"), 1'764'100'800'250);
    EXPECT_EQ(time("\"1764100800\""), 1'764'100'800'000);
    EXPECT_EQ(time("\"2025-11-25T20:00:00Z\""), 1'764'100'800'000);
    for (const char* bad : {"0", "null", "\"yesterday\"", "\"2025-11-25T20:00:00\"", "true"}) {
        EXPECT_EQ(fault(R"({"p":1,"t":)" + std::string(bad) + "}", rule), JsonError::bad_time) << bad;
    }
    EXPECT_EQ(fault(R"({"p":1})", rule), JsonError::missing);
}

TEST(JsonTime, IsoTimesNeedAZone) {
    constexpr std::int64_t noon = 1'764'072'000'000;  // 2025-11-25 12:00 UTC
    EXPECT_EQ(epoch_ms("2025-11-25T12:00:00Z"), noon);
    EXPECT_EQ(epoch_ms("2025-11-25 12:00:00.5z"), noon + 500);
    EXPECT_EQ(epoch_ms("2025-11-25T13:00:00+01:00"), noon);
    EXPECT_EQ(epoch_ms("2025-11-25T06:30:00-0530"), noon);
    EXPECT_EQ(epoch_ms("2025-11-25T12:00:00.123456+00"), noon + 123);
    for (const char* bad : {"", "2025", "2025-11-25", "2025-11-25T12:00:00", "2025-02-30T12:00:00Z",
                            "2025-11-25T24:00:00Z", "2025-11-25T12:60:00Z", "2025-11-25T12:00:00+15:00",
                            "2025-11-25T12:00:00Zz", "2025-11-25T12:00:00+1", "25.11.2025 12:00:00Z"}) {
        EXPECT_EQ(epoch_ms(std::string_view(bad)), std::nullopt) << bad;
    }
}

PeerRule battery() {
    PeerRule rule;
    rule.power =
        JsonQuantity{.plus = read_json_sum("/power").value(), .scale = -1, .minimum = -5e4, .maximum = 5e4};
    rule.current = JsonQuantity{.plus = read_json_sum("/current").value(), .minimum = -500, .maximum = 500};
    rule.voltage = JsonQuantity{.plus = read_json_sum("/voltage").value(), .minimum = 0, .maximum = 1000};
    rule.soc = JsonQuantity{.plus = read_json_sum("/soc").value(), .minimum = 0, .maximum = 100};
    return rule;
}

TEST(JsonValue, APeersBatteryGivesWhatItCan) {
    const auto all = read_peer(R"({"power":500,"current":-9.5,"voltage":52.61,"soc":87.5})", battery());
    ASSERT_TRUE(all);
    EXPECT_EQ(all->value, (PeerReading{Milliamps(-9500), Watts(-500), Millivolts(52'610), Permille(875)}));
    const auto some = read_peer(R"({"power":500,"soc":"unknown"})", battery());
    ASSERT_TRUE(some);
    EXPECT_EQ(some->value, (PeerReading{std::nullopt, Watts(-500), std::nullopt, std::nullopt}));
    const auto none = read_peer(R"({"voltage":52,"soc":50})", battery());
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().error, JsonError::missing);
    EXPECT_EQ(read_peer(R"({"power":5,"soc":101})", battery())->value.soc, std::nullopt);
    EXPECT_FALSE(read_peer("<>\"", battery()));
}

TEST(JsonPath, IsReadAsItIsWritten) {
    for (const char* good : {"plain", "/a", "/a/0/b", "/e/*/p", "/a~1b/c~0d"}) {
        const auto path = read_json_path(good);
        ASSERT_TRUE(path) << good;
        EXPECT_EQ(text(*path), good);
    }
    for (const char* bad : {"", "a", "a/b", "/", "/a/", "//a", "/a~", "/a~2", "/a + b~"}) {
        EXPECT_EQ(read_json_path(bad), std::nullopt) << bad;
    }
    EXPECT_EQ(read_json_sum("/a + /b")->size(), 2U);
    EXPECT_EQ(read_json_sum("/a + plain")->size(), 1U) << "the name of one member";
    EXPECT_EQ(read_json_sum("/a +/b")->size(), 1U);
    EXPECT_EQ(read_json_sum("/a + /"), std::nullopt);
}

TEST(JsonValue, EachFaultHasItsOwnNameAndWords) {
    std::set<std::string_view> names;
    std::set<std::string> words;
    for (std::size_t i = 0; i < json_error_count; ++i) {
        names.insert(name(static_cast<JsonError>(i)));
        words.insert(describe({static_cast<JsonError>(i), "/p", "x"}));
    }
    EXPECT_EQ(names.size(), json_error_count);
    EXPECT_EQ(words.size(), json_error_count);
    EXPECT_EQ(describe({JsonError::no_value, "/p", "unavailable"}),
              "at /p is \"unavailable\": the source has no value now");
    const auto reading = read_grid("{\"p\":\"\x1b[31m" + std::string(100, 'x') + "\"}", grid("/p"));
    ASSERT_FALSE(reading);
    EXPECT_EQ(describe(reading.error()).find('\x1b'), std::string::npos) << "safe to print";
    EXPECT_LT(describe(reading.error()).size(), 120U);
}

RC_GTEST_PROP(JsonProperty, AnyTextGivesAReadingInRangeOrAFault, ()) {
    const auto text = *rc::gen::container<std::string>(
        rc::gen::elementOf(std::string("{}[]\":,pe0123456789-+.truefalsn \n\\u")));
    for (const char* path : {"plain", "/p", "/e/*/p", "/*", "/0"}) {
        const auto reading = read_grid(text, grid(path));
        if (!reading) RC_ASSERT(!describe(reading.error()).empty());
        if (reading)
            RC_ASSERT(reading->value.power <= Watts(50'000) && reading->value.power >= Watts(-50'000));
    }
}

}  // namespace
}  // namespace jkp::meter
