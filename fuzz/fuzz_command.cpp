// SPDX-License-Identifier: MIT
// Whatever comes over a topic or in a request is a command within its range or an error that is safe to
// print.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "control/judge.hpp"
#include "core/ensure.hpp"
#include "report/command_text.hpp"

namespace {

using namespace jkp;
using control::CommandKind;

void check(const Result<control::Command, std::string>& command) {
    if (!command) {
        const std::string& words = command.error();
        ensure(!words.empty() && words.size() < 400, "an error has words");
        ensure(std::ranges::all_of(words, [](char c) { return c >= 0x20 && c < 0x7F; }), "safe to print");
        return;
    }
    const std::int32_t most = is_current(command->kind) ? control::wire_maximum.count() : 1;
    if (command->value) ensure(*command->value >= 0 && *command->value <= most, "a value in range");
    if (command->expires) {
        ensure(*command->expires >= control::seconds(1) && *command->expires <= control::longest_order,
               "a time in range");
    }
    ensure(command->who.empty(), "nobody gives himself a name");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    check(report::read_command(text));
    for (std::size_t i = 0; i < control::command_count; ++i) {
        const auto kind = static_cast<CommandKind>(i);
        const auto command = report::read_payload(kind, text);
        check(command);
        ensure(!command || command->kind == kind, "the topic decides");
    }
    return 0;
}
