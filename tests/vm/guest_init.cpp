// SPDX-License-Identifier: MIT
// The first process of the test guest. The kernel's root is the host's file system, read-only; on top of it
// comes a layer in memory. Reads from the directory named by GUEST_RUN (see run-in-guest):
//   modules   kernel modules, one path a line with its parameters, loaded in this order
//   writable  host directories, one a line, that stay writable from inside
//   script    run by bash; its exit status is written to the file `status`
// The terminals tty1 and tty2 are the standard output and error of run-in-guest. Ends by switching off.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

[[noreturn]] void power_off() {
    ::sync();
    ::reboot(RB_POWER_OFF);
    for (;;) ::pause();
}

void complain(const std::string& what) {
    std::fprintf(stderr, "guest_init: %s: %s\n", what.c_str(), std::strerror(errno));
}

[[noreturn]] void give_up(const std::string& what) {
    complain(what);
    power_off();
}

std::vector<std::string> lines_of(const fs::path& file) {
    std::vector<std::string> lines;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (!line.empty()) lines.push_back(line);
    }
    return lines;
}

void load_modules(const fs::path& list) {
    for (const auto& line : lines_of(list)) {
        const std::string path = line.substr(0, line.find(' '));
        const std::string parameters = line.substr(std::min(line.size(), path.size() + 1));
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        // A module may be built into the kernel or loaded already.
        if (file >= 0 && ::syscall(SYS_finit_module, file, parameters.c_str(), 0) != 0 && errno != EEXIST)
            complain(path);
        if (file >= 0) ::close(file);
    }
}

void mount_or_give_up(const char* source, const std::string& target, const char* type,
                      const std::string& options) {
    if (::mount(source, target.c_str(), type, 0, options.c_str()) != 0) give_up("mount " + target);
}

void make_root(const std::string& root, const std::vector<std::string>& writable) {
    mount_or_give_up("tmpfs", "/mnt", "tmpfs", "mode=755,size=256m");
    for (const char* folder : {"/mnt/upper", "/mnt/work", "/mnt/root"}) ::mkdir(folder, 0755);
    mount_or_give_up("overlay", root, "overlay", "lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work");
    for (const auto& folder : writable) {
        fs::create_directories(root + folder);
        mount_or_give_up("none", root + folder, "hostfs", folder);
    }
    mount_or_give_up("proc", root + "/proc", "proc", "");
    mount_or_give_up("sysfs", root + "/sys", "sysfs", "");
    mount_or_give_up("devtmpfs", root + "/dev", "devtmpfs", "");
    for (const char* folder : {"/dev/pts", "/dev/shm"}) ::mkdir((root + folder).c_str(), 0755);
    mount_or_give_up("devpts", root + "/dev/pts", "devpts", "mode=620,ptmxmode=666,gid=5");
    mount_or_give_up("tmpfs", root + "/dev/shm", "tmpfs", "mode=1777");
    mount_or_give_up("tmpfs", root + "/run", "tmpfs", "mode=755");
}

void enter_root(const std::string& root) {
    if (::syscall(SYS_pivot_root, root.c_str(), (root + "/mnt").c_str()) != 0) give_up("pivot_root");
    if (::chdir("/") != 0) give_up("chdir /");
    ::umount2("/mnt", MNT_DETACH);
    std::error_code ignored;
    fs::create_symlink("/proc/self/fd", "/dev/fd", ignored);
}

int raw_terminal(const char* path) {
    const int terminal = ::open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    termios mode{};
    if (terminal < 0 || ::tcgetattr(terminal, &mode) != 0) give_up(path);
    ::cfmakeraw(&mode);
    ::tcsetattr(terminal, TCSANOW, &mode);
    return terminal;
}

[[noreturn]] void become(const std::string& script, int output, int errors) {
    ::setsid();
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), 0);
    ::dup2(output, 1);
    ::dup2(errors, 2);
    ::execl("/bin/bash", "bash", script.c_str(), nullptr);
    _exit(127);
}

// The status a shell would report; orphans are reaped on the way.
int wait_for(pid_t child) {
    for (;;) {
        int status = 0;
        const pid_t ended = ::waitpid(-1, &status, 0);
        if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        if (ended < 0 && errno != EINTR) give_up("waitpid");
    }
}

}  // namespace

int main() {
    const char* run = std::getenv("GUEST_RUN");
    if (::getpid() != 1 || run == nullptr) {
        std::fprintf(stderr, "guest_init: started by the guest's kernel only, see run-in-guest\n");
        return 2;
    }
    const std::string folder = run;
    ::umask(022);
    load_modules(folder + "/modules");
    const std::string root = "/mnt/root";
    make_root(root, lines_of(folder + "/writable"));
    enter_root(root);
    const int output = raw_terminal("/dev/tty1");
    const int errors = raw_terminal("/dev/tty2");

    const pid_t child = ::fork();
    if (child == 0) become(folder + "/script", output, errors);
    const int status = wait_for(child);
    ::kill(-1, SIGKILL);
    ::tcdrain(output);
    ::tcdrain(errors);
    std::ofstream(folder + "/status") << status << '\n';
    power_off();
}
