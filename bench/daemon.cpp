// SPDX-License-Identifier: MIT
#include "daemon.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "io/clock.hpp"

namespace jkp::bench {
namespace {

[[noreturn]] void become(const std::string& program, const std::string& config, const std::string& log) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int messages = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(messages, STDOUT_FILENO);
    dup2(messages, STDERR_FILENO);
    execl(program.c_str(), program.c_str(), "run", "--config", config.c_str(), nullptr);
    _exit(127);
}

}  // namespace

Daemon::Daemon(const std::string& program, const std::string& config, const std::string& log)
    : log_(log), started_(io::now()), pid_(fork()) {
    if (pid_ == 0) become(program, config, log);
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
}

Daemon::~Daemon() {
    if (pid_ < 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

void Daemon::ask_to_stop() {
    if (pid_ > 0 && !std::exchange(asked_, true)) kill(pid_, SIGTERM);
}

bool Daemon::ended() {
    if (pid_ < 0) return true;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) == 0) return false;
    pid_ = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    std::ifstream log(log_);
    throw std::runtime_error("the daemon ended badly (wait status " + std::to_string(status) +
                             "); it said:\n" + std::string(std::istreambuf_iterator<char>(log), {}));
}

Duration Daemon::cpu_time() const {
    clockid_t clock{};
    timespec used{};
    if (clock_getcpuclockid(pid_, &clock) != 0 || clock_gettime(clock, &used) != 0)
        throw std::runtime_error("no processor time of the daemon");
    return std::chrono::duration_cast<Duration>(std::chrono::seconds(used.tv_sec) +
                                                std::chrono::nanoseconds(used.tv_nsec));
}

double Daemon::resident_mb() const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024.0;
    }
    throw std::runtime_error("no memory figure of the daemon");
}

}  // namespace jkp::bench
