// SPDX-License-Identifier: MIT
// Discovery payloads of Home Assistant, held against a schema written from its documentation.
#include "report/home_assistant.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "report/ha_entities.hpp"
#include "report/json_schema.hpp"
#include "report/mqtt_support.hpp"

namespace jkp::report {
namespace {

using namespace test;
using nlohmann::json;
using ::testing::Contains;
using ::testing::IsEmpty;

HaSettings settings() {
    HaSettings s;
    s.base = "p/s";
    s.site = "home.1";
    s.version = "1.2.3";
    s.energy = true;
    s.commands = {"max_charge_a", "max_discharge_a", "pause", "force_charge", "full_charge", "float_hold"};
    return s;
}

std::vector<std::string> schema_faults(const json& payload) {
    std::ifstream file(JKP_SOURCE_DIR "/tests/report/home_assistant.schema.json");
    return jkp::testing::JsonSchema(json::parse(file)).faults(payload);
}

struct Devices {
    MqttSite site;
    explicit Devices(const HaSettings& s = settings()) : wanted(s) {
        for (int i = 0; i < 5; ++i) site.tick();
    }
    HaSettings wanted;
    [[nodiscard]] std::vector<HaDevice> all() const { return ha_devices(wanted, site.snapshot, site.config); }
    [[nodiscard]] json payload(std::size_t device) const { return json::parse(all().at(device).payload); }
    [[nodiscard]] std::map<std::string, json> entities(std::size_t device) const {
        return payload(device)["components"].get<std::map<std::string, json>>();
    }
};

TEST(HomeAssistant, EveryPayloadHoldsToTheSchema) {
    const Devices devices;
    const auto all = devices.all();
    ASSERT_EQ(all.size(), 3U);
    for (const HaDevice& device : all) {
        EXPECT_THAT(schema_faults(json::parse(device.payload)), IsEmpty()) << device.topic;
        EXPECT_THAT(device.topic,
                    ::testing::MatchesRegex("homeassistant/device/[A-Za-z0-9_-]+/[a-z0-9]+/config"));
    }
}

TEST(HomeAssistant, TheSchemaFindsWhatIsWrong) {
    const json good = Devices().payload(0);
    const auto spoilt = [&](const std::string& pointer, const json& value) {
        json bad = good;
        bad[json::json_pointer(pointer)] = value;
        return schema_faults(bad).size();
    };
    EXPECT_EQ(spoilt("/components/battery_soc_pct/device_class", "batery"), 1U);
    EXPECT_EQ(spoilt("/components/battery_soc_pct/unit", "%"), 1U);
    EXPECT_EQ(spoilt("/components/battery_soc_pct/state_topic", "a/+"), 1U);
    EXPECT_EQ(spoilt("/components/battery_soc_pct/platform", "sensr"), 1U);
    EXPECT_EQ(spoilt("/components/command_pause/retain", true), 1U);
    EXPECT_EQ(spoilt("/device/identifiers", json::array()), 1U);
    EXPECT_EQ(spoilt("/origin", json::object()), 1U);
    json without = good;
    without.erase("origin");
    EXPECT_EQ(schema_faults(without).size(), 1U);
}

TEST(HomeAssistant, EveryEntityHasAnIdentityOfItsOwnAndAValueThatIsTold) {
    const Devices devices;
    std::set<std::string> identities;
    std::set<std::string> topics;
    for (const MqttValue& value : mqtt_values(devices.site.snapshot, devices.site.config,
                                              {.energy = {},
                                               .commands = {{"max_charge_a", ""},
                                                            {"max_discharge_a", ""},
                                                            {"pause", ""},
                                                            {"force_charge", ""},
                                                            {"float_hold", ""}},
                                               .peer_soc = {}},
                                              "p/s")) {
        topics.insert(value.topic);
    }
    for (std::size_t i = 0; i < 3; ++i) {
        for (const auto& [key, entity] : devices.entities(i)) {
            EXPECT_TRUE(identities.insert(entity["unique_id"]).second) << key;
            if (entity.contains("state_topic")) {
                EXPECT_THAT(topics, Contains(entity["state_topic"])) << key;
            }
        }
    }
}

// What Home Assistant asks of the units of a class; https://www.home-assistant.io/integrations/sensor
TEST(HomeAssistant, UnitsFitTheirClasses) {
    const std::map<std::string, std::set<std::string>> units{
        {"voltage", {"V", "mV"}},  {"current", {"A", "mA"}}, {"power", {"W", "kW"}},
        {"energy", {"Wh", "kWh"}}, {"temperature", {"°C"}},  {"battery", {"%"}}};
    const Devices devices;
    for (std::size_t i = 0; i < 3; ++i) {
        for (const auto& [key, entity] : devices.entities(i)) {
            if (entity["platform"] != "sensor" || !entity.contains("device_class")) continue;
            EXPECT_THAT(units.at(entity["device_class"]), Contains(entity["unit_of_measurement"])) << key;
            const bool energy = entity["device_class"] == "energy";
            EXPECT_EQ(entity["state_class"], energy ? "total_increasing" : "measurement") << key;
        }
    }
}

TEST(HomeAssistant, TheEnergyDashboardFindsItsCounters) {
    const json components = Devices().payload(0)["components"];
    for (const char* key :
         {"battery_charged_kwh", "battery_discharged_kwh", "site_imported_kwh", "site_exported_kwh"}) {
        EXPECT_EQ(components[key]["device_class"], "energy");
        EXPECT_EQ(components[key]["unit_of_measurement"], "kWh");
        EXPECT_EQ(components[key]["state_class"], "total_increasing");
    }
    HaSettings without = settings();
    without.energy = false;
    EXPECT_FALSE(Devices(without).payload(0)["components"].contains("battery_charged_kwh"));
}

TEST(HomeAssistant, CellsAreDiagnosticEntitiesOfTheirPack) {
    const json pack = Devices().payload(2);
    EXPECT_EQ(pack["device"]["name"], "Battery home.1 cellar");
    EXPECT_EQ(pack["device"]["via_device"], "jk_pylon_home_1");
    EXPECT_EQ(pack["components"]["cell_16_v"]["entity_category"], "diagnostic");
    EXPECT_EQ(pack["components"]["cell_16_v"]["name"], "Cell 16");
    EXPECT_EQ(pack["components"]["cell_16_v"]["state_topic"], "p/s/pack/cellar/cell_16_v");
    EXPECT_FALSE(pack["components"].contains("cell_17_v"));
}

TEST(HomeAssistant, OnlyAllowedCommandsHaveEntities) {
    HaSettings few = settings();
    few.commands = {"max_charge_a", "full_charge"};
    const json components = Devices(few).payload(0)["components"];
    EXPECT_EQ(components["command_max_charge_a"]["platform"], "number");
    EXPECT_EQ(components["command_max_charge_a"]["max"], 120.0);
    EXPECT_EQ(components["command_max_charge_a"]["command_topic"], "p/s/command/max_charge_a/set");
    EXPECT_EQ(components["command_full_charge"]["platform"], "button");
    EXPECT_FALSE(components.contains("command_pause"));
    few.commands.clear();
    for (const auto& [key, entity] : Devices(few).entities(0)) {
        EXPECT_FALSE(entity.contains("command_topic")) << key;
    }
}

TEST(HomeAssistant, AvailabilityIsThatOfTheConnectionAndOfThePack) {
    const Devices devices;
    EXPECT_EQ(devices.payload(0)["availability"].size(), 1U);
    EXPECT_EQ(devices.payload(0)["availability"][0]["topic"], "p/s/status");
    EXPECT_EQ(devices.payload(1)["availability"][1]["topic"], "p/s/pack/A/available");
    EXPECT_EQ(devices.payload(1)["availability_mode"], "all");
}

TEST(HomeAssistant, AnotherNameOfAPackChangesNamesAndTopicsButNoIdentity) {
    Devices devices;
    const json before = devices.payload(2);
    devices.site.config.packs[1].name = "attic";
    devices.site.tick();
    const json after = devices.payload(2);
    EXPECT_EQ(after["device"]["name"], "Battery home.1 attic");
    EXPECT_EQ(after["device"]["identifiers"], before["device"]["identifiers"]);
    for (const auto& [key, entity] : before["components"].items()) {
        EXPECT_EQ(after["components"][key]["unique_id"], entity["unique_id"]);
    }
    EXPECT_EQ(after["components"]["soc_pct"]["state_topic"], "p/s/pack/attic/soc_pct");
}

TEST(HomeAssistant, APackIsNotDescribedBeforeItsFirstReading) {
    Devices devices;
    devices.site.snapshot.packs[0].reading.reset();
    const auto all = devices.all();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[1].topic, "homeassistant/device/jk_pylon_home_1/pack2/config");
}

TEST(HomeAssistant, StaleEntitiesAreTakenOutByTheirPlatformAlone) {
    const Devices devices;
    const auto all = devices.all();
    const HaDevice& now = all[0];
    EXPECT_EQ(ha_removal(now.payload, now), std::nullopt);
    json former = json::parse(now.payload);
    former["components"]["old_one"] = {{"platform", "number"}, {"unique_id", "x"}, {"command_topic", "c"}};
    const auto removal = ha_removal(former.dump(), now);
    ASSERT_TRUE(removal);
    const json taken = json::parse(*removal);
    EXPECT_EQ(taken["components"]["old_one"], (json{{"platform", "number"}}));
    EXPECT_EQ(taken["components"]["battery_soc_pct"],
              json::parse(now.payload)["components"]["battery_soc_pct"]);
    EXPECT_THAT(schema_faults(taken), IsEmpty());
    for (const char* strange : {"", "[]", "not json", "{}", R"({"components":[]})",
                                R"({"components":{"a":5}})", R"({"components":{"a":{"platform":5}}})"}) {
        EXPECT_EQ(ha_removal(strange, now), std::nullopt) << strange;
    }
}

TEST(HomeAssistant, ItsOwnTopicsAreRecognised) {
    EXPECT_EQ(ha_filter(settings()), "homeassistant/device/jk_pylon_home_1/+/config");
    EXPECT_TRUE(ha_current(settings(), 2, "homeassistant/device/jk_pylon_home_1/gateway/config"));
    EXPECT_TRUE(ha_current(settings(), 2, "homeassistant/device/jk_pylon_home_1/pack2/config"));
    EXPECT_FALSE(ha_current(settings(), 2, "homeassistant/device/jk_pylon_home_1/pack3/config"));
}

TEST(HomeAssistant, KnowsEachCommandThereIsByItsName) {
    ASSERT_EQ(ha_commands().size(), control::command_count);
    for (std::size_t i = 0; i < control::command_count; ++i) {
        EXPECT_EQ(ha_commands()[i].name, name(static_cast<control::CommandKind>(i)));
    }
}

}  // namespace
}  // namespace jkp::report
