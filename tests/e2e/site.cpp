// SPDX-License-Identifier: MIT
#include "e2e/site.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace jkp::e2e {
namespace {

namespace fs = std::filesystem;

fs::path new_folder() {
    std::string pattern = (fs::temp_directory_path() / "jkp-e2e-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder could be made");
    return pattern;
}

std::size_t count(std::string_view text, std::string_view part) {
    std::size_t times = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
        ++times;
    return times;
}

}  // namespace

std::string contents(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

double charge_a(const pylontech::Limits& limits) {
    return limits.charge_current_limit.count() / 1000.0;
}
double discharge_a(const pylontech::Limits& limits) {
    return limits.discharge_current_limit.count() / 1000.0;
}

Site::Site(World& w, const SiteConfig& config, app::SimHostSettings sim) : world(w), folder_(new_folder()) {
    sim.bms_link = file("bms");
    sim.can_link = file("can");
    if (!sim.wish) sim.wish = [](TimePoint) { return Milliamps(0); };
    host = std::make_unique<app::SimHost>(world.loop, sim);
    host->on_battery_frame([this](const CanFrame& frame, TimePoint at) { frames.push_back({frame, at}); });
    host->start();
    write_config(config);
}

Site::~Site() {
    child.reset();
    host.reset();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void Site::write_config(const SiteConfig& c) {
    std::ofstream text(file("site.toml"));
    text << "[[pack]]\nname = \"bank\"\nport = \"" << file("bms") << "\"\nmax_charge_a = " << c.max_charge_a
         << "\nmax_discharge_a = " << c.max_discharge_a << "\npoll_s = " << c.poll_s << "\n"
         << c.pack << "[can]\n"
         << (c.can.find("kind") == std::string::npos ? "kind = \"slcan\"\nport = \"" + file("can") + "\"\n"
                                                     : "")
         << c.can << "[state]\nfile = \"" << file("state.json") << "\"\n[socket]\npath = \""
         << file("control.sock") << "\"\n[control.dynamics]\nrise_hold_s = " << c.rise_hold_s
         << "\nrise_window_s = " << c.rise_hold_s << "\n";
    if (c.quick) text << "start_hold_s = 0\nstart_samples = 1\nrise_a_per_s = 50\nrise_share_per_s = 0.2\n";
    if (c.more.find("[web]") == std::string::npos) text << "[web]\nport = 0\n";
    if (c.more.find("[history]") == std::string::npos) {
        text << "[history]\nfile = \"" << file("history.db") << "\"\n";
    }
    text << c.more;
}

void Site::start(ChildOptions options) {
    if (options.arguments.empty()) options.arguments = {"run", "--config", file("site.toml")};
    options.output = file("output");
    options.errors = file("log");
    child = std::make_unique<Child>(options);
}

bool Site::until_limits(double charge, double discharge, Duration time) {
    return until(
        [&] {
            const auto limits = last<pylontech::Limits>();
            return limits && charge_a(*limits) == charge && discharge_a(*limits) == discharge;
        },
        time);
}

bool Site::until_log(std::string_view text, std::size_t times) {
    return until([&] { return log_count(text) >= times; });
}

bool Site::until_ended(Duration time) {
    return until([&] { return child->ended(); }, time);
}

bool Site::until_burst(Duration time) {
    const std::size_t before = bursts();
    // The first end of a burst may belong to one that had begun already.
    return until([&] { return bursts() >= before + 2; }, time);
}

Answer Site::run(std::vector<std::string> arguments, const std::string& typed) {
    const std::string number = std::to_string(++runs_);
    ChildOptions options{
        .arguments = std::move(arguments), .output = file("out" + number), .errors = file("err" + number)};
    if (!typed.empty()) {
        options.input = file("in" + number);
        std::ofstream(options.input) << typed;
    }
    Child command(options);
    world.until([&] { return command.ended(); });
    return {command.exit_code(), contents(options.output), contents(options.errors)};
}

Answer Site::ask(std::vector<std::string> arguments, const std::string& typed) {
    arguments.insert(arguments.end(), {"--socket", file("control.sock")});
    return run(std::move(arguments), typed);
}

nlohmann::json Site::status() {
    nlohmann::json answer = nlohmann::json::object();
    until([&] {  // a program that has just been started does not listen yet
        answer = ask({"status", "--json"}).json();
        return answer.is_object() && answer.contains("can");
    });
    return answer.is_object() && answer.contains("can") ? answer : nlohmann::json::object();
}

std::string Site::log() const {
    return contents(file("log"));
}

std::size_t Site::log_count(std::string_view text) const {
    return count(log(), text);
}

}  // namespace jkp::e2e
