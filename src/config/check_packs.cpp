// SPDX-License-Identifier: MIT
// Each pack by itself, and all of them in one bank.
#include <algorithm>

#include "config/check.hpp"

namespace jkp::config {
namespace {

constexpr double wire_maximum_a = 3276.7;  // 0x351 carries 0.1 A in 15 bits
constexpr std::string_view reduce_key = "control.age.reduce_from_s";

struct PackOf {
    const Settings& settings;
    std::size_t index;
    const control::PackConfig& rules() const { return settings.control.packs[index]; }
    const PackLink& link() const { return settings.links[index]; }
    [[nodiscard]] std::string key(std::string_view name) const { return pack_key(index, name); }
    [[nodiscard]] std::string poll() const {
        return with_value(key("poll_s"), seconds_text(rules().poll_period));
    }
};

// One answer that is lost must not cost current.
void check_timing(const PackOf& pack, Findings& findings) {
    const Duration reduce_from = pack.settings.control.age.reduce_from;
    const Duration period = pack.rules().poll_period;
    const Duration timeout = pack.link().response_timeout;
    const std::string limit = with_value(std::string(reduce_key), seconds_text(reduce_from));
    const std::string otherwise = ", or a single lost answer costs current";
    if (2 * period > reduce_from) {
        findings.contradiction({pack.key("poll_s"), std::string(reduce_key)},
                               "twice " + pack.poll() + " must be at most " + limit + otherwise);
    }
    if (timeout > period && period + timeout > reduce_from) {
        const std::string key = pack.key("response_timeout_ms");
        findings.contradiction({key, pack.key("poll_s"), std::string(reduce_key)},
                               with_value(key, seconds_text(timeout)) + " and " + pack.poll() +
                                   " together must be at most " + limit + otherwise);
    }
    if (pack.link().fast_poll && pack.link().fast_poll_period > period) {
        const std::string fast = pack.key("fast_poll_s");
        findings.contradiction(
            {fast, pack.key("poll_s")},
            with_value(fast, seconds_text(pack.link().fast_poll_period)) + " must be at most " + pack.poll());
    }
}

void warn_of_blind_freeze_check(const PackOf& pack, Findings& findings) {
    const Milliamps from = pack.settings.control.age.frozen_current;
    const Milliamps most = std::max(pack.rules().max_charge, pack.rules().max_discharge);
    if (from <= most) return;
    const std::string key = "control.age.frozen_current_a";
    findings.warning({key, pack.key("max_charge_a"), pack.key("max_discharge_a")},
                     with_value(key, amps_text(from)) + " is above what pack " +
                         std::string(pack.rules().name.view()) + " may ever carry (" + amps_text(most) +
                         "): frozen readings of it are not found");
}

// Two packs that both name the same thing.
void check_pair(const Settings& settings, std::size_t first, std::size_t second, Findings& findings) {
    const PackOf a{settings, first};
    const PackOf b{settings, second};
    if (!a.link().port.empty() && a.link().port == b.link().port) {
        findings.contradiction({a.key("port"), b.key("port")}, b.key("port") + " and " + a.key("port") +
                                                                   " are both " + a.link().port +
                                                                   ": each BMS needs a port of its own");
    }
    if (a.rules().name == b.rules().name) {
        findings.contradiction({a.key("name"), b.key("name")},
                               b.key("name") + " and " + a.key("name") + " are both " +
                                   std::string(a.rules().name.view()) + ": each pack needs its own name");
    }
    const auto cells_a = a.rules().cell_count;
    const auto cells_b = b.rules().cell_count;
    if (cells_a && cells_b && *cells_a != *cells_b) {
        findings.contradiction({a.key("cell_count"), b.key("cell_count")},
                               with_value(b.key("cell_count"), std::to_string(*cells_b)) + " must equal " +
                                   with_value(a.key("cell_count"), std::to_string(*cells_a)) +
                                   ": packs in parallel have equally many cells");
    }
}

void check_quorum(const Settings& settings, Findings& findings) {
    const std::size_t packs = settings.control.packs.size();
    if (settings.control.bank.quorum <= packs) return;
    findings.contradiction({"bank.quorum"},
                           with_value("bank.quorum", std::to_string(settings.control.bank.quorum)) +
                               " must be at most the number of [[pack]] tables (" + std::to_string(packs) +
                               ")");
}

struct Side {
    std::string_view name;  // of the key, in [[pack]] and in [bank]
    Milliamps control::PackConfig::* pack;
    std::optional<Milliamps> control::BankSettings::* bank;
};
constexpr Side sides[] = {
    {"max_charge_a", &control::PackConfig::max_charge, &control::BankSettings::max_charge},
    {"max_discharge_a", &control::PackConfig::max_discharge, &control::BankSettings::max_discharge},
};

void warn_of_maximum(const Settings& settings, const Side& side, Findings& findings) {
    const auto& packs = settings.control.packs;
    double sum = 0;
    for (const auto& pack : packs) sum += (pack.*side.pack).count();
    const auto& maximum = settings.control.bank.*side.bank;
    const std::string total =
        "the sum of " + std::string(side.name) + " of all packs (" + in_unit(sum, amps) + ")";
    const std::string key = "bank." + std::string(side.name);
    if (maximum && maximum->count() > sum) {
        findings.warning(key,
                         with_value(key, amps_text(*maximum)) + " is above " + total + " and has no effect");
    }
    if (!maximum && sum > wire_maximum_a * amps.scale) {
        findings.warning(pack_key(packs.size() - 1, side.name),
                         total + " is above " + in_unit(wire_maximum_a * amps.scale, amps) +
                             ", the most that can be told to the inverter; the rest is not used");
    }
}

}  // namespace

void check_packs(const Settings& settings, Findings& findings) {
    for (std::size_t i = 0; i < settings.control.packs.size(); ++i) {
        check_timing({settings, i}, findings);
        warn_of_blind_freeze_check({settings, i}, findings);
    }
}

void check_bank(const Settings& settings, Findings& findings) {
    for (std::size_t second = 1; second < settings.control.packs.size(); ++second) {
        for (std::size_t first = 0; first < second; ++first) check_pair(settings, first, second, findings);
    }
    check_quorum(settings, findings);
    for (const Side& side : sides) warn_of_maximum(settings, side, findings);
}

}  // namespace jkp::config
