// SPDX-License-Identifier: MIT
// [web]: what is read, what is refused and what is said about it; and the settings as they are shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "config/contradiction.hpp"
#include "config/keys.hpp"
#include "config/shown.hpp"

namespace jkp::config {
namespace {

using namespace testing;
using ::testing::HasSubstr;
using ::testing::Not;

Settings settings_of(const std::string& text) {
    auto settings = load(with(text), "site.toml");
    if (!settings) throw std::runtime_error(format(settings.error()));
    return *settings;
}

TEST(Web, IsOnForThisMachineOnlyWithoutAWord) {
    const WebSettings web = settings_of("").web;
    EXPECT_TRUE(web.enabled);
    EXPECT_EQ(web.listen, "127.0.0.1");
    EXPECT_EQ(web.port, 8330);
    EXPECT_EQ(web.base_path, "/");
    EXPECT_EQ(web.write_token_file, "");
    EXPECT_EQ(web.read_token_file, "");
}

TEST(Web, ReadsEveryKey) {
    const WebSettings web = settings_of(
                                "[web]\n"
                                "enabled = true\n"
                                "listen = \"::\"\n"
                                "port = 0\n"
                                "base_path = \"/battery/pylon\"\n"
                                "hosts = \"pi.lan, battery.example\"\n"
                                "write_token_file = \"/etc/jk-pylon/write\"\n"
                                "read_token_file = \"/etc/jk-pylon/read\"\n"
                                "max_connections = 64\n")
                                .web;
    EXPECT_EQ(web.listen, "::");
    EXPECT_EQ(web.port, 0);
    EXPECT_EQ(web.base_path, "/battery/pylon");
    EXPECT_EQ(web.hosts, "pi.lan, battery.example");
    EXPECT_EQ(web.write_token_file, "/etc/jk-pylon/write");
    EXPECT_EQ(web.read_token_file, "/etc/jk-pylon/read");
    EXPECT_EQ(web.max_connections, 64);
    EXPECT_FALSE(settings_of("[web]\nenabled = false\n").web.enabled);
    EXPECT_EQ(settings_of("[web]\nwrite_token = \"w\"\nread_token = \"r\"\n").web.write_token, "w");
}

class WebRefused : public ::testing::TestWithParam<const char*> {};

TEST_P(WebRefused, WithOneErrorThatNamesTheKey) {
    const std::string text = GetParam();
    const std::string key = text.substr(0, text.find(' '));
    const std::string errors = errors_of(with("[web]\n" + text + '\n'));
    EXPECT_THAT(errors, HasSubstr("site.toml:6: web." + key + " = "));
    EXPECT_EQ(std::ranges::count(errors, '\n'), 1) << errors;
}

INSTANTIATE_TEST_SUITE_P(
    Values, WebRefused,
    ::testing::Values("enabled = 1", "listen = \"localhost\"", "listen = \"\"", "listen = \"1.2.3\"",
                      "listen = \"1.2.3.256\"", "listen = \"1.2.3.4.5\"", "listen = \"127.0.0.1:80\"",
                      "listen = \":\"", "port = -1", "port = 65536", "port = 80.5", "port = \"8330\"",
                      "base_path = \"battery\"", "base_path = \"/battery/\"", "base_path = \"//\"",
                      "base_path = \"/a/../b\"", "base_path = \"/a b\"", "base_path = \"/a?b\"",
                      "base_path = \"\"", "hosts = \"\"", "hosts = \"a,,b\"", "hosts = \"http://a\"",
                      "hosts = \"a:80\"", "hosts = \"*\"", "hosts = [\"a\"]", "write_token_file = \"token\"",
                      "write_token = \"../token\"", "read_token_file = 5", "max_connections = 3",
                      "max_connections = 257", "token = \"geheim\""));

TEST(Web, OneTokenForReadingAndWritingIsAContradiction) {
    EXPECT_THAT(errors_of(with("[web]\nwrite_token_file = \"/a\"\nread_token_file = \"/a\"\n")),
                HasSubstr("web.write_token_file and web.read_token_file are both /a"));
}

TEST(Web, WarnsWhenEverybodyInTheNetworkMayRead) {
    expect_warned(
        {"", "[web]\nlisten = \"0.0.0.0\"\n",
         "site.toml:6: web.listen = \"0.0.0.0\": is not only this machine: everybody in the network "
         "may read. Set web.read_token_file, or listen on 127.0.0.1 behind a reverse proxy"});
    for (const char* quiet : {"listen = \"127.0.0.2\"\n", "listen = \"::1\"\n",
                              "listen = \"0.0.0.0\"\nread_token_file = \"/a\"\n",
                              "listen = \"0.0.0.0\"\nread_token = \"web-read\"\n"})
        EXPECT_EQ(warnings_of(with(std::string("[web]\n") + quiet)), "") << quiet;
}

TEST(Web, SaysWhichKeysHaveNoEffect) {
    expect_warned({"", "[web]\nenabled = false\nport = 80\n",
                   "site.toml:7: web.port = 80: is not used: web.enabled is false"});
    expect_warned({"", "[web]\nwrite_token_file = \"/a\"\nwrite_token = \"b\"\n",
                   "site.toml:7: web.write_token = \"b\": is not used: web.write_token_file is set"});
}

const ShownKey& shown(const std::vector<ShownKey>& keys, const std::string& name) {
    const auto found = std::ranges::find(keys, name, &ShownKey::key);
    if (found == keys.end()) throw std::runtime_error("no key " + name);
    return *found;
}

TEST(ShownKeys, AreAllKeysOncePerPack) {
    const auto keys =
        shown_keys(settings_of("[[pack]]\nport = \"/dev/b\"\nmax_charge_a = 5\nmax_discharge_a = 5\n"));
    EXPECT_EQ(keys.size(), settings_keys().size() + 2 * pack_keys().size());
    std::set<std::string> names;
    for (const ShownKey& key : keys) {
        EXPECT_TRUE(names.insert(key.key).second) << key.key;
        EXPECT_FALSE(key.meaning.empty()) << key.key;
    }
    EXPECT_EQ(shown(keys, "pack[1].max_charge_a").value, ShownValue(5.0));
}

TEST(ShownKeys, HaveTheKindOfValueTheFileHas) {
    const auto keys = shown_keys(settings_of("[can]\nperiod_ms = 500\n[web]\nenabled = false\n"));
    EXPECT_EQ(shown(keys, "can.period_ms").value, ShownValue(500.0));
    EXPECT_EQ(shown(keys, "can.period_ms").standard, ShownValue(1000.0));
    EXPECT_EQ(shown(keys, "can.period_ms").unit, "ms");
    EXPECT_EQ(shown(keys, "web.enabled").value, ShownValue(false));
    EXPECT_EQ(shown(keys, "web.enabled").standard, ShownValue(true));
    EXPECT_EQ(shown(keys, "pack[0].capacity_ah").value, ShownValue());
    EXPECT_EQ(shown(keys, "pack[0].max_charge_a").standard, ShownValue()) << "mandatory";
    EXPECT_THAT(std::get<std::string>(shown(keys, "control.curves.charge_by_highest").value),
                HasSubstr("3.38"));
}

TEST(ShownKeys, NeverTellASecretOrWhereItIs) {
    const auto keys = shown_keys(
        settings_of("[web]\nwrite_token_file = \"/hidden/w\"\nread_token_file = \"/hidden/r\"\n"
                    "[meter]\nkind = \"json\"\n"
                    "[meter.json]\nurl = \"http://meter/rpc?key=hidden\"\npower = \"/p\"\npositive = "
                    "\"import\"\nauth = \"bearer\"\n"
                    "secret_file = \"/hidden/s\"\n"
                    "[peer.sems]\nstation = \"hidden-station\"\ncredentials_file = \"/hidden/c\"\n"));
    for (const ShownKey& key : keys) {
        for (const ShownValue* value : {&key.value, &key.standard}) {
            const auto* text = std::get_if<std::string>(value);
            if (text != nullptr) {
                EXPECT_THAT(*text, Not(HasSubstr("hidden"))) << key.key;
            }
        }
    }
    EXPECT_EQ(shown(keys, "web.write_token_file").value, ShownValue(std::string("(set)")));
    EXPECT_EQ(shown(keys, "meter.json.url").value, ShownValue(std::string("http://meter/rpc")));
}

// Whoever adds such a key learns here that is_secret_key() must know it.
TEST(ShownKeys, EveryKeyThatSoundsLikeASecretIsOne) {
    for (const auto* key : settings_keys()) {
        for (const char* word :
             {"token", "pass", "secret", "credential", "user", "auth_", "private", "url_file"}) {
            if (key->name.find(word) != std::string_view::npos) {
                EXPECT_TRUE(is_secret_key(key->name)) << key->table << '.' << key->name;
            }
        }
    }
    EXPECT_FALSE(is_secret_key("max_charge_a"));
}

}  // namespace
}  // namespace jkp::config
