// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>

#include "config/keys.hpp"

namespace jkp::config {
namespace {

using Source = JsonSourceSettings;
using Keys = std::vector<Key<Settings>>;

constexpr std::string_view kinds[] = {"none", "sma", "json"};
constexpr std::string_view auths[] = {"none", "bearer", "basic"};
constexpr std::string_view power_units[] = {"W", "kW"};
constexpr std::string_view meter_signs[] = {"unset", "import", "export"};
constexpr std::string_view peer_signs[] = {"unset", "charge", "discharge"};

constexpr Unit watts{"W", 1};
constexpr Unit exact_watts{"W", 1e3};
constexpr Unit factor{"", 1e6};
constexpr std::size_t longest_path = 255;
constexpr std::size_t longest_words = 120;
constexpr std::size_t longest_interface = 15;  // IFNAMSIZ

const Key<Settings> meter_rows[] = {
    {"meter", "kind", choice<&Settings::meter, &MeterSettings::kind>(kinds),
     "Which meter there is: none, an SMA Energy Meter or Sunny Home Manager 2, or one that answers JSON."},
    {"meter", "serial", number<&Settings::meter, &MeterSettings::serial>(plain, 0, 4294967295.0),
     "The serial number of the SMA meter; 0 takes the first that is heard, which may be the wrong one where "
     "there are two."},
    {"meter", "interface",
     text<&Settings::meter, &MeterSettings::interface>(TextForm::word, longest_interface),
     "The network interface on which the SMA meter is heard; without it every one."},
    {"meter", "port", number<&Settings::meter, &MeterSettings::port>(plain, 1, 65535),
     "The UDP port of the SMA meter; another one only on test benches."},
    {"meter", "group", text<&Settings::meter, &MeterSettings::group>(TextForm::group, 15),
     "The multicast group of the SMA meter; another one only on test benches."},
};

// What is the same for a meter and for a second inverter.
template <auto Where>
void append_transport(Keys& keys, std::string_view table) {
    std::ranges::move(
        Keys{
            {table, "url", text<Where, &Source::url>(TextForm::url, longest_path),
             "Where the values are asked for."},
            {table, "topic", text<Where, &Source::topic>(TextForm::topic, longest_path),
             "Instead of url: the topic at the broker of [mqtt] at which the source tells its values."},
            {table, "poll_s", number<Where, &Source::poll_period>(seconds_, 0.5, 600),
             "How often; a value must be younger than the age that control allows."},
            {table, "timeout_s", number<Where, &Source::timeout>(seconds_, 0.5, 60),
             "How long an answer may take."},
            {table, "auth", choice<Where, &Source::auth>(auths),
             "How the program identifies itself: not at all, with a token, or with user and password."},
            {table, "secret_file", text<Where, &Source::secret_file>(TextForm::path, longest_path),
             "A file with the token in one line, or with user and password in two; nobody else may be able "
             "to read it."},
            {table, "ca_file", text<Where, &Source::ca_file>(TextForm::path, longest_path),
             "Certificates (PEM) to trust for https:// instead of those of the system."},
        },
        std::back_inserter(keys));
}

template <auto Where>
void append_meaning(Keys& keys, std::string_view table) {
    std::ranges::move(
        Keys{
            {table, "power_unit", choice<Where, &Source::power_unit>(power_units),
             "The unit in which the source gives power."},
            {table, "offset_w", number<Where, &Source::offset_mw>(exact_watts, -100000, 100000),
             "Added to the power before scale."},
            {table, "scale", number<Where, &Source::scale_ppm>(factor, -1000, 1000),
             "The power is multiplied by this, for example by the ratio of a current transformer."},
            {table, "largest_w", number<Where, &Source::largest_w>(watts, 100, 10000000),
             "A power beyond this, in either direction, cannot be true and is refused."},
            {table, "direction", text<Where, &Source::direction>(TextForm::json_path, longest_path),
             "Where the source says the direction, when the power itself has no sign."},
            {table, "time", text<Where, &Source::time>(TextForm::json_path, longest_path),
             "Where the source says when it measured (seconds or milliseconds since 1970, or ISO 8601 with a "
             "time zone); without it a value counts as measured when it arrives."},
            {table, "ignore", text<Where, &Source::ignore>(TextForm::ascii, longest_words),
             "Further words that mean \"no value\", separated by commas, besides unknown, unavailable, null, "
             "none, nan and nothing at all."},
        },
        std::back_inserter(keys));
}

void append_meter_json(Keys& keys) {
    constexpr auto where = &Settings::meter_json;
    constexpr std::string_view table = "meter.json";
    append_transport<where>(keys, table);
    std::ranges::move(
        Keys{
            {table, "power", text<where, &Source::power>(TextForm::json_sum, longest_path),
             "Where the power stands."},
            {table, "import", text<where, &Source::power_in>(TextForm::json_sum, longest_path),
             "Where the power from the grid stands, when import and export are two numbers."},
            {table, "export", text<where, &Source::power_out>(TextForm::json_sum, longest_path),
             "Where the power into the grid stands, when import and export are two numbers."},
            {table, "positive", choice<where, &Source::positive>(meter_signs),
             "What a positive power means. Nearly all meters count import positive; look at it while the sun "
             "shines."},
            {table, "direction_import", text<where, &Source::direction_in>(TextForm::ascii, longest_words),
             "What stands at direction while power comes from the grid; several words separated by commas."},
            {table, "direction_export", text<where, &Source::direction_out>(TextForm::ascii, longest_words),
             "What stands at direction while power goes into the grid."},
        },
        std::back_inserter(keys));
    append_meaning<where>(keys, table);
}

void append_peer_json(Keys& keys) {
    constexpr auto where = &Settings::peer_json;
    constexpr std::string_view table = "peer.json";
    append_transport<where>(keys, table);
    std::ranges::move(
        Keys{
            {table, "power", text<where, &Source::power>(TextForm::json_sum, longest_path),
             "Where the power of the battery stands."},
            {table, "charge", text<where, &Source::power_in>(TextForm::json_sum, longest_path),
             "Where the charge power stands, when charge and discharge are two numbers."},
            {table, "discharge", text<where, &Source::power_out>(TextForm::json_sum, longest_path),
             "Where the discharge power stands, when charge and discharge are two numbers."},
            {table, "current", text<where, &Source::current>(TextForm::json_sum, longest_path),
             "Where the current of the battery stands, in A."},
            {table, "voltage", text<where, &Source::voltage>(TextForm::json_sum, longest_path),
             "Where the voltage of the battery stands, in V."},
            {table, "soc", text<where, &Source::soc>(TextForm::json_sum, longest_path),
             "Where the state of charge stands, in %."},
            {table, "positive", choice<where, &Source::positive>(peer_signs),
             "What a positive power or current means; makes differ."},
            {table, "direction_charge", text<where, &Source::direction_in>(TextForm::ascii, longest_words),
             "What stands at direction while the battery is charged; several words separated by commas."},
            {table, "direction_discharge",
             text<where, &Source::direction_out>(TextForm::ascii, longest_words),
             "What stands at direction while the battery is discharged."},
        },
        std::back_inserter(keys));
    append_meaning<where>(keys, table);
}

Keys all_keys() {
    Keys keys(std::begin(meter_rows), std::end(meter_rows));
    append_meter_json(keys);
    append_peer_json(keys);
    return keys;
}

}  // namespace

std::span<const Key<Settings>> meter_keys() {
    static const Keys keys = all_keys();
    return keys;
}

}  // namespace jkp::config
