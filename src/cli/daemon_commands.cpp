// SPDX-License-Identifier: MIT
// status, why, ack and recover: what is asked of the running daemon over its local socket.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/failure.hpp"

namespace jkp::cli {
namespace {

using nlohmann::ordered_json;

std::string number(const ordered_json& value, int digits, const char* unit) {
    if (!value.is_number()) return "-";
    char text[40];
    std::snprintf(text, sizeof text, "%.*f %s", digits, value.get<double>(), unit);
    return text;
}

void row(const char* label, const std::string& value) {
    std::printf("  %-18s %s\n", label, value.c_str());
}

std::string joined(const ordered_json& list) {
    std::string text;
    for (const auto& item : list) text += (text.empty() ? "" : ", ") + item.get<std::string>();
    return text.empty() ? "none" : text;
}

std::string limit_text(const ordered_json& limit) {
    return number(limit["limit_a"], 1, "A") + "  because: " + limit["reason"].get<std::string>();
}

std::string cell_text(const ordered_json& cell, bool several) {
    const std::string pack = several ? " of " + cell["pack"].get<std::string>() : "";
    return std::to_string(cell["mv"].get<int>()) + " mV, cell " + std::to_string(cell["number"].get<int>()) +
           pack;
}

void show_battery(const ordered_json& b, bool several) {
    std::puts("Battery, as the inverter sees it");
    row("voltage, current",
        number(b["voltage_v"], 2, "V") + ", " + number(b["current_a"], 1, "A (+ charge)"));
    row("SOC, SOH", number(b["soc_pct"], 1, "%") + ", " + number(b["soh_pct"], 0, "%"));
    row("temperature", number(b["temperature_c"], 1, "C"));
    row("charge limit", limit_text(b["charge"]));
    row("discharge limit", limit_text(b["discharge"]));
    row("CVL, DVL", number(b["charge_voltage_v"], 1, "V") + ", " + number(b["discharge_voltage_v"], 1, "V"));
    row("highest cell", cell_text(b["highest_cell"], several));
    row("lowest cell", cell_text(b["lowest_cell"], several));
    row("protections", joined(b["protections"]));
    row("alarms", joined(b["alarms"]));
    row("phase", b["phase"].get<std::string>());
    row("data", b["data"].get<std::string>() + ", " + number(b["age_s"], 1, "s old"));
}

void show_link(const char* what, const ordered_json& link) {
    std::string text = link["name"].get<std::string>() + ": " + link["state"].get<std::string>();
    if (!link["detail"].get<std::string>().empty()) text += " - " + link["detail"].get<std::string>();
    row(what, text);
    std::string counters;
    for (const auto& [key, count] : link["counters"].items()) {
        if (count != 0) counters += (counters.empty() ? "" : ", ") + key + " " + count.dump();
    }
    if (!counters.empty()) row("", counters);
}

std::string part_text(const ordered_json& limit, const ordered_json& share) {
    if (limit.is_null()) return "switch open";
    return number(limit, 1, "A") + ", takes " + number(share, 0, "%") + " of the current";
}

void show_part(const ordered_json& part) {
    if (part.is_null()) return row("bank", "no part of it now");
    row("charge limit", part_text(part["charge_limit_a"], part["charge_share_pct"]));
    row("discharge limit", part_text(part["discharge_limit_a"], part["discharge_share_pct"]));
}

void show_pack(const ordered_json& p, bool several) {
    std::printf("Pack %s\n", p["name"].get<std::string>().c_str());
    show_link("BMS", p["link"]);
    if (several) show_part(p["part"]);
    if (!p["reading"].is_null()) row("last reading", number(p["age_s"], 1, "s ago"));
    if (p["rejected"] != 0) row("rejected readings", p["rejected"].dump());
    for (const char* key : {"hard_stop_latched", "fault", "lockout", "recovering"}) {
        if (p[key].get<bool>()) row("attention", key);
    }
}

void show_can(const ordered_json& can) {
    std::puts("CAN");
    show_link("link", can["link"]);
    row("mode", can["mode"].get<std::string>() + ", " + can["bursts"].dump() + " bursts, last " +
                    number(can["last_burst_age_s"], 1, "s ago"));
    row("inverter (0x305)",
        can["inverter_age_s"].is_null() ? "not heard" : number(can["inverter_age_s"], 1, "s ago"));
}

std::string told_by(const ordered_json& source, const std::string& value) {
    if (source["state"] != "known") return "not known";
    return value + ", " + number(source["age_s"], 1, "s old");
}

void show_site(const ordered_json& site, const ordered_json& sources) {
    if (sources.empty() && (site.is_null() || (site["grid"].is_null() && site["peer"].is_null()))) return;
    std::puts("Site");
    if (!site.is_null()) {
        const ordered_json& grid = site["grid"];
        const ordered_json& peer = site["peer"];
        if (!grid.is_null()) row("grid", told_by(grid, number(grid["power_w"], 0, "W (+ export)")));
        if (!peer.is_null()) {
            row("second battery", told_by(peer, number(peer["current_a"], 1, "A (+ charge)")));
            row("coordination", site["mode"].get<std::string>());
            row("transferred", number(site["transfer_wh"], 1, "Wh of ") + number(site["moved_wh"], 0, "Wh"));
        }
        if (site["oscillation"] == true) row("attention", "oscillation: both limits are cut");
    }
    for (const ordered_json& source : sources) show_link("source", source);
}

void show_outlets(const ordered_json& outlets) {
    if (outlets.empty()) return;
    std::puts("Outlets");
    for (const ordered_json& outlet : outlets) show_link("outlet", outlet);
}

// Only what is ordered; `jk-pylon command` shows them all.
void show_orders(const ordered_json& commands) {
    for (const ordered_json& c : commands) {
        if (c["value"].is_null()) continue;
        const ordered_json& effective = c["effective"];
        const std::string value =
            effective.is_boolean() ? (effective.get<bool>() ? "on" : "off") : number(effective, 1, "A");
        row("ordered", c["command"].get<std::string>() + " " + value + " by " + c["who"].get<std::string>());
    }
}

void show_remedy(const ordered_json& bound) {
    const std::string text = bound["remedy"].get<std::string>();
    if (!text.empty()) std::printf("              to change: %s\n", text.c_str());
}

void show_limiters(const char* direction, ordered_json limit) {
    std::printf("%s: %s\n", direction, limit_text(limit).c_str());
    show_remedy(limit);
    auto& all = limit["limiters"];
    std::stable_sort(all.begin(), all.end(), [](const ordered_json& a, const ordered_json& b) {
        return a["limit_a"].get<double>() < b["limit_a"].get<double>();
    });
    for (const auto& bound : all) {
        const std::string value = bound["limiting"] == true ? number(bound["limit_a"], 1, "A") : "-";
        std::printf("  %10s  %s\n", value.c_str(), bound["reason"].get<std::string>().c_str());
        show_remedy(bound);
    }
}

// Whether everything works: data fresh, frames going out.
int verdict(const ordered_json& s) {
    const bool fresh = !s["battery"].is_null() && s["battery"]["data"] == "fresh";
    return fresh && s["transmitting"].get<bool>() ? good : bad;
}

int told(const Result<ordered_json, int>& answer, const char* done) {
    if (!answer) return answer.error();
    if ((*answer)["ok"] == true) {
        std::cout << done << '\n';
        return good;
    }
    std::cerr << "jk-pylon: refused: " << answer->value("error", "no cause was given") << '\n';
    return bad;
}

}  // namespace

int status(const std::string& socket, bool json) {
    const auto answer = ask_daemon(socket, {{"command", "status"}}, json);
    if (!answer) return answer.error();
    const ordered_json& s = *answer;
    if (json) {
        std::cout << s.dump() << '\n';
        return verdict(s);
    }
    std::printf("jk-pylon %s, up %s\n", s["version"].get<std::string>().c_str(),
                number(s["uptime_s"], 0, "s").c_str());
    if (s["battery"].is_null()) {
        std::puts("No complete reading yet: nothing is sent to the inverter.");
    } else {
        show_battery(s["battery"], s["packs"].size() > 1);
    }
    for (const auto& pack : s["packs"]) show_pack(pack, s["packs"].size() > 1);
    show_can(s["can"]);
    show_site(s["site"], s["sources"]);
    show_orders(s["commands"]);
    show_outlets(s["outlets"]);
    return verdict(s);
}

int why(const std::string& socket, const std::string& direction, bool json) {
    const auto answer = ask_daemon(socket, {{"command", "status"}}, json);
    if (!answer) return answer.error();
    const ordered_json& battery = (*answer)["battery"];
    if (battery.is_null()) {
        return fail("no complete reading yet, so there are no limits to explain", json, bad);
    }
    for (const char* each : {"charge", "discharge"}) {
        if (!direction.empty() && direction != each) continue;
        if (json) {
            ordered_json object = {{"ok", true}, {"direction", each}};
            object.update(battery[each]);
            std::cout << object.dump() << '\n';
        } else {
            show_limiters(each, battery[each]);
        }
    }
    return good;
}

int ack(const std::string& socket, const std::string& pack) {
    return told(ask_daemon(socket, {{"command", "ack"}, {"pack", pack}}, false), "acknowledged");
}

int recover(const std::string& socket, const std::string& pack, bool yes) {
    std::string confirmed = pack;
    if (!yes) {
        std::cout << "This releases a slow charge into a deeply discharged pack, by default at most 5 A for "
                     "4 hours.\n"
                     "Look at the cells first: no swelling, no smell, no cell below 2.00 V.\n"
                     "Type the pack's name to go on: "
                  << std::flush;
        confirmed.clear();
        std::getline(std::cin, confirmed);
        if (confirmed != pack) {
            std::cerr << "jk-pylon: not confirmed, nothing was released\n";
            return bad;
        }
    }
    return told(ask_daemon(socket, {{"command", "recover"}, {"pack", pack}, {"confirm", confirmed}}, false),
                "released; watch it with `jk-pylon status`");
}

}  // namespace jkp::cli
