// SPDX-License-Identifier: MIT
#include "report/saved_json.hpp"

#include <nlohmann/json.hpp>

#include "control/judge.hpp"

namespace jkp::report {
namespace {

using control::Saved;
using control::SavedGate;
using control::SavedOrder;
using control::SavedPack;
using control::SavedResistance;
using nlohmann::ordered_json;

ordered_json json_of(const std::optional<Duration>& d) {
    return d ? ordered_json(milliseconds(*d)) : ordered_json(nullptr);
}

template <class T>
ordered_json json_of(const std::optional<T>& value) {
    return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json json_of(const SavedGate& gate) {
    return {{"allowed_ma", gate.allowed ? ordered_json(gate.allowed->count()) : ordered_json(nullptr)},
            {"reduced_ago_ms", json_of(gate.reduced_ago)}};
}

ordered_json json_of(const SavedResistance& r) {
    return {{"steps", r.steps}, {"a2", r.current2}, {"av", r.product}, {"v2", r.voltage2}};
}

ordered_json json_of(const SavedPack& p) {
    return {{"name", p.name},
            {"hard_stop", p.hard_stop},
            {"high_fault", static_cast<int>(p.high)},
            {"low_fault", p.low},
            {"lockout", p.lockout},
            {"unknown", p.unknown},
            {"recovery_lasted_ms", json_of(p.recovery_lasted)},
            {"recovery_start_mv", p.recovery_start.count()},
            {"recovery_risen", p.recovery_risen},
            {"charge_gate", json_of(p.charge_gate)},
            {"discharge_gate", json_of(p.discharge_gate)},
            {"resistance", json_of(p.resistance)}};
}

ordered_json json_of(const SavedOrder& o) {
    return {{"command", name(o.kind)},       {"value", o.value},           {"who", o.who},
            {"ago_ms", milliseconds(o.ago)}, {"left_ms", json_of(o.left)}, {"lasts_ms", json_of(o.lasts)}};
}

std::optional<Duration> duration_at(const ordered_json& j, const char* key) {
    const ordered_json& value = j.at(key);
    if (value.is_null()) return std::nullopt;
    const auto ms = value.get<std::int64_t>();
    constexpr std::int64_t ten_years = 315'360'000'000;
    if (ms < 0 || ms > ten_years) throw std::out_of_range(std::string(key) + " is out of range");
    return std::chrono::milliseconds(ms);
}

std::optional<std::int64_t> number_at(const ordered_json& j, const char* key) {
    const ordered_json& value = j.at(key);
    return value.is_null() ? std::nullopt : std::optional(value.get<std::int64_t>());
}

std::optional<control::Ppm> share_at(const ordered_json& j, const char* key) {
    const auto value = number_at(j, key);
    if (value && (*value < 0 || *value > 1'000'000))
        throw std::out_of_range(std::string(key) + " is out of range");
    return value;
}

template <class E>
E enum_at(const ordered_json& j, const char* key, E last) {
    const int value = j.at(key).get<int>();
    if (value < 0 || value > static_cast<int>(last))
        throw std::out_of_range(std::string(key) + " is out of range");
    return static_cast<E>(value);
}

SavedGate gate_at(const ordered_json& j, const char* key) {
    SavedGate gate;
    const ordered_json& g = j.at(key);
    if (const auto allowed = number_at(g, "allowed_ma"))
        gate.allowed = Milliamps(static_cast<std::int32_t>(*allowed));
    gate.reduced_ago = duration_at(g, "reduced_ago_ms");
    return gate;
}

double sum_at(const ordered_json& j, const char* key) {
    const auto value = j.at(key).get<double>();
    constexpr double most = 1e12;
    if (!(value >= -most && value <= most)) throw std::out_of_range(std::string(key) + " is out of range");
    return value;
}

// Absent in files of the first version.
SavedResistance resistance_at(const ordered_json& j) {
    const auto found = j.find("resistance");
    if (found == j.end()) return {};
    const auto steps = number_at(*found, "steps").value_or(0);
    if (steps < 0 || steps > 1'000'000) throw std::out_of_range("steps is out of range");
    return {.current2 = sum_at(*found, "a2"),
            .product = sum_at(*found, "av"),
            .voltage2 = sum_at(*found, "v2"),
            .steps = static_cast<int>(steps)};
}

SavedPack pack_of(const ordered_json& j) {
    return {.name = j.at("name").get<std::string>(),
            .hard_stop = j.at("hard_stop").get<bool>(),
            .high = enum_at(j, "high_fault", control::HighFault::awaiting_operator),
            .low = j.at("low_fault").get<bool>(),
            .lockout = j.at("lockout").get<bool>(),
            .unknown = j.value("unknown", false),  // absent in files of the first version
            .recovery_lasted = duration_at(j, "recovery_lasted_ms"),
            .recovery_start = Millivolts(j.at("recovery_start_mv").get<std::int32_t>()),
            .recovery_risen = j.at("recovery_risen").get<bool>(),
            .charge_gate = gate_at(j, "charge_gate"),
            .discharge_gate = gate_at(j, "discharge_gate"),
            .resistance = resistance_at(j)};
}

std::optional<control::CommandKind> command_of(const std::string& word) {
    for (std::size_t i = 0; i < control::command_count; ++i) {
        const auto kind = static_cast<control::CommandKind>(i);
        if (name(kind) == word) return kind;
    }
    return std::nullopt;
}

SavedOrder order_of(control::CommandKind kind, const ordered_json& j) {
    const auto value = j.at("value").get<std::int64_t>();
    if (value < 0 || value > control::wire_maximum.count()) throw std::out_of_range("value is out of range");
    return {.kind = kind,
            .value = static_cast<std::int32_t>(value),
            .who = j.at("who").get<std::string>(),
            .ago = duration_at(j, "ago_ms").value_or(Duration{}),
            .left = duration_at(j, "left_ms"),
            .lasts = duration_at(j, "lasts_ms")};
}

// An order of a newer program is no reason to lose the latches beside it.
void read_orders(const ordered_json& list, Saved& s) {
    constexpr std::size_t longest = 40;
    for (const ordered_json& order : list) {
        const auto word = order.at("command").get<std::string>();
        if (const auto kind = command_of(word)) {
            s.orders.push_back(order_of(*kind, order));
        } else {
            s.unheard_of.push_back(word.substr(0, longest));
        }
    }
}

Saved saved_of(const ordered_json& j) {
    Saved s;
    s.version = j.at("version").get<int>();
    if (s.version != control::saved_version) {
        throw std::out_of_range("version " + std::to_string(s.version) + " is not " +
                                std::to_string(control::saved_version));
    }
    if (const auto at = number_at(j, "saved_at")) s.at = WallTime{*at};
    s.orderly = j.at("orderly").get<bool>();
    s.hold = duration_at(j, "hold_ms").value_or(Duration{});
    for (const ordered_json& pack : j.at("packs")) s.packs.push_back(pack_of(pack));
    s.phase = enum_at(j, "phase", control::Phase::fault);
    s.full_claimed = j.at("full_claimed").get<bool>();
    s.full_ago = duration_at(j, "full_ago_ms");
    s.end_ago = duration_at(j, "end_ago_ms");
    s.discharged = j.at("discharged_ma_ms").get<std::int64_t>();
    s.soc_sent = share_at(j, "soc_sent_ppm");
    s.soc_counter = share_at(j, "soc_counter_ppm");
    // Absent in files of the first version.
    if (const auto former = j.find("former_packs"); former != j.end()) {
        for (const ordered_json& pack : *former) s.former.push_back(pack_of(pack));
    }
    if (const auto orders = j.find("orders"); orders != j.end()) read_orders(*orders, s);
    s.boot = j.value("boot", std::string());
    if (j.contains("since_boot_ms")) s.since_boot = duration_at(j, "since_boot_ms");
    return s;
}

}  // namespace

std::string saved_json(const Saved& s) {
    ordered_json packs = ordered_json::array();
    for (const SavedPack& p : s.packs) packs.push_back(json_of(p));
    ordered_json former = ordered_json::array();
    for (const SavedPack& p : s.former) former.push_back(json_of(p));
    ordered_json orders = ordered_json::array();
    for (const SavedOrder& o : s.orders) orders.push_back(json_of(o));
    const ordered_json j = {{"version", s.version},
                            {"saved_at", s.at ? ordered_json(s.at->seconds) : ordered_json(nullptr)},
                            {"orderly", s.orderly},
                            {"hold_ms", milliseconds(s.hold)},
                            {"packs", packs},
                            {"former_packs", former},
                            {"phase", static_cast<int>(s.phase)},
                            {"full_claimed", s.full_claimed},
                            {"full_ago_ms", json_of(s.full_ago)},
                            {"end_ago_ms", json_of(s.end_ago)},
                            {"discharged_ma_ms", s.discharged},
                            {"soc_sent_ppm", json_of(s.soc_sent)},
                            {"soc_counter_ppm", json_of(s.soc_counter)},
                            {"orders", orders},
                            {"boot", s.boot},
                            {"since_boot_ms", json_of(s.since_boot)}};
    return j.dump(1) + "\n";
}

Result<Saved, std::string> saved_from_json(std::string_view text) {
    try {
        return saved_of(ordered_json::parse(text));
    } catch (const std::exception& e) {
        return failure(std::string(e.what()));
    }
}

}  // namespace jkp::report
