// SPDX-License-Identifier: MIT
#include "cli/failure.hpp"

#include <iostream>

#include "cli/commands.hpp"
#include "io/local_socket.hpp"

namespace jkp::cli {
namespace {

using nlohmann::ordered_json;

constexpr std::chrono::milliseconds patience{3000};

void print_object(const std::string& error) {
    // A file name need not be UTF-8.
    std::cout << ordered_json{{"ok", false}, {"error", error}}.dump(-1, ' ', false,
                                                                    ordered_json::error_handler_t::replace)
              << '\n';
}

}  // namespace

int fail(const std::string& sentence, bool json, int code) {
    std::cerr << "jk-pylon: " << sentence << '\n';
    if (json) print_object(sentence);
    return code;
}

int fail_with_lines(const std::string& lines, bool json, int code) {
    std::cerr << lines;
    if (json) print_object(lines.substr(0, lines.find_last_not_of('\n') + 1));
    return code;
}

Result<ordered_json, int> ask_daemon(const std::string& socket, const ordered_json& question, bool json) {
    const auto answer = io::ask(socket, question.dump(), patience);
    if (!answer) return failure(fail(answer.error(), json, unable));
    ordered_json object = ordered_json::parse(*answer, nullptr, false);
    if (object.is_object()) return object;
    return failure(fail("the daemon's answer is not readable; are both of the same version?", json, unable));
}

}  // namespace jkp::cli
