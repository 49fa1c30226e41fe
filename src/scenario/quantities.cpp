// SPDX-License-Identifier: MIT
#include "scenario/quantities.hpp"

#include <algorithm>

#include "core/ensure.hpp"

namespace jkp::scenario {
namespace {

using control::Decision;
using Number = std::optional<double>;
using Words = std::optional<std::string>;
using Vocabulary = std::vector<std::string_view> (*)();

template <class Quantity>
double thousandths(Quantity value) {
    return static_cast<double>(value.count()) / 1000.0;
}
double percent(Permille value) {
    return value.count() / 10.0;
}

// A value of the decision; there is none while no program runs, and before the first complete reading.
template <auto Value>
Number decided(const Moment& m, std::size_t) {
    if (!m.loop.running() || !m.loop.decision().complete) return std::nullopt;
    return Value(m.loop.decision());
}

Number silence(const Moment& m, std::size_t) {
    if (!m.last_sent) return std::nullopt;
    return std::chrono::duration<double>(m.loop.now() - *m.last_sent).count();
}

const control::PackState* pack_state(const Moment& m, std::size_t pack) {
    return m.loop.running() ? &m.loop.controller().state().packs[pack] : nullptr;
}

Number present(const Moment& m, std::size_t pack) {
    const auto* state = pack_state(m, pack);
    return state == nullptr ? Number() : Number(state->part.present ? 1 : 0);
}

Number own_charge_limit(const Moment& m, std::size_t pack) {
    const auto* state = pack_state(m, pack);
    if (state == nullptr || !state->part.present || !state->part.charges) return std::nullopt;
    return thousandths(state->part.charge.value());
}

Number own_discharge_limit(const Moment& m, std::size_t pack) {
    const auto* state = pack_state(m, pack);
    if (state == nullptr || !state->part.present || !state->part.discharges) return std::nullopt;
    return thousandths(state->part.discharge.value());
}

Number latched(const Moment& m, std::size_t pack) {
    const auto* state = pack_state(m, pack);
    return state == nullptr ? Number() : Number(state->latches.hard_stop ? 1 : 0);
}

Number rejected(const Moment& m, std::size_t pack) {
    const auto* state = pack_state(m, pack);
    return state == nullptr ? Number() : Number(static_cast<double>(state->rejected_samples));
}

Words decided_word(const Moment& m, std::string_view (*word)(const Decision&)) {
    if (!m.loop.running()) return std::nullopt;
    return std::string(word(m.loop.decision()));
}

void join(std::string& text, std::string_view word) {
    if (!text.empty()) text += '+';
    text += word;
}

Words flags(const Moment& m, BatteryFlags Decision::* which) {
    if (!m.loop.running()) return std::nullopt;
    std::string text;
    for (std::size_t i = 0; i < battery_flag_count; ++i) {
        const auto flag = static_cast<BatteryFlag>(i);
        if ((m.loop.decision().*which).has(flag)) join(text, name(flag));
    }
    return text.empty() ? "none" : text;
}

Words events(const Moment& m) {
    if (!m.after_cycle || !m.loop.running()) return std::nullopt;
    std::string text;
    for (const control::Event& event : m.loop.decision().events) join(text, name(event.code));
    return text.empty() ? "none" : text;
}

template <auto Last>
std::vector<std::string_view> all_names() {
    using Enum = decltype(Last);
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(Last); ++i) {
        names.push_back(name(static_cast<Enum>(i)));
    }
    return names;
}

template <auto Last>
std::vector<std::string_view> names_or_none() {
    std::vector<std::string_view> names = all_names<Last>();
    names.emplace_back("none");
    return names;
}

constexpr BatteryFlag last_flag = BatteryFlag::internal_communication;

constexpr QuantityOfRun bank(std::string_view name, std::string_view unit,
                             Number (*number)(const Moment&, std::size_t), std::string_view meaning) {
    return {name, unit, Form::number, false, number, nullptr, nullptr, meaning};
}
constexpr QuantityOfRun bank_flag(std::string_view name, Number (*number)(const Moment&, std::size_t),
                                  std::string_view meaning) {
    return {name, "", Form::flag, false, number, nullptr, nullptr, meaning};
}
constexpr QuantityOfRun pack(std::string_view name, std::string_view unit,
                             Number (*number)(const Moment&, std::size_t), std::string_view meaning) {
    return {name, unit, Form::number, true, number, nullptr, nullptr, meaning};
}
constexpr QuantityOfRun pack_flag(std::string_view name, Number (*number)(const Moment&, std::size_t),
                                  std::string_view meaning) {
    return {name, "", Form::flag, true, number, nullptr, nullptr, meaning};
}
constexpr QuantityOfRun word(std::string_view name, Form form, Words (*words)(const Moment&),
                             Vocabulary vocabulary, std::string_view meaning) {
    return {name, "", form, false, nullptr, words, vocabulary, meaning};
}

const QuantityOfRun rows[] = {
    bank("ccl_a", "A", decided<[](const Decision& d) { return thousandths(d.charge.value()); }>,
         "Charge current limit that is sent (CCL)."),
    bank("dcl_a", "A", decided<[](const Decision& d) { return thousandths(d.discharge.value()); }>,
         "Discharge current limit that is sent (DCL)."),
    bank("cvl_v", "V", decided<[](const Decision& d) { return thousandths(d.charge_voltage); }>,
         "Charge voltage limit that is sent (CVL)."),
    bank("dvl_v", "V", decided<[](const Decision& d) { return thousandths(d.discharge_voltage); }>,
         "Discharge voltage limit that is sent (DVL)."),
    bank("soc_sent_pct", "%", decided<[](const Decision& d) { return percent(d.soc); }>,
         "State of charge that is sent."),
    bank("data_age_s", "s",
         decided<[](const Decision& d) { return std::chrono::duration<double>(d.age).count(); }>,
         "Age of the oldest pack's data."),
    bank("modules", "", decided<[](const Decision& d) { return static_cast<double>(d.modules); }>,
         "Packs that are part of the bank."),
    bank("silence_s", "s", silence, "Time since the gateway put its last frame on the bus."),
    bank_flag("transmit", decided<[](const Decision& d) { return d.transmit ? 1.0 : 0.0; }>,
              "Whether frames may be put on the bus."),
    bank_flag("charge_enable", decided<[](const Decision& d) { return d.charge_enable ? 1.0 : 0.0; }>,
              "Charge enable bit that is sent."),
    bank_flag("discharge_enable", decided<[](const Decision& d) { return d.discharge_enable ? 1.0 : 0.0; }>,
              "Discharge enable bit that is sent."),
    bank_flag("force_charge", decided<[](const Decision& d) { return d.force_charge_1 ? 1.0 : 0.0; }>,
              "Whether the inverter is asked to charge (both bits of 0x35C)."),
    bank_flag("full_charge", decided<[](const Decision& d) { return d.full_charge ? 1.0 : 0.0; }>,
              "Whether it is asked for a full charge."),
    bank(
        "current_a", "A",
        [](const Moment& m, std::size_t) -> Number { return thousandths(m.loop.bank().current()); },
        "True current of the whole bank, + charge."),
    bank(
        "battery_v", "V",
        [](const Moment& m, std::size_t) -> Number { return thousandths(m.loop.bank().voltage()); },
        "True voltage of the busbar."),
    pack(
        "highest_cell_v", "V",
        [](const Moment& m, std::size_t i) -> Number {
            const sim::Pack& p = m.loop.bank().pack(i);
            return thousandths(p.cell(p.highest()));
        },
        "True voltage of the highest cell."),
    pack(
        "lowest_cell_v", "V",
        [](const Moment& m, std::size_t i) -> Number {
            const sim::Pack& p = m.loop.bank().pack(i);
            return thousandths(p.cell(p.lowest()));
        },
        "True voltage of the lowest cell."),
    pack(
        "pack_current_a", "A",
        [](const Moment& m, std::size_t i) -> Number { return thousandths(m.loop.bank().pack(i).current()); },
        "True current of a pack, + charge."),
    pack(
        "true_soc_pct", "%",
        [](const Moment& m, std::size_t i) -> Number { return m.loop.bank().pack(i).mean_soc() * 100.0; },
        "True state of charge, mean of the cells."),
    pack("charge_limit_a", "A", own_charge_limit,
         "What the pack allows by itself; nothing while it does not take part."),
    pack("discharge_limit_a", "A", own_discharge_limit, "The same for discharging."),
    pack("rejected", "", rejected, "Readings of the pack that were refused, since the start of the program."),
    pack_flag("present", present, "Whether the pack is part of the bank."),
    pack_flag("hard_stop_latched", latched, "Whether the hard stop of the pack is latched."),
    pack_flag(
        "charge_mos",
        [](const Moment& m, std::size_t i) -> Number { return m.loop.bank().pack(i).charge_mos() ? 1 : 0; },
        "Whether the charge MOS of the pack is on."),
    pack_flag(
        "discharge_mos",
        [](const Moment& m, std::size_t i) -> Number {
            return m.loop.bank().pack(i).discharge_mos() ? 1 : 0;
        },
        "Whether the discharge MOS of the pack is on."),
    word(
        "phase", Form::word,
        [](const Moment& m) { return decided_word(m, [](const Decision& d) { return name(d.phase); }); },
        all_names<control::Phase::fault>,
        "Charge phase: init, idle, bulk, absorb, full, float, balance or fault."),
    word(
        "charge_rule", Form::word,
        [](const Moment& m) {
            return decided_word(m, [](const Decision& d) { return name(d.charge.reason().rule); });
        },
        all_names<control::Rule::smallest_useful>,
        "What limits charging, as `why --json` names it: cell_high_curve, age, hold and so on."),
    word(
        "discharge_rule", Form::word,
        [](const Moment& m) {
            return decided_word(m, [](const Decision& d) { return name(d.discharge.reason().rule); });
        },
        all_names<control::Rule::smallest_useful>, "What limits discharging."),
    word(
        "age_stage", Form::word,
        [](const Moment& m) { return decided_word(m, [](const Decision& d) { return name(d.age_stage); }); },
        all_names<control::AgeStage::lost>,
        "What the age of the data does: fresh, falling, reducing, zero or lost."),
    word(
        "alarm", Form::words, [](const Moment& m) { return flags(m, &Decision::alarms); },
        names_or_none<last_flag>, "Alarms of frame 0x359, or none."),
    word(
        "protection", Form::words, [](const Moment& m) { return flags(m, &Decision::protections); },
        names_or_none<last_flag>, "Protections of frame 0x359, or none."),
    word("event", Form::words, events, names_or_none<control::EventCode::command_refused>,
         "Events of the gateway by their code, for example pack_lost."),
};

}  // namespace

std::span<const QuantityOfRun> quantities() {
    return rows;
}

std::size_t quantity_index(std::string_view name) {
    const auto found = std::ranges::find(rows, name, &QuantityOfRun::name);
    ensure(found != std::end(rows), "a quantity of the list");
    return static_cast<std::size_t>(found - std::begin(rows));
}

bool holds_word(std::string_view words, std::string_view wanted) {
    while (true) {
        const std::string_view first = words.substr(0, words.find('+'));
        if (first == wanted) return true;
        if (first.size() == words.size()) return false;
        words.remove_prefix(first.size() + 1);
    }
}

}  // namespace jkp::scenario
