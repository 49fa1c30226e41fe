// SPDX-License-Identifier: MIT
// One reading of the second inverter, or a look round for one. Nothing is ever written to it.
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/goodwe_once.hpp"
#include "cli/commands.hpp"
#include "goodwe/discovery.hpp"
#include "io/udp_broadcast.hpp"
#include "report/goodwe_json.hpp"
#include "report/goodwe_text.hpp"

namespace jkp::cli {
namespace {

constexpr double usual_patience_s = 15;  // both families, every request lost once
constexpr double usual_look_s = 3;
constexpr const char* everybody = "255.255.255.255";

Duration seconds_or(double given, double usual) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(given > 0 ? given : usual));
}

int fail(const std::string& sentence, bool json, int code) {
    if (json) {
        std::cout << report::error_json(sentence).dump() << '\n';
    } else {
        std::cerr << "jk-pylon: " << sentence << '\n';
    }
    return code;
}

app::GoodweFamily family_of(const std::string& word) {
    if (word == "es") return app::GoodweFamily::es;
    if (word == "et") return app::GoodweFamily::et;
    return app::GoodweFamily::automatic;
}

app::GoodwePeerSettings settings_of(const GoodweOptions& options) {
    app::GoodwePeerSettings settings;
    settings.address.host = options.host;
    if (options.port != 0) settings.address.port = options.port;
    if (options.tcp) settings.address.transport = app::GoodweTransport::tcp;
    settings.family = family_of(options.family);
    return settings;
}

int read(const GoodweOptions& options) {
    if (options.host.empty()) {
        return fail("the address of the inverter is missing; jk-pylon goodwe --discover lists what answers",
                    options.json, unable);
    }
    if (options.tcp && options.family == "es") {
        return fail("the es family has no Modbus TCP: leave --tcp out", options.json, unable);
    }
    // Never destroyed: its destructor waits for a name that is being looked up, and a dead name server would
    // hold the command longer than its patience. The end of the process takes it along.
    static auto& loop = *new boost::asio::io_context(1);
    const auto reading =
        app::read_goodwe_once(loop, settings_of(options), seconds_or(options.patience_s, usual_patience_s));
    if (!reading) return fail(reading.error(), options.json, bad);
    const report::Json object = report::goodwe_json(reading->value);
    std::cout << (options.json ? object.dump() + '\n' : report::goodwe_text(object));
    return good;
}

void show(const io::UdpReply& reply, bool json) {
    const goodwe::Found found = goodwe::read_discovery(reply.text);
    const std::string advice = goodwe::advice(found, reply.address);
    const std::string& who = found.serial.empty() ? found.name : found.serial;
    if (!json) {
        std::cout << reply.address << "  " << (who.empty() ? "?" : who) << "\n  " << advice << '\n';
        return;
    }
    const report::Json object{{"ok", true},
                              {"address", reply.address},
                              {"module", goodwe::name(found.module)},
                              {"serial", found.serial.empty() ? report::Json() : report::Json(found.serial)},
                              {"name", found.name.empty() ? report::Json() : report::Json(found.name)},
                              {"busy", found.busy},
                              {"advice", advice}};
    std::cout << object.dump() << '\n';
}

int discover(const GoodweOptions& options) {
    const auto replies =
        io::ask_all(options.host.empty() ? everybody : options.host,
                    options.port != 0 ? options.port : goodwe::discovery_port, goodwe::discovery_question,
                    seconds_or(options.patience_s, usual_look_s));
    if (!replies) return fail(replies.error(), options.json, unable);
    for (const io::UdpReply& reply : *replies) show(reply, options.json);
    if (!replies->empty()) return good;
    return fail(
        "nothing answered. Look at: whether this machine is in the same network as the inverter's WiFi "
        "module (a guest network often is not), and whether the inverter is awake; without battery and sun "
        "it sleeps",
        options.json, bad);
}

}  // namespace

int goodwe(const GoodweOptions& options) {
    return options.discover ? discover(options) : read(options);
}

}  // namespace jkp::cli
