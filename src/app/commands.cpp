// SPDX-License-Identifier: MIT
#include "app/commands.hpp"

#include <nlohmann/json.hpp>

#include "report/command_text.hpp"
#include "report/words.hpp"

namespace jkp::app {
namespace {

using control::Command;
using control::CommandKind;
using nlohmann::ordered_json;

constexpr std::size_t most_a_minute = 10;

std::string_view name(Outlet outlet) {
    switch (outlet) {
        case Outlet::mqtt: return "mqtt";
        case Outlet::http: return "http";
        case Outlet::local: return "local";
    }
    broken("an Outlet of the list", std::source_location::current());
}

std::string who(const CommandRequest& request) {
    std::string text(name(request.outlet));
    if (!request.from.empty()) text += ' ' + std::string(request.from);
    return text;
}

Answer refused(AnswerKind kind, std::optional<CommandKind> command, std::string reason) {
    return {.kind = kind, .command = command, .effective = {}, .expires = {}, .reason = std::move(reason)};
}

Milliamps maximum(const control::Config& config, CommandKind kind) {
    return kind == CommandKind::max_discharge ? control::bank_maximum<control::Direction::discharge>(config)
                                              : control::bank_maximum<control::Direction::charge>(config);
}

// Ampere, or true and false.
ordered_json value_json(CommandKind kind, std::optional<std::int32_t> value) {
    if (!value) return nullptr;
    if (is_current(kind)) return *value / 1000.0;
    return *value != 0;
}

}  // namespace

int http_status(AnswerKind kind) {
    switch (kind) {
        case AnswerKind::accepted: return 200;
        case AnswerKind::not_allowed: return 403;
        case AnswerKind::refused: return 409;
        case AnswerKind::unreadable: return 422;
        case AnswerKind::too_many: return 429;
    }
    broken("an AnswerKind of the list", std::source_location::current());
}

std::string answer_json(const Answer& answer) {
    const ordered_json command =
        answer.command ? ordered_json(control::name(*answer.command)) : ordered_json(nullptr);
    if (!answer.ok())
        return ordered_json{{"ok", false}, {"command", command}, {"error", answer.reason}}.dump();
    const ordered_json expires =
        answer.expires ? ordered_json(static_cast<double>(milliseconds(*answer.expires)) / 1000.0)
                       : ordered_json(nullptr);
    return ordered_json{{"ok", true},
                        {"command", command},
                        {"effective", value_json(*answer.command, answer.effective)},
                        {"reason", answer.reason},
                        {"expires_s", expires}}
        .dump();
}

Commands::Commands(Controller& controller, const config::CommandSettings& settings, CommandHandlers handlers)
    : controller_(controller), settings_(settings), handlers_(std::move(handlers)) {}

Answer Commands::answer(const CommandRequest& request) {
    Answer answer = judge(request, handlers_.now());
    if (answer.ok()) {
        handlers_.changed();
    } else if (answer.kind != AnswerKind::refused) {
        // What control refuses is an event of its next step.
        const std::string what = answer.command ? ' ' + std::string(control::name(*answer.command)) : "";
        handlers_.on_refused("command" + what + " by " + who(request) + " refused: " + answer.reason);
    }
    return answer;
}

Answer Commands::judge(const CommandRequest& request, TimePoint now) {
    auto command = request.topic ? report::read_payload(*request.topic, request.text)
                                 : report::read_command(request.text);
    if (!command) return refused(AnswerKind::unreadable, request.topic, command.error());
    const CommandKind kind = command->kind;
    if (request.outlet != Outlet::local && !settings_.allows(kind)) {
        return refused(AnswerKind::not_allowed, kind,
                       std::string(control::name(kind)) +
                           " is not in the list `allow` of [commands] in the configuration");
    }
    if (too_many(request, *command, now)) {
        return refused(AnswerKind::too_many, kind,
                       "more than " + std::to_string(most_a_minute) +
                           " commands within a minute; those that only tighten are always taken");
    }
    command->who = std::string_view(who(request));
    const control::Outcome outcome = controller_.order(*command, now);
    if (outcome.refused) return refused(AnswerKind::refused, kind, report::describe(*outcome.refused));
    return {.kind = AnswerKind::accepted,
            .command = kind,
            .effective = outcome.effective,
            .expires = outcome.expires,
            .reason = report::describe(outcome.cut, maximum(controller_.settings().control, kind))};
}

// Whether a limit may rise by it, or the inverter is asked for something.
bool Commands::loosens(const Command& command) const {
    const bool ends = !command.value || (!is_current(command.kind) && *command.value == 0);
    if (!control::tightens(command.kind)) return !ends;
    const auto& before = controller_.state().orders.of(command.kind);
    if (ends) return before.has_value();
    // An end that was not there before loosens as well.
    return before && (*command.value > before->value || (command.expires && !before->until));
}

bool Commands::too_many(const CommandRequest& request, const Command& command, TimePoint now) {
    if (!loosens(command)) return false;
    std::vector<TimePoint>& recent = recent_[request.outlet];
    std::erase_if(recent, [now](TimePoint at) { return now - at >= control::minutes(1); });
    if (recent.size() >= most_a_minute) return true;
    recent.push_back(now);
    return false;
}

std::vector<report::CommandView> Commands::views(TimePoint now) const {
    const control::Decision& decision = controller_.decision();
    std::vector<report::CommandView> result;
    for (std::size_t i = 0; i < control::command_count; ++i) {
        const auto kind = static_cast<CommandKind>(i);
        report::CommandView view{.kind = kind, .allowed = settings_.allows(kind)};
        if (const auto& order = controller_.state().orders.of(kind)) {
            view.value = order->value;
            view.effective = control::effective(controller_.settings().control, kind, order->value);
            if (kind == CommandKind::force_charge) view.effective = decision.force_charge_1 ? 1 : 0;
            view.who = std::string(order->who.view());
            view.since = now - order->since;
            if (order->until) view.expires = std::max(*order->until - now, Duration{});
        }
        result.push_back(view);
    }
    return result;
}

}  // namespace jkp::app
