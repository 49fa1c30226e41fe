// SPDX-License-Identifier: MIT
// The sub-commands. Exit codes of all: 0 = done and good, 1 = something that was looked at is bad,
// 2 = it could not be looked at (usage, missing file, port, interface or daemon).
#pragma once

#include <cstdint>
#include <string>

namespace jkp::cli {

inline constexpr int good = 0;
inline constexpr int bad = 1;
inline constexpr int unable = 2;

int check_config(const std::string& path, bool json);
int bms(const std::string& port, bool json, double patience_s);
int can(const std::string& source, bool json, double for_s, unsigned long count);
int decode(const std::string& kind, const std::string& source, bool json);
int status(const std::string& socket, bool json);
int why(const std::string& socket, const std::string& direction, bool json);
int ack(const std::string& socket, const std::string& pack);
int recover(const std::string& socket, const std::string& pack, bool yes);

struct OrderOptions {
    std::string name;      // "max_charge_a"; empty: what is ordered now
    std::string value;     // a number, on or off
    double expires_s = 0;  // 0: no end of its own
    bool json = false;
};
int command(const std::string& socket, const OrderOptions& options);

struct MeterOptions {
    std::string kind;
    std::uint32_t serial = 0;
    std::string interface;
    std::uint16_t port = 9522;
    double for_s = 0;  // 0: until interrupted
    bool json = false;
};
int meter(const MeterOptions& options);

struct GoodweOptions {
    std::string host;        // with discover: the address that is asked; empty = everybody
    std::uint16_t port = 0;  // 0 = the usual one
    std::string family = "auto";
    bool tcp = false;
    bool json = false;
    bool discover = false;
    double patience_s = 0;  // 0 = the usual one
};
int goodwe(const GoodweOptions& options);

int sems(const std::string& config, bool json);

struct MqttOptions {
    std::string config;
    std::string host;  // empty: as the configuration says; the rest goes with it
    std::uint16_t port = 0;
    std::string username;
    std::string password_file;
    bool tls = false;
    std::string ca_file;
    std::string cert_file;
    std::string key_file;
    std::string protocol = "3.1.1";
    double patience_s = 15;
    bool json = false;
};
int mqtt(const MqttOptions& options);

struct SimulateOptions {
    std::string scenario;
    std::string csv;   // file; empty = none
    std::string plot;  // file; empty = none
    bool json = false;
    bool quiet = false;
};
int simulate(const SimulateOptions& options);
struct DemoOptions {
    double for_s = 0;
    bool plain = false;
    std::uint16_t port = 0;
    std::string mqtt;
};
int demo(const DemoOptions& options);
int dbc();

}  // namespace jkp::cli
