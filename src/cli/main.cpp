// SPDX-License-Identifier: MIT
// The command line of jk-pylon: words to calls, nothing else.
#include <CLI/CLI.hpp>
#include <iostream>

#include "app/run.hpp"
#include "app/version.hpp"
#include "cli/commands.hpp"
#include "cli/history_command.hpp"
#include "cli/sensor_command.hpp"

namespace {

constexpr const char* default_config = "/etc/jk-pylon/jk-pylon.toml";
constexpr const char* default_socket = "/run/jk-pylon/control.sock";
constexpr const char* exit_codes =
    "Exit codes: 0 good, 1 something that was looked at is bad, 2 it could not be looked at.\n"
    "Start here:  jk-pylon demo              a simulated site, no hardware\n"
    "             jk-pylon bms PORT          one reading of a real BMS\n"
    "             jk-pylon check-config FILE everything wrong with a configuration at once";

struct Options {
    std::string config = default_config;
    std::string socket = default_socket;
    std::string source;
    std::string kind;
    std::string pack;
    bool json = false;
    bool yes = false;
    bool plain = false;
    jkp::cli::GoodweOptions goodwe;
    jkp::cli::SimulateOptions simulate;
    jkp::cli::SensorOptions sensor;
    jkp::cli::MeterOptions meter;
    jkp::cli::HistoryOptions history;
    jkp::cli::EventsOptions events;
    double seconds = 0;
    unsigned long count = 0;
};

using Action = std::function<int()>;

CLI::App* command(CLI::App& app, const char* name, const char* text, Action& chosen, Action action) {
    CLI::App* sub = app.add_subcommand(name, text);
    sub->callback([&chosen, action = std::move(action)] { chosen = action; });
    return sub;
}

void json_option(CLI::App* sub, Options& o) {
    sub->add_flag("--json", o.json, "One JSON object a line");
}
void socket_option(CLI::App* sub, Options& o) {
    sub->add_option("--socket", o.socket, "Socket of the running daemon")->capture_default_str();
}

void add_service_commands(CLI::App& app, Options& o, Action& chosen) {
    CLI::App* run =
        command(app, "run", "Run the gateway until SIGTERM", chosen, [&] { return jkp::app::run(o.config); });
    run->add_option("-c,--config", o.config, "Configuration file")->capture_default_str();

    CLI::App* check = command(app, "check-config", "Show everything that is wrong with a configuration",
                              chosen, [&] { return jkp::cli::check_config(o.config, o.json); });
    check->add_option("-c,--config,file", o.config, "Configuration file")->capture_default_str();
    json_option(check, o);

    CLI::App* status = command(app, "status", "Ask the running daemon how it is", chosen,
                               [&] { return jkp::cli::status(o.socket, o.json); });
    socket_option(status, o);
    json_option(status, o);

    CLI::App* why = command(app, "why", "Every limiter of now, tightest first", chosen,
                            [&] { return jkp::cli::why(o.socket, o.kind, o.json); });
    why->add_option("direction", o.kind, "charge or discharge; both without")
        ->check(CLI::IsMember({"charge", "discharge"}));
    socket_option(why, o);
    json_option(why, o);

    CLI::App* ack = command(app, "ack", "Acknowledge a fault after looking at the battery", chosen,
                            [&] { return jkp::cli::ack(o.socket, o.pack); });
    ack->add_option("--pack", o.pack, "Name of the pack; not needed when there is only one");
    socket_option(ack, o);

    CLI::App* recover = command(app, "recover", "Release a slow charge of a deeply discharged pack", chosen,
                                [&] { return jkp::cli::recover(o.socket, o.pack, o.yes); });
    recover->add_option("--pack", o.pack, "Name of the pack")->required();
    recover->add_flag("--yes-i-have-looked", o.yes, "Instead of typing the pack's name");
    socket_option(recover, o);
}

void add_check_commands(CLI::App& app, Options& o, Action& chosen) {
    CLI::App* bms = command(app, "bms", "One reading of a JK-BMS", chosen,
                            [&] { return jkp::cli::bms(o.source, o.json, o.seconds > 0 ? o.seconds : 5.0); });
    bms->add_option("port", o.source, "Serial port, best below /dev/serial/by-id")->required();
    bms->add_option("--patience", o.seconds, "Seconds until it gives up (default 5)")
        ->check(CLI::Range(0.5, 600.0));
    json_option(bms, o);

    CLI::App* can = command(app, "can", "Decode every Pylontech frame, both ways, live", chosen,
                            [&] { return jkp::cli::can(o.source, o.json, o.seconds, o.count); });
    can->add_option("source", o.source, "CAN interface, slcan tty, candump file, or - for stdin")->required();
    can->add_option("--for", o.seconds, "Seconds; 0 = until interrupted")->check(CLI::NonNegativeNumber);
    can->add_option("--count", o.count, "Frames; 0 = until interrupted");
    json_option(can, o);

    CLI::App* decode = command(app, "decode", "Decode pasted hex or candump text", chosen, [&] {
        return jkp::cli::decode(o.kind, o.source.empty() ? "-" : o.source, o.json);
    });
    decode->add_option("kind", o.kind, "jk, can, sma, goodwe or sems")
        ->required()
        ->check(CLI::IsMember({"jk", "can", "sma", "goodwe", "sems"}));
    decode->add_option("file", o.source, "File, or - for stdin (default)");
    json_option(decode, o);

    command(app, "dbc", "Print the CAN messages as a DBC file", chosen, [] { return jkp::cli::dbc(); });

    CLI::App* demo = command(app, "demo", "A simulated BMS and inverter around the real gateway", chosen,
                             [&] { return jkp::cli::demo(o.seconds, o.plain); });
    demo->add_option("--for", o.seconds, "End by itself after so many seconds")
        ->check(CLI::NonNegativeNumber);
    demo->add_flag("--plain", o.plain, "One line a second instead of a live view");
}

void add_meter_command(CLI::App& app, Options& o, Action& chosen) {
    CLI::App* meter = command(app, "meter", "Live values of a grid meter", chosen,
                              [&] { return jkp::cli::meter(o.meter); });
    meter->add_option("kind", o.meter.kind, "sma")->required()->check(CLI::IsMember({"sma"}));
    meter->add_option("--serial", o.meter.serial, "Serial number; 0 = the first meter that is heard");
    meter->add_option("--interface", o.meter.interface, "Network interface; without it every one");
    meter->add_option("--port", o.meter.port, "UDP port")->capture_default_str();
    meter->add_option("--for", o.meter.for_s, "Seconds; 0 = until interrupted")
        ->check(CLI::NonNegativeNumber);
    meter->add_flag("--json", o.meter.json, "One JSON object a line");
}

void add_goodwe_command(CLI::App& app, Options& o, Action& chosen) {
    jkp::cli::GoodweOptions& g = o.goodwe;
    CLI::App* goodwe = command(app, "goodwe", "One reading of a GoodWe inverter; never writes to it", chosen,
                               [&] { return jkp::cli::goodwe(g); });
    goodwe->add_option("host", g.host, "Name or address; with --discover whom to ask (default: everybody)");
    goodwe->add_option("--port", g.port, "Port (default 8899, with --tcp 502, with --discover 48899)")
        ->check(CLI::Range(1, 65535));
    goodwe->add_option("--family", g.family, "auto, es (ES, EM, BP) or et (ET, EH, BT, BH)")
        ->check(CLI::IsMember({"auto", "es", "et"}));
    goodwe->add_flag("--tcp", g.tcp, "Modbus TCP instead of UDP");
    goodwe->add_flag("--discover", g.discover, "List the modules on this network that answer");
    goodwe->add_option("--patience", g.patience_s, "Seconds until it gives up (default 15, --discover 3)")
        ->check(CLI::Range(0.2, 600.0));
    goodwe->add_flag("--json", g.json, "One JSON object a line");
}

void add_sems_command(CLI::App& app, Options& o, Action& chosen) {
    CLI::App* sems = command(app, "sems", "Log in to the SEMS portal once and show what it says", chosen,
                             [&] { return jkp::cli::sems(o.config, o.json); });
    sems->add_option("-c,--config", o.config, "Configuration file")->capture_default_str();
    json_option(sems, o);
}

void add_history_commands(CLI::App& app, Options& o, Action& chosen) {
    jkp::cli::HistoryOptions& h = o.history;
    h.config = default_config;
    CLI::App* history = command(app, "history", "What was recorded; also while the daemon runs", chosen,
                                [&] { return jkp::cli::history(h); });
    history->add_option("-c,--config", h.config, "Configuration file")->capture_default_str();
    history->add_option("--file", h.file, "Database file, instead of the one of the configuration");
    history->add_option("--from", h.from,
                        "now, -24h, 2026-11-25, 2026-11-25T12:00:00Z (default: a day before)");
    history->add_option("--to", h.to, "The same; the moment itself is not part of it")->capture_default_str();
    history->add_option("--series", h.series, "Names, separated by commas; docs/history.md lists them")
        ->delimiter(',');
    history->add_option("--points", h.points, "Lines at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 2000));
    CLI::Option* csv = history->add_flag("--csv", h.csv, "Comma separated values");
    history->add_flag("--json", h.json, "One JSON object")->excludes(csv);
    history->add_flag("--energy", h.energy, "Energy of each day instead")->excludes(csv);
    history->add_option("--days", h.days, "With --energy: so many days")
        ->capture_default_str()
        ->check(CLI::Range(1, 3660));

    jkp::cli::EventsOptions& e = o.events;
    e.config = default_config;
    CLI::App* events = command(app, "events", "What happened; also while the daemon runs", chosen,
                               [&] { return jkp::cli::events(e); });
    events->add_option("-c,--config", e.config, "Configuration file")->capture_default_str();
    events->add_option("--file", e.file, "Database file, instead of the one of the configuration");
    events->add_option("--limit", e.limit, "The newest so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 500));
    events->add_option("--language", e.language, "en or de")
        ->capture_default_str()
        ->check(CLI::IsMember({"en", "de"}));
    events->add_flag("--json", e.json, "One JSON object a line");
}

void add_simulate_command(CLI::App& app, Options& o, Action& chosen) {
    CLI::App* simulate = command(app, "simulate", "Play a scenario file in virtual time", chosen,
                                 [&] { return jkp::cli::simulate(o.simulate); });
    simulate->add_option("scenario", o.simulate.scenario, "Scenario file (TOML)")->required();
    simulate->add_option("--csv", o.simulate.csv, "Write every sample into this file");
    simulate->add_option("--plot", o.simulate.plot, "Write a plot into this file (SVG)");
    CLI::Option* quiet = simulate->add_flag("--quiet", o.simulate.quiet, "Only what was not as expected");
    simulate->add_flag("--json", o.simulate.json, "One JSON object")->excludes(quiet);
}

void sensor_options(CLI::App* sub, jkp::cli::SensorOptions& o) {
    sub->add_option("--bus", o.bus, "N of /dev/i2c-N (default 1)")->check(CLI::Range(0, 255));
    sub->add_option("--address", o.address, "I2C address; without it the usual ones")
        ->check(CLI::Range(8, 119));
    sub->add_option("--chip", o.chip, "Only this chip; without it the first that answers")
        ->check(CLI::IsMember({"hmc5883l", "qmc5883l"}));
    sub->add_option("--gain", o.gain, "Gain step (default 1)")->check(CLI::Range(0, 7));
    sub->add_option("-c,--config", o.config, "Configuration file with [peer.sensor]");
}

void add_sensor_commands(CLI::App& app, Options& o, Action& chosen) {
    jkp::cli::SensorOptions& options = o.sensor;
    CLI::App* sensor = command(app, "sensor", "What a magnetometer beside a battery cable sees", chosen, [&] {
        const bool calibrates = app.get_subcommand("sensor")->get_subcommand("calibrate")->parsed();
        return calibrates ? jkp::cli::sensor_calibrate(options) : jkp::cli::sensor(options);
    });
    sensor_options(sensor, options);
    sensor->add_flag("--json", options.json, "One JSON object a line");
    sensor->add_option("--for", options.for_s, "Seconds; 0 = until interrupted")
        ->check(CLI::NonNegativeNumber);

    CLI::App* calibrate = sensor->add_subcommand("calibrate", "Find its calibration from known currents");
    sensor_options(calibrate, options);
    calibrate->add_option("--average", options.average_s, "Seconds that a point is measured (default 3)")
        ->check(CLI::Range(0.1, 60.0));
    calibrate->add_option("--goodwe", options.goodwe, "Take the currents from this GoodWe, name or address");
    calibrate->add_option("--for", options.for_s, "Seconds, with --goodwe; 0 = until interrupted")
        ->check(CLI::NonNegativeNumber);
    calibrate->add_option("--write", options.write, "Configuration file that gets the result");
}

}  // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): only a bug can throw while the words are set up
int main(int argc, char** argv) {
    CLI::App app{"jk-pylon: makes a battery with a JK-BMS a Pylontech battery on CAN"};
    app.set_version_flag("--version", std::string("jk-pylon ") + jkp::app::version);
    app.footer(exit_codes);
    app.require_subcommand(1);
    Options options;
    Action chosen;
    add_service_commands(app, options, chosen);
    add_check_commands(app, options, chosen);
    add_goodwe_command(app, options, chosen);
    add_sems_command(app, options, chosen);
    add_meter_command(app, options, chosen);
    add_history_commands(app, options, chosen);
    add_simulate_command(app, options, chosen);
    add_sensor_commands(app, options, chosen);
    try {
        app.parse(argc, argv);
        return chosen();
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? jkp::cli::good : jkp::cli::unable;
    } catch (const std::exception& error) {
        std::cerr << "jk-pylon: " << error.what() << '\n';
        return jkp::cli::unable;
    }
}
