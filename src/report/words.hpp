// SPDX-License-Identifier: MIT
// Decisions and events as sentences for people. The codes behind them are stable; the words may improve.
#pragma once

#include <optional>
#include <string>

#include "control/command.hpp"
#include "control/decision.hpp"
#include "control/shares.hpp"
#include "control/validate.hpp"

namespace jkp::report {

// "60.0 A", "53.12 V", "-3.5 C", "61.0 %", "3.412 V" for a cell.
std::string amps(Milliamps value);
std::string volts(Millivolts value);
std::string cell_volts(Millivolts value);
std::string celsius(Decicelsius value);
std::string percent(Permille value);
std::string seconds_text(Duration value);

// Why a limit is what it is: "highest cell 7 of pack at 3.462 V, 0.4 s ago".
std::string explain(const control::Reason& reason, const control::Config& config);

// Whether a limiter takes anything away: less than the configured maximum of its pack, or a maximum itself.
template <control::Direction D>
bool limiting(const control::Bound<D>& bound, const control::Config& config) {
    const control::Reason& reason = bound.reason();
    constexpr bool charge = D == control::Direction::charge;
    if (reason.rule == control::Rule::bank_maximum) {
        return (charge ? config.bank.max_charge : config.bank.max_discharge).has_value();
    }
    if (reason.rule == control::Rule::user_maximum || reason.rule >= control::Rule::no_pack) return true;
    const control::PackConfig& pack = config.packs[reason.pack];
    const Milliamps maximum = charge ? pack.max_charge : pack.max_discharge;
    return bound.value() < control::for_bank(maximum, reason.share_ppm);
}

// The same for a limiter that takes nothing away now: "temperature of the MOSFETs: no limit".
std::string no_limit(control::Rule rule);

// One line for the log, with cause and, where there is one, the next step.
std::string describe(const control::Event& event, const control::Config& config);

enum class Severity : std::uint8_t { info, warning, error };
Severity severity(control::EventCode code);

std::string describe(control::Rejection rejection);
std::string describe(control::Refusal refusal);

// "20.0 A" or "on", "off"; "released" for an absent value.
std::string command_value(control::CommandKind kind, std::optional<std::int32_t> value);
std::string describe(control::CommandRefusal refusal);
// Why less is in force than was asked for; "" when nothing was cut.
std::string describe(control::CommandCut cut, Milliamps maximum);

}  // namespace jkp::report
