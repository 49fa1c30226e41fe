// SPDX-License-Identifier: MIT
#include "sim/bank.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ensure.hpp"

namespace jkp::sim {
namespace {

constexpr Duration longest_step = std::chrono::seconds(1);
constexpr double unlimited = std::numeric_limits<double>::infinity();

bool conducts(const Branch& branch, double busbar) {
    return busbar > branch.emf ? branch.charges : busbar < branch.emf && branch.discharges;
}

double through(const Branch& branch, double busbar) {
    return conducts(branch, busbar) ? (busbar - branch.emf) / branch.ohms : 0.0;
}

double total(const std::vector<Branch>& branches, double busbar) {
    double sum = 0.0;
    for (const Branch& branch : branches) sum += through(branch, busbar);
    return sum;
}

// The sum of the currents rises with the voltage of the busbar and bends only where that equals a branch's
// voltage, so the bends on both sides of the wanted sum tell who conducts.
struct Bends {
    double below = -unlimited;
    double above = unlimited;
};

Bends around(const std::vector<Branch>& branches, double requested) {
    Bends found;
    for (const Branch& branch : branches) {
        if (total(branches, branch.emf) <= requested) {
            found.below = std::max(found.below, branch.emf);
        } else {
            found.above = std::min(found.above, branch.emf);
        }
    }
    return found;
}

double busbar_voltage(const std::vector<Branch>& branches, double requested) {
    const auto [below, above] = around(branches, requested);
    const double inside = std::isinf(below)   ? above - 1.0
                          : std::isinf(above) ? below + 1.0
                                              : (below + above) / 2;
    double siemens = 0.0;
    double amps_at_zero = 0.0;
    for (const Branch& branch : branches) {
        if (!conducts(branch, inside)) continue;
        siemens += 1.0 / branch.ohms;
        amps_at_zero += branch.emf / branch.ohms;
    }
    if (siemens == 0.0) return std::isinf(below) ? above : below;
    return std::clamp((requested + amps_at_zero) / siemens, below, above);
}

Milliamps milliamps(double amps) {
    return Milliamps(static_cast<std::int32_t>(std::lround(amps * 1000.0)));
}

}  // namespace

void share_current(const std::vector<Branch>& branches, double requested, Sharing& result) {
    ensure(!branches.empty(), "a bank has packs");
    result.volts = busbar_voltage(branches, requested);
    result.amps.resize(branches.size());
    for (std::size_t i = 0; i < branches.size(); ++i) result.amps[i] = through(branches[i], result.volts);
}

Bank::Bank(const std::vector<PackSpec>& specs) : branches_(specs.size()) {
    ensure(!specs.empty(), "a bank has packs");
    for (const PackSpec& spec : specs) packs_.emplace_back(spec);
    step_once({}, 0.0);
}

Milliamps Bank::step(Duration dt, Milliamps requested) {
    double charge_as = 0.0;
    const double total_s = std::chrono::duration<double>(dt).count();
    for (Duration left = dt; left > Duration{}; left -= std::min(left, longest_step)) {
        const Duration now = std::min(left, longest_step);
        step_once(now, requested.count() / 1000.0);
        charge_as += current().count() / 1000.0 * std::chrono::duration<double>(now).count();
    }
    return total_s > 0.0 ? milliamps(charge_as / total_s) : current();
}

void Bank::step_once(Duration dt, double requested) {
    for (std::size_t i = 0; i < packs_.size(); ++i) {
        const Pack& pack = packs_[i];
        branches_[i] = {pack.emf(), pack.ohms(), pack.charge_mos(), pack.discharge_mos()};
    }
    share_current(branches_, requested, sharing_);
    if (dt <= Duration{}) return;
    for (std::size_t i = 0; i < packs_.size(); ++i) packs_[i].step(dt, milliamps(sharing_.amps[i]));
}

Millivolts Bank::voltage() const {
    return Millivolts(static_cast<std::int32_t>(std::lround(sharing_.volts * 1000.0)));
}

Milliamps Bank::current() const {
    Milliamps sum{0};
    for (const Pack& pack : packs_) sum += pack.current();
    return sum;
}

}  // namespace jkp::sim
