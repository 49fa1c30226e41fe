// SPDX-License-Identifier: MIT
// [meter], [meter.json] and [peer.json]: what arrives, what is refused, what is warned of.
#include "contradiction.hpp"

namespace jkp::config::testing {
namespace {

TEST(MeterKeys, ThereIsNoMeterByDefault) {
    const auto settings = load(minimal, "site.toml");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->meter.kind, MeterKind::none);
    EXPECT_FALSE(settings->meter_json.enabled());
    EXPECT_FALSE(settings->peer_json.enabled());
}

TEST(MeterKeys, AnSmaMeterArrives) {
    const auto settings = load(with("[meter]\n"
                                    "kind = \"sma\"\n"
                                    "serial = 3000000042\n"
                                    "interface = \"eth0\"\n"
                                    "port = 9523\n"
                                    "group = \"239.1.2.3\"\n"),
                               "site.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    EXPECT_EQ(settings->meter.kind, MeterKind::sma);
    EXPECT_EQ(settings->meter.serial, 3'000'000'042U);
    EXPECT_EQ(settings->meter.interface, "eth0");
    EXPECT_EQ(settings->meter.port, 9523);
    EXPECT_EQ(settings->meter.group, "239.1.2.3");
    EXPECT_TRUE(settings->warnings.empty());
}

TEST(MeterKeys, JsonSourcesArrive) {
    const auto settings = load(with("[meter]\n"
                                    "kind = \"json\"\n"
                                    "[meter.json]\n"
                                    "url = \"http://192.168.1.20/status\"\n"
                                    "poll_s = 1\n"
                                    "power = \"/emeters/*/power\"\n"
                                    "positive = \"import\"\n"
                                    "scale = -0.5\n"
                                    "offset_w = 12.5\n"
                                    "largest_w = 20000\n"
                                    "[peer.json]\n"
                                    "url = \"https://evcc.example:7070/api/state\"\n"
                                    "auth = \"bearer\"\n"
                                    "secret_file = \"/etc/jk-pylon/evcc\"\n"
                                    "charge = \"/in\"\n"
                                    "discharge = \"/out\"\n"
                                    "power_unit = \"kW\"\n"
                                    "soc = \"/soc\"\n"
                                    "time = \"/time\"\n"
                                    "ignore = \"offline, standby\"\n"),
                               "site.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    const JsonSourceSettings& meter = settings->meter_json;
    EXPECT_EQ(meter.url, "http://192.168.1.20/status");
    EXPECT_EQ(meter.poll_period, seconds(1));
    EXPECT_EQ(meter.power, "/emeters/*/power");
    EXPECT_EQ(meter.positive, JsonSign::in);
    EXPECT_EQ(meter.scale_ppm, -500'000);
    EXPECT_EQ(meter.offset_mw, 12'500);
    EXPECT_EQ(meter.largest_w, 20'000);
    const JsonSourceSettings& peer = settings->peer_json;
    EXPECT_EQ(peer.auth, JsonAuth::bearer);
    EXPECT_EQ(peer.power_in, "/in");
    EXPECT_EQ(peer.power_out, "/out");
    EXPECT_EQ(peer.power_unit, PowerUnit::kilowatts);
    EXPECT_EQ(peer.soc, "/soc");
    EXPECT_EQ(peer.ignore, "offline, standby");
    EXPECT_TRUE(settings->warnings.empty()) << format(settings->warnings);
}

class MeterRefusals : public ::testing::TestWithParam<Row> {};

TEST_P(MeterRefusals, AreToldInOneLine) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Values, MeterRefusals,
    ::testing::Values(
        Row{"AnUnknownKind", "[meter]\nkind = \"smaa\"\n",
            "site.toml:6: meter.kind = \"smaa\": must be one of \"none\", \"sma\", \"json\"; did you mean "
            "\"sma\"?"},
        Row{"ASerialThatIsTooLong", "[meter]\nkind = \"sma\"\nserial = 30000000420\n",
            "site.toml:7: meter.serial = 30000000420: must be between 0 and 4294967295"},
        Row{"AGroupThatIsNone", "[meter]\nkind = \"sma\"\ngroup = \"192.168.1.1\"\n",
            "site.toml:7: meter.group = \"192.168.1.1\": must be a multicast address, 224.0.0.0 to "
            "239.255.255.255, of 1 to 15 characters"},
        Row{"AGroupWithTooFewParts", "[meter]\nkind = \"sma\"\ngroup = \"239.12.255\"\n",
            "site.toml:7: meter.group = \"239.12.255\": must be a multicast address, 224.0.0.0 to "
            "239.255.255.255, of 1 to 15 characters"},
        Row{"AnAddressWithAPassword", "[peer.json]\nurl = \"http://me:secret@host/\"\n",
            "site.toml:6: peer.json.url = \"http://me:secret@host/\": must be an address that begins with "
            "http:// or https://, without user and password, of 1 to 255 characters"},
        Row{"AnAddressOfAnotherKind", "[peer.json]\nurl = \"ftp://host/\"\n",
            "site.toml:6: peer.json.url = \"ftp://host/\": must be an address that begins with http:// or "
            "https://, without user and password, of 1 to 255 characters"},
        Row{"APathWithoutASlash",
            "[peer.json]\nurl = \"http://host/\"\npower = \"battery.power\"\npositive = \"charge\"\n",
            "site.toml:7: peer.json.power = \"battery.power\": must be JSON pointers such as \"/power\", "
            "\"/l1 + /l2\" or \"/emeters/*/power\", or \"plain\", of 1 to 255 characters"},
        Row{"AScaleThatMakesEverythingZero",
            "[peer.json]\nurl = \"http://host/\"\npower = \"/p\"\npositive = \"charge\"\nscale = 0\n",
            "site.toml:9: peer.json.scale = 0: must not be 0: every power would be 0"},
        Row{"ATopic", "[meter.json]\ntopic = \"a/b\"\n",
            "site.toml:6: meter.json.topic = \"a/b\": meter.json.topic needs mqtt.host"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Contradictions, MeterRefusals,
    ::testing::Values(
        Row{"AJsonMeterWithoutAnAddress", "[meter]\nkind = \"json\"\n",
            "site.toml:6: meter.kind = \"json\": meter.kind \"json\" needs meter.json.url or "
            "meter.json.topic"},
        Row{"NothingToRead", "[peer.json]\nurl = \"http://host/\"\nsoc = \"/soc\"\n",
            "site.toml:6: peer.json.url = \"http://host/\": peer.json.url needs peer.json.power, or "
            "peer.json.charge and peer.json.discharge, or peer.json.current: where the value stands"},
        Row{"HalfAPair", "[peer.json]\nurl = \"http://host/\"\ncharge = \"/in\"\n",
            "site.toml:7: peer.json.charge = \"/in\": peer.json.charge and peer.json.discharge belong "
            "together"},
        Row{"PowerAndAPair",
            "[peer.json]\nurl = \"http://host/\"\ncharge = \"/in\"\ndischarge = \"/out\"\npower = "
            "\"/p\"\npositive = \"charge\"\n",
            "site.toml:9: peer.json.power = \"/p\": peer.json.power and the pair peer.json.charge, "
            "peer.json.discharge exclude one another"},
        Row{"ADirectionAndAPair",
            "[peer.json]\nurl = \"http://host/\"\ncharge = \"/in\"\ndischarge = \"/out\"\ndirection = "
            "\"/d\"\ndirection_charge = \"c\"\ndirection_discharge = \"d\"\n",
            "site.toml:9: peer.json.direction = \"/d\": peer.json.direction and the pair peer.json.charge, "
            "peer.json.discharge exclude one another"},
        Row{"ADirectionWithoutItsWords",
            "[peer.json]\nurl = \"http://host/\"\npower = \"/p\"\ndirection = \"/d\"\ndirection_charge = "
            "\"c\"\n",
            "site.toml:9: peer.json.direction_charge = \"c\": peer.json.direction needs "
            "peer.json.direction_charge and peer.json.direction_discharge"},
        Row{"AWordForBothDirections",
            "[peer.json]\nurl = \"http://host/\"\npower = \"/p\"\ndirection = \"/d\"\ndirection_charge = "
            "\"in, On\"\ndirection_discharge = \"out,oN\"\n",
            "site.toml:10: peer.json.direction_discharge = \"out,oN\": peer.json.direction_charge and "
            "peer.json.direction_discharge both have the word \"On\": it can mean one of them only"},
        Row{"AWordForBothDirectionsOfAMeter",
            "[meter]\nkind = \"json\"\n[meter.json]\nurl = \"http://host/\"\npower = \"/p\"\ndirection = "
            "\"/d\"\ndirection_export = \"1\"\ndirection_import = \"0, 1\"\n",
            "site.toml:12: meter.json.direction_import = \"0, 1\": meter.json.direction_import and "
            "meter.json.direction_export both have the word \"1\": it can mean one of them only"},
        Row{"ANegativeScaleBesideADirection",
            "[peer.json]\nurl = \"http://host/\"\npower = \"/p\"\ndirection = \"/d\"\ndirection_charge = "
            "\"c\"\ndirection_discharge = \"d\"\nscale = -1\n",
            "site.toml:11: peer.json.scale = -1: peer.json.scale must be positive with peer.json.direction: "
            "the word says the direction, and a negative number is refused"},
        Row{"ASignThatIsNotSaid", "[peer.json]\nurl = \"http://host/\"\npower = \"/p\"\n",
            "site.toml:7: peer.json.power = \"/p\": peer.json.positive must be set to \"charge\" or "
            "\"discharge\": what a positive number means"},
        Row{"ASignOfAMeterThatIsNotSaid",
            "[meter]\nkind = \"json\"\n[meter.json]\nurl = \"http://host/\"\npower = \"/p\"\n",
            "site.toml:9: meter.json.power = \"/p\": meter.json.positive must be set to \"import\" or "
            "\"export\": what a positive number means"},
        Row{"ASecretThatIsMissing",
            "[peer.json]\nurl = \"https://host/\"\ncharge = \"/in\"\ndischarge = \"/out\"\nauth = "
            "\"basic\"\n",
            "site.toml:9: peer.json.auth = \"basic\": peer.json.auth needs peer.json.secret_file"}),
    name_of);

class MeterWarnings : public ::testing::TestWithParam<Row> {};

TEST_P(MeterWarnings, AreToldInOneLine) {
    expect_warned(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Unused, MeterWarnings,
    ::testing::Values(
        Row{"ASerialWithoutAnSmaMeter", "[meter]\nserial = 5\n",
            "site.toml:6: meter.serial = 5: is not used: meter.kind is not \"sma\""},
        Row{"APathWithoutAnAddress", "[peer.json]\npower = \"/p\"\n",
            "site.toml:6: peer.json.power = \"/p\": is not used: peer.json.url is not set"},
        Row{"AJsonMeterThatIsNotChosen",
            "[meter.json]\nurl = \"http://host/\"\npower = \"/p\"\npositive = \"import\"\n",
            "site.toml:6: meter.json.url = \"http://host/\": is not used: meter.kind is not \"json\""},
        Row{"ASignBesideAPair",
            "[peer.json]\nurl = \"http://host/\"\ncharge = \"/in\"\ndischarge = \"/out\"\npositive = "
            "\"charge\"\n",
            "site.toml:9: peer.json.positive = \"charge\": is not used: peer.json.charge and "
            "peer.json.discharge say it"},
        Row{"WordsWithoutADirection",
            "[peer.json]\nurl = \"http://host/\"\npower = \"/p\"\npositive = \"charge\"\ndirection_charge = "
            "\"c\"\n",
            "site.toml:9: peer.json.direction_charge = \"c\": is not used: peer.json.direction is not set"},
        Row{"ASecretThatIsNotSent",
            "[peer.json]\nurl = \"https://host/\"\ncurrent = \"/i\"\npositive = \"charge\"\nsecret_file = "
            "\"/etc/s\"\n",
            "site.toml:9: peer.json.secret_file = \"/etc/s\": is not used: peer.json.auth is \"none\""},
        Row{"ASecretInTheClear",
            "[peer.json]\nurl = \"http://host/\"\ncurrent = \"/i\"\npositive = \"charge\"\nauth = "
            "\"bearer\"\nsecret_file = \"/etc/s\"\n",
            "site.toml:9: peer.json.auth = \"bearer\": the secret goes over the network unencrypted, because "
            "peer.json.url is not https://"},
        Row{"CertificatesWithoutEncryption",
            "[peer.json]\nurl = \"http://host/\"\ncurrent = \"/i\"\npositive = \"charge\"\nca_file = "
            "\"/etc/ca.pem\"\n",
            "site.toml:9: peer.json.ca_file = \"/etc/ca.pem\": is not used: peer.json.url is not https://"}),
    name_of);

}  // namespace
}  // namespace jkp::config::testing
