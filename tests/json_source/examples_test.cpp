// SPDX-License-Identifier: MIT
// Every example of packaging/sources loads without a warning that matters and reads the answer of its device
// in answers/, which is written after the maker's public documentation.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

#include "app/source_settings.hpp"
#include "config/load.hpp"

namespace jkp::app {
namespace {

const std::filesystem::path examples = JKP_SOURCE_DIR "/packaging/sources";
const std::filesystem::path answers = JKP_SOURCE_DIR "/tests/json_source/answers";

struct Expected {
    Watts grid;
    std::optional<PeerReading> peer{};
};
const std::map<std::string, Expected> expected{
    {"shelly-3em", {Watts(850)}},
    {"shelly-pro-3em", {Watts(-716)}},
    {"tasmota-sml", {Watts(2210)}},
    {"homewizard-p1", {Watts(543)}},
    {"home-assistant", {Watts(-319)}},
    {"evcc", {Watts(43), PeerReading{{}, Watts(-1250), {}, Permille(640)}}},
    {"victron-node-red", {Watts(390)}},
    {"mqtt-shelly-pro-3em", {Watts(-716)}},
    {"mqtt-tasmota-sml", {Watts(2210)}},
    {"mqtt-victron", {Watts(390)}},
    {"mqtt-evcc", {Watts(43), PeerReading{{}, Watts(43), {}, {}}}},
    {"fronius-solar-api", {Watts(-155), PeerReading{{}, Watts(960), {}, Permille(715)}}},
};

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(examples)) {
        found.push_back(entry.path().stem());
    }
    std::ranges::sort(found);
    return found;
}

class Example : public ::testing::TestWithParam<std::string> {};

TEST_P(Example, ReadsTheAnswerOfItsDevice) {
    ASSERT_TRUE(expected.contains(GetParam())) << "an example without a test";
    const Expected& wanted = expected.at(GetParam());
    const std::string pack = "[[pack]]\nport = \"/dev/ttyUSB0\"\nmax_charge_a = 60\nmax_discharge_a = 60\n";
    const auto settings = config::load(pack + text_of(examples / (GetParam() + ".toml")), GetParam());
    ASSERT_TRUE(settings) << config::format(settings.error());
    EXPECT_EQ(settings->meter.kind, config::MeterKind::json);
    const std::string answer = text_of(answers / (GetParam() + ".json"));

    const JsonSourceSettings meter = json_meter_settings(settings->meter_json);
    const auto grid = meter::read_grid(answer, std::get<meter::GridRule>(meter.rule));
    ASSERT_TRUE(grid) << describe(grid.error());
    EXPECT_EQ(grid->value.power, wanted.grid);
    EXPECT_EQ(grid->measured_ms.has_value(), GetParam() == "home-assistant");

    EXPECT_EQ(settings->peer_json.enabled(), wanted.peer.has_value());
    if (!wanted.peer) return;
    const JsonSourceSettings peer = json_peer_settings(settings->peer_json);
    const auto battery = meter::read_peer(answer, std::get<meter::PeerRule>(peer.rule));
    ASSERT_TRUE(battery) << describe(battery.error());
    EXPECT_EQ(battery->value, *wanted.peer);
}

std::string test_name(const ::testing::TestParamInfo<std::string>& example) {
    std::string name = example.param;
    std::ranges::replace(name, '-', '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Sources, Example, ::testing::ValuesIn(names()), test_name);

config::JsonSourceSettings described(const std::string& power, config::JsonSign positive) {
    config::JsonSourceSettings source;
    source.url = "http://host/";
    source.power = power;
    source.positive = positive;
    return source;
}

Watts grid_of(const config::JsonSourceSettings& source, std::string_view payload) {
    return meter::read_grid(payload, std::get<meter::GridRule>(json_meter_settings(source).rule))
        ->value.power;
}
PeerReading peer_of(const config::JsonSourceSettings& source, std::string_view payload) {
    return meter::read_peer(payload, std::get<meter::PeerRule>(json_peer_settings(source).rule))->value;
}

TEST(SourceSettings, EverySignIsTurnedIntoOurs) {
    using config::JsonSign;
    EXPECT_EQ(grid_of(described("plain", JsonSign::in), "100"), Watts(-100));
    EXPECT_EQ(grid_of(described("plain", JsonSign::out), "100"), Watts(100));
    EXPECT_EQ(peer_of(described("plain", JsonSign::in), "100").power, Watts(100));
    EXPECT_EQ(peer_of(described("plain", JsonSign::out), "100").power, Watts(-100));
    config::JsonSourceSettings current = described("", JsonSign::out);
    current.current = "/i";
    EXPECT_EQ(peer_of(current, R"({"i":9.5})").current, Milliamps(-9500));
    EXPECT_EQ(peer_of(current, R"({"i":9.5})").power, std::nullopt);
}

TEST(SourceSettings, APairIsExportMinusImportAndChargeMinusDischarge) {
    config::JsonSourceSettings pair = described("", config::JsonSign::unset);
    pair.power_in = "/in";
    pair.power_out = "/out";
    EXPECT_EQ(grid_of(pair, R"({"in":700,"out":0})"), Watts(-700));
    EXPECT_EQ(peer_of(pair, R"({"in":700,"out":0})").power, Watts(700));
}

TEST(SourceSettings, AWordForTheDirectionDecidesTheSign) {
    config::JsonSourceSettings source = described("/p", config::JsonSign::unset);
    source.direction = "/d";
    source.direction_in = "in, 0";
    source.direction_out = "out ,1";
    EXPECT_EQ(grid_of(source, R"({"p":5,"d":"in"})"), Watts(-5));
    EXPECT_EQ(grid_of(source, R"({"p":5,"d":1})"), Watts(5));
    EXPECT_EQ(peer_of(source, R"({"p":5,"d":"0"})").power, Watts(5));
    EXPECT_EQ(peer_of(source, R"({"p":5,"d":"out"})").power, Watts(-5));
}

TEST(SourceSettings, UnitOffsetScaleAndRangeChangeTheValue) {
    config::JsonSourceSettings source = described("plain", config::JsonSign::out);
    source.power_unit = config::PowerUnit::kilowatts;
    source.offset_mw = 50'000;
    source.scale_ppm = -2'000'000;
    source.largest_w = 4000;
    EXPECT_EQ(grid_of(source, "1.5"), Watts(-3100));
    EXPECT_FALSE(meter::read_grid("2", std::get<meter::GridRule>(json_meter_settings(source).rule)));
}

TEST(SourceSettings, AnSmaMeterIsTakenOver) {
    config::MeterSettings meter;
    meter.serial = 7;
    meter.interface = "eth1";
    meter.port = 9999;
    meter.group = "239.1.2.3";
    const SmaMeterSettings settings = sma_meter_settings(meter);
    EXPECT_EQ(settings.serial, 7U);
    EXPECT_EQ(settings.interface, "eth1");
    EXPECT_EQ(settings.port, 9999);
    EXPECT_EQ(settings.group, "239.1.2.3");
}

}  // namespace
}  // namespace jkp::app
