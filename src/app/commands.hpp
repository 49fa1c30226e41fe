// SPDX-License-Identifier: MIT
// The one door for commands from outside (rule S10): MQTT, HTTP and the local socket. Each request is
// answered exactly once, by what is in force then or by the reason of its refusal. Thread: the loop's.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/controller.hpp"
#include "config/settings.hpp"
#include "report/snapshot.hpp"

namespace jkp::app {

enum class Outlet : std::uint8_t { mqtt, http, local };

struct CommandRequest {
    Outlet outlet = Outlet::local;
    std::string_view from{};                      // "192.168.1.7", "user 0"; may be empty
    std::string_view text{};                      // the object, or the payload of `topic`
    std::optional<control::CommandKind> topic{};  // MQTT: the command whose topic it is
};

enum class AnswerKind : std::uint8_t {
    accepted,     // 200
    not_allowed,  // 403: not in [commands] allow
    refused,      // 409: the battery or its configuration says no
    unreadable,   // 422
    too_many,     // 429
};
int http_status(AnswerKind kind);

struct Answer {
    AnswerKind kind = AnswerKind::accepted;
    std::optional<control::CommandKind> command{};  // absent when the text does not say
    std::optional<std::int32_t> effective{};        // mA, or 0 and 1; absent: nothing is ordered any more
    std::optional<Duration> expires{};
    std::string reason{};  // why it was cut, or why it was refused; a sentence for people
    [[nodiscard]] bool ok() const { return kind == AnswerKind::accepted; }
};
// {"ok":true,"command","effective","reason","expires_s"} or {"ok":false,"command","error"}.
std::string answer_json(const Answer& answer);

using AnswerCommand = std::function<Answer(const CommandRequest&)>;

struct CommandHandlers {
    std::function<TimePoint()> now;
    std::function<void()> changed;                       // a control cycle is due
    std::function<void(const std::string&)> on_refused;  // a line for the log: who, what and why
};

class Commands {
  public:
    Commands(Controller& controller, const config::CommandSettings& settings, CommandHandlers handlers);

    Answer answer(const CommandRequest& request);
    void configure(const config::CommandSettings& settings) { settings_ = settings; }
    // All there are, ordered or not, in the order of CommandKind.
    [[nodiscard]] std::vector<report::CommandView> views(TimePoint now) const;

  private:
    [[nodiscard]] Answer judge(const CommandRequest& request, TimePoint now);
    [[nodiscard]] bool too_many(const CommandRequest& request, const control::Command& command,
                                TimePoint now);
    [[nodiscard]] bool loosens(const control::Command& command) const;

    Controller& controller_;
    config::CommandSettings settings_;
    CommandHandlers handlers_;
    std::map<Outlet, std::vector<TimePoint>> recent_;  // what loosened or asked, within the last minute
};

}  // namespace jkp::app
