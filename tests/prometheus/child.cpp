// SPDX-License-Identifier: MIT
#include "prometheus/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

extern char** environ;

namespace jkp::testing {

Child::Child(const std::vector<std::string>& arguments, const std::string& input) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("no pipe");
    std::vector<char*> words;
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_adddup2(&actions, out[1], 2);
    const int failed = ::posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    from_ = io::FileDescriptor(out[0]);
    // Small enough for the pipe, whoever reads it.
    if (!input.empty() && ::write(in[1], input.data(), input.size()) < 0) {
        ::close(in[1]);
        throw std::runtime_error("no input");
    }
    ::close(in[1]);
    if (failed != 0) throw std::runtime_error("cannot start " + arguments[0]);
}

Child::~Child() {
    if (ended_) return;
    ::kill(pid_, SIGTERM);
    if (!exit_code(std::chrono::seconds(10))) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
}

bool Child::read_until(std::string_view end, std::chrono::seconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (end.empty() || output_.find(end) == std::string::npos) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd ready{from_.fd(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) return false;
        std::array<char, 4096> bytes;
        const ssize_t size = ::read(from_.fd(), bytes.data(), bytes.size());
        if (size <= 0) return end.empty();
        output_.append(bytes.data(), static_cast<std::size_t>(size));
    }
    return true;
}

bool Child::says(std::string_view end, std::chrono::seconds patience) {
    return read_until(end, patience);
}

std::optional<int> Child::exit_code(std::chrono::seconds patience) {
    if (!read_until("", patience)) return std::nullopt;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

bool is_installed(const std::string& path) {
    return ::access(path.c_str(), X_OK) == 0;
}

}  // namespace jkp::testing
