// SPDX-License-Identifier: MIT
// Everything a configuration file can say, checked and in the project's units. docs/configuration.md is
// generated from the same tables that read it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/error.hpp"
#include "config/history_settings.hpp"
#include "config/meter_settings.hpp"
#include "config/peer_settings.hpp"
#include "config/portal_settings.hpp"
#include "config/sensor_settings.hpp"
#include "config/web_settings.hpp"
#include "control/config.hpp"
#include "core/fixed_text.hpp"
#include "core/time.hpp"

namespace jkp::config {

using std::chrono::milliseconds;
using std::chrono::seconds;

enum class BmsProtocol : std::uint8_t { jk_4e57 };
enum class CanKind : std::uint8_t { socketcan, slcan, cannelloni, candump };
enum class LogTarget : std::uint8_t { console, journald, file };
enum class LogLevel : std::uint8_t { debug, info, warning, error };

// How one BMS is reached. Order and number as control.packs.
struct PackLink {
    std::string port;  // absolute path, best below /dev/serial/by-id
    BmsProtocol protocol = BmsProtocol::jk_4e57;
    Duration response_timeout = milliseconds(300);
    bool fast_poll = false;  // poll faster near a limit
    Duration fast_poll_period = milliseconds(250);
    bool operator==(const PackLink&) const = default;
};

struct CanSettings {
    CanKind kind = CanKind::socketcan;
    std::string interface = "can0";           // socketcan
    std::string port;                         // slcan: the tty
    std::string remote;                       // cannelloni: "host:port"
    int local_port = 20000;                   // cannelloni: where the peer sends to
    std::string local_address = "127.0.0.1";  // cannelloni: the address it is received on
    std::string file;                         // candump: the file that is written
    int bitrate = 500000;
    Duration restart = milliseconds(100);
    bool manage_interface = false;
    bool transmit = true;
    Duration period = seconds(1);
    bool send_alive = false;
    bool operator==(const CanSettings&) const = default;
};

// How the inverter wants to see the battery.
struct ProfileSettings {
    FixedText<8> name = "PYLON";
    bool pad_to_8 = false;
    bool operator==(const ProfileSettings&) const = default;
};

struct LogSettings {
    LogTarget target = LogTarget::console;
    LogLevel level = LogLevel::info;
    std::string file = "/run/jk-pylon/jk-pylon.log";
    int max_size_kb = 1024;
    int files = 3;  // kept besides the one being written
    bool operator==(const LogSettings&) const = default;
};

struct StateSettings {
    std::string file = "/var/lib/jk-pylon/state.json";
    Duration max_age = std::chrono::hours(7 * 24);
    bool operator==(const StateSettings&) const = default;
};

struct SocketSettings {
    std::string path = "/run/jk-pylon/control.sock";
    bool operator==(const SocketSettings&) const = default;
};

struct Settings {
    control::Preset preset = control::Preset::smooth;
    control::Config control;
    std::vector<PackLink> links;  // links[i] belongs to control.packs[i]
    CanSettings can;
    ProfileSettings profile;
    LogSettings log;
    StateSettings state;
    SocketSettings socket;
    HistorySettings history;
    NotifySettings notify;
    MeterSettings meter;
    JsonSourceSettings meter_json;  // [meter.json]
    JsonSourceSettings peer_json;   // [peer.json]
    GoodweSettings goodwe;
    PortalSettings portal;
    SensorSettings sensor;
    WebSettings web;
    std::vector<ConfigError> warnings;  // accepted, but the person should know
    bool operator==(const Settings&) const = default;
};

}  // namespace jkp::config
