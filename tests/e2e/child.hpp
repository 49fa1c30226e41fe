// SPDX-License-Identifier: MIT
// One run of the real program as a child of the test: started, signalled and ended by its own pid.
#pragma once

#include <sys/types.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace jkp::e2e {

struct ChildOptions {
    std::vector<std::string> arguments{};  // without the program's name
    std::string output{};                  // file for standard output; appended
    std::string errors{};                  // file for standard error; appended
    std::string input = "/dev/null";
    std::vector<std::string> environment{};       // NAME=value, in addition to the test's own
    bool watched = false;                         // WATCHDOG_PID names the child itself
    std::optional<unsigned long> largest_file{};  // RLIMIT_FSIZE in bytes
};

class Child {
  public:
    explicit Child(const ChildOptions& options);  // throws std::system_error
    ~Child();                                     // SIGKILL when it still runs
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    void signal(int number) const;
    // Whether it has ended; collects it.
    bool ended();
    // 0..255, or 128 + signal; -1 while it runs.
    [[nodiscard]] int exit_code() const { return exit_code_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

    // From /proc; 0 when it cannot be read.
    [[nodiscard]] long status_number(const std::string& key) const;  // "Threads", "VmRSS" (kB)
    [[nodiscard]] std::size_t open_files() const;
    [[nodiscard]] double cpu_seconds() const;

  private:
    pid_t pid_ = -1;
    int exit_code_ = -1;
};

}  // namespace jkp::e2e
