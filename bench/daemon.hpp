// SPDX-License-Identifier: MIT
// The real program as a child process, and what the kernel says about it.
#pragma once

#include <sys/types.h>

#include <string>

#include "core/time.hpp"

namespace jkp::bench {

class Daemon {
  public:
    // Runs `program run --config config`; its messages go to the file `log`. Throws std::system_error.
    Daemon(const std::string& program, const std::string& config, const std::string& log);
    ~Daemon();  // kills it when it still runs
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    // Asks once: a second SIGTERM would end it without a farewell.
    void ask_to_stop();
    // Throws std::runtime_error when it ended with another code than 0.
    bool ended();

    [[nodiscard]] Duration cpu_time() const;
    [[nodiscard]] double resident_mb() const;
    [[nodiscard]] TimePoint started() const { return started_; }

  private:
    std::string log_;
    TimePoint started_;
    pid_t pid_ = -1;  // -1 = ended
    bool asked_ = false;
};

}  // namespace jkp::bench
