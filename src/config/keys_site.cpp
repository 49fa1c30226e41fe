// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

namespace jkp::config {
namespace {

using control::Config;
using control::PackConfig;

constexpr std::string_view protocols[] = {"4e57"};
constexpr std::string_view can_kinds[] = {"socketcan", "slcan", "cannelloni", "candump"};
constexpr std::string_view inverter_lost[] = {"report", "zero", "stop"};
constexpr std::string_view log_targets[] = {"console", "journald", "file"};
constexpr std::string_view log_levels[] = {"debug", "info", "warning", "error"};

// In the order of control::CommandKind.
constexpr std::string_view command_names[] = {"max_charge_a", "max_discharge_a", "pause",
                                              "force_charge", "full_charge",     "float_hold"};
static_assert(std::size(command_names) == control::command_count);

constexpr std::size_t longest_path = 255;
constexpr std::size_t longest_socket_path = 107;  // sun_path
constexpr std::size_t longest_interface = 15;     // IFNAMSIZ
constexpr std::size_t longest_name = 24;

template <auto Member>
constexpr auto rules_number(Unit unit, double minimum, double maximum) {
    return number<&PackEntry::rules, Member>(unit, minimum, maximum);
}

const Key<PackEntry> pack_rows[] = {
    {"pack", "name", text<&PackEntry::rules, &PackConfig::name>(TextForm::word, longest_name),
     "How the pack is called in messages and in the status; without it pack1, pack2 and so on."},
    {"pack", "port", text<&PackEntry::link, &PackLink::port>(TextForm::path, longest_path),
     "The serial port of the BMS; a name below /dev/serial/by-id stays the same when adapters are replugged.",
     true},
    {"pack", "max_charge_a", rules_number<&PackConfig::max_charge>(amps, 1, 500),
     "The most the pack may be charged with; every other rule only lowers it.", true},
    {"pack", "max_discharge_a", rules_number<&PackConfig::max_discharge>(amps, 1, 500),
     "The most the pack may be discharged with; every other rule only lowers it.", true},
    {"pack", "capacity_ah", rules_number<&PackConfig::capacity>(amp_hours, 5, 2000),
     "The usable capacity; without it the value the BMS reports is used."},
    {"pack", "cell_count", rules_number<&PackConfig::cell_count>(plain, 3, 32),
     "The number of cells in series; readings with another number are refused. Without it the first valid "
     "reading "
     "decides."},
    {"pack", "temperature_sensors", probes<&PackEntry::rules, &PackConfig::battery_probes>(),
     "The battery probes that are fitted; a named probe that fails counts as missing data, one not named is "
     "ignored."},
    {"pack", "mosfet_sensor", flag<&PackEntry::rules, &PackConfig::mosfet_probe>(),
     "Whether the temperature of the BMS transistors limits the current too."},
    {"pack", "poll_s", rules_number<&PackConfig::poll_period>(seconds_, 0.25, 2.5),
     "How often the BMS is asked; a shorter period reacts sooner and costs a little processor time."},
    {"pack", "protocol", choice<&PackEntry::link, &PackLink::protocol>(protocols),
     "The language of the BMS."},
    {"pack", "response_timeout_ms", number<&PackEntry::link, &PackLink::response_timeout>(millis, 50, 2000),
     "How long an answer may take before the request counts as failed and the next may follow."},
    {"pack", "fast_poll", flag<&PackEntry::link, &PackLink::fast_poll>(),
     "Whether the BMS is asked more often while a cell is near a limit."},
    {"pack", "fast_poll_s", number<&PackEntry::link, &PackLink::fast_poll_period>(seconds_, 0.1, 1),
     "The period of these faster requests."},
};

template <auto Member>
constexpr auto can_number(Unit unit, double minimum, double maximum) {
    return number<&Settings::can, Member>(unit, minimum, maximum);
}

const Key<Settings> site_rows[] = {
    {"can", "kind", choice<&Settings::can, &CanSettings::kind>(can_kinds),
     "How the bus is reached: a Linux CAN interface, an adapter with the slcan text protocol, CAN over UDP, "
     "or a file of candump text that is written instead of a bus."},
    {"can", "interface", text<&Settings::can, &CanSettings::interface>(TextForm::word, longest_interface),
     "The Linux interface (kind socketcan)."},
    {"can", "port", text<&Settings::can, &CanSettings::port>(TextForm::path, longest_path),
     "The serial port of the adapter (kind slcan)."},
    {"can", "remote", text<&Settings::can, &CanSettings::remote>(TextForm::host_and_port, longest_path),
     "Address and port of the other end as host:port (kind cannelloni)."},
    {"can", "local_port", can_number<&CanSettings::local_port>(plain, 1, 65535),
     "The UDP port on which the other end is listened to (kind cannelloni)."},
    {"can", "local_address", text<&Settings::can, &CanSettings::local_address>(TextForm::word, longest_path),
     "The address of this machine on which it is listened (kind cannelloni); 0.0.0.0 for all interfaces. "
     "Datagrams of anybody but the other end are dropped."},
    {"can", "file", text<&Settings::can, &CanSettings::file>(TextForm::path, longest_path),
     "Where the frames are written as candump text, instead of a bus (kind candump)."},
    {"can", "bitrate", can_number<&CanSettings::bitrate>(plain, 10000, 1000000),
     "The bit rate in bit/s; Pylontech batteries use 500000. Used when the program sets up the interface "
     "itself "
     "or for slcan."},
    {"can", "restart_ms", can_number<&CanSettings::restart>(millis, 1, 10000),
     "How long the controller rests after bus-off before it tries again; needs manage_interface."},
    {"can", "manage_interface", flag<&Settings::can, &CanSettings::manage_interface>(),
     "Whether the program sets bit rate and restart time and brings the interface up; needs CAP_NET_ADMIN."},
    {"can", "transmit", flag<&Settings::can, &CanSettings::transmit>(),
     "With false everything is computed and shown and nothing is sent: for the first wiring."},
    {"can", "period_ms", can_number<&CanSettings::period>(millis, 200, 2000),
     "How long after a burst the next is sent when no new reading comes first."},
    {"can", "send_alive", flag<&Settings::can, &CanSettings::send_alive>(),
     "Whether the inverter's own frame 0x305 is sent; only for test benches without an inverter."},
    {"can", "inverter_lost", choice<&Settings::control, &Config::inverter_lost>(inverter_lost),
     "What happens when the inverter's frame 0x305 stays away: report only, limits to zero, or no frames at "
     "all."},
    {"can", "inverter_lost_after_s",
     number<&Settings::control, &Config::inverter_lost_after>(seconds_, 2, 600),
     "How long 0x305 may stay away before the inverter counts as lost."},

    {"profile", "name", text<&Settings::profile, &ProfileSettings::name>(TextForm::ascii, 8),
     "The name in frame 0x35E; some inverters choose their battery settings by it."},
    {"profile", "pad_to_8", flag<&Settings::profile, &ProfileSettings::pad_to_8>(),
     "Whether every frame carries 8 data bytes; for inverters that refuse the shorter ones of a real "
     "battery."},
    {"profile", "smallest_useful_a", number<&Settings::control, &Config::smallest_useful>(amps, 0, 50),
     "The least current the inverter can hold; a limit rises from 0 to at least this or stays 0."},
    {"profile", "force_charge_requests", flag<&Settings::control, &Config::force_charge_requests>(),
     "Whether force charge may be requested in 0x35C; some inverters then charge from the grid."},
    {"profile", "full_charge_requests", flag<&Settings::control, &Config::full_charge_requests>(),
     "Whether a full charge may be requested in 0x35C; some inverters then charge from the grid."},

    {"log", "target", choice<&Settings::log, &LogSettings::target>(log_targets), "Where messages go."},
    {"log", "level", choice<&Settings::log, &LogSettings::level>(log_levels),
     "The least important kind of message that is written."},
    {"log", "file", text<&Settings::log, &LogSettings::file>(TextForm::path, longest_path),
     "The log file (target file); a path on a RAM disk spares an SD card."},
    {"log", "max_size_kb", number<&Settings::log, &LogSettings::max_size_kb>(kilobytes, 16, 1048576),
     "The size at which a new log file is begun."},
    {"log", "files", number<&Settings::log, &LogSettings::files>(plain, 1, 100),
     "How many older log files are kept besides the current one."},

    {"state", "file", text<&Settings::state, &StateSettings::file>(TextForm::path, longest_path),
     "Where latches, holds and learned values are kept over a restart."},
    {"state", "max_age_h", number<&Settings::state, &StateSettings::max_age>(hours, 1, 8760),
     "Learned values older than this are not used again; latches are kept regardless of their age."},

    {"socket", "path", text<&Settings::socket, &SocketSettings::path>(TextForm::path, longest_socket_path),
     "The local socket on which status, why, command, recover and ack reach the running program."},

    {"commands", "allow", set<&Settings::commands, &CommandSettings::allow>(command_names),
     "Which commands are accepted over MQTT and HTTP; none of them can raise a limit above what the battery "
     "allows."},
};

}  // namespace

std::span<const Key<PackEntry>> pack_keys() {
    return pack_rows;
}
std::span<const Key<Settings>> site_keys() {
    return site_rows;
}

}  // namespace jkp::config
