// SPDX-License-Identifier: MIT
// Pretend serial CAN adapters (LAWICEL protocol) on one pretend bus. Each is a pty with the kernel's slcan
// line discipline at its far end, so that canN is a CAN controller as far as SocketCAN can tell.
//   can_bus COUNT DIRECTORY
// Writes a line to DIRECTORY/ready once the interfaces exist, then obeys lines written to DIRECTORY/control:
//   N active | N warning | N passive | N busoff   adapter N reports this controller state
//   N cut | N join       the cable of adapter N is cut, joined again
//   N unplug | N plug    the interface vanishes, comes back (down and without bitrate)
//   N mute | N unmute    adapter N does not read what its interface sends, reads it again
//   N frame t1232AABB    adapter N receives this frame from the bus
// A frame that no other adapter hears is not acknowledged: bus error, then error-passive.
#include <fcntl.h>
#include <linux/tty.h>
#include <net/if.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Adapter {
    int master = -1;
    int slave = -1;
    bool open = false;
    bool cut = false;
    bool mute = false;
    char state = 'a';
    std::string input;
};

[[noreturn]] void give_up(const char* what) {
    std::perror(what);
    std::exit(1);
}

void rename_interface(int tty, const std::string& wanted) {
    ifreq request{};
    if (::ioctl(tty, SIOCGIFNAME, &request) != 0) give_up("SIOCGIFNAME");
    if (wanted == request.ifr_name) return;
    wanted.copy(request.ifr_newname, IFNAMSIZ - 1);
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (::ioctl(socket, SIOCSIFNAME, &request) != 0) give_up("SIOCSIFNAME");
    ::close(socket);
}

Adapter plugged_in(std::size_t number) {
    Adapter adapter;
    if (::openpty(&adapter.master, &adapter.slave, nullptr, nullptr, nullptr) != 0) give_up("openpty");
    termios mode{};
    ::tcgetattr(adapter.slave, &mode);
    ::cfmakeraw(&mode);
    ::tcsetattr(adapter.slave, TCSANOW, &mode);
    const int discipline = N_SLCAN;
    if (::ioctl(adapter.slave, TIOCSETD, &discipline) != 0) give_up("N_SLCAN");
    rename_interface(adapter.slave, "can" + std::to_string(number));
    return adapter;
}

void unplug(Adapter& adapter) {
    if (adapter.master >= 0) ::close(adapter.master);
    if (adapter.slave >= 0) ::close(adapter.slave);
    adapter = {};
}

void tell(const Adapter& adapter, const std::string& line) {
    const std::string text = line + '\r';
    if (adapter.master >= 0 && ::write(adapter.master, text.data(), text.size()) < 0) std::perror("write");
}

void report_state(Adapter& adapter, char state) {
    if (adapter.state == state) return;
    adapter.state = state;
    const char* counters = state == 'b'   ? "000256"
                           : state == 'p' ? "000128"
                           : state == 'w' ? "000096"
                                          : "000000";
    tell(adapter, std::string("s") + state + counters);
}

// Takes complete lines out of `text` and gives them to `obey`.
template <class Obey>
void for_each_line(std::string& text, char end, Obey obey) {
    for (auto at = text.find(end); at != std::string::npos; at = text.find(end)) {
        const auto line = text.substr(0, at);
        text.erase(0, at + 1);
        obey(line);
    }
}

bool read_into(int descriptor, std::string& text) {
    std::array<char, 512> bytes{};
    const auto count = ::read(descriptor, bytes.data(), bytes.size());
    if (count <= 0) return false;
    text.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

class Bus {
  public:
    explicit Bus(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) adapters_.push_back(plugged_in(i));
    }

    void serve(int control) {
        for (;;) {
            std::vector<pollfd> watched{{control, POLLIN, 0}};
            for (const auto& adapter : adapters_)
                watched.push_back({adapter.mute ? -1 : adapter.master, POLLIN, 0});
            if (::poll(watched.data(), watched.size(), -1) < 0) give_up("poll");
            if ((watched[0].revents & POLLIN) != 0 && read_into(control, commands_))
                for_each_line(commands_, '\n', [this](const std::string& line) { obey(line); });
            for (std::size_t i = 0; i < adapters_.size(); ++i) {
                if ((watched[i + 1].revents & POLLIN) != 0) listen_to(adapters_[i]);
            }
        }
    }

  private:
    void listen_to(Adapter& adapter) {
        if (adapter.master < 0 || !read_into(adapter.master, adapter.input)) return;
        for_each_line(adapter.input, '\r', [&](const std::string& line) { handle(adapter, line); });
    }

    void handle(Adapter& adapter, const std::string& line) {
        if (line.empty()) return;
        switch (line[0]) {
            case 'O':
                adapter.open = true;
                adapter.state = 'a';
                break;
            case 'C': adapter.open = false; break;
            case 't':
            case 'T':
            case 'r':
            case 'R':
                if (adapter.open && adapter.state != 'b') carry(adapter, line);
                break;
            default: break;
        }
    }

    void carry(Adapter& from, const std::string& line) {
        bool heard = false;
        for (auto& to : adapters_) {
            if (&to == &from || !to.open || to.cut || from.cut) continue;
            tell(to, line);
            heard = true;
        }
        if (!heard) tell(from, "e1a");
        report_state(from, heard ? 'a' : 'p');
    }

    void obey(const std::string& line) {
        std::istringstream words(line);
        std::size_t number = 0;
        std::string what;
        std::string argument;
        words >> number >> what >> argument;
        if (!words.eof() && words.fail()) return;
        if (number < adapters_.size()) obey(number, what, argument);
    }

    void obey(std::size_t number, const std::string& what, const std::string& argument) {
        auto& adapter = adapters_[number];
        if (what == "active") report_state(adapter, 'a');
        if (what == "warning") report_state(adapter, 'w');
        if (what == "passive") report_state(adapter, 'p');
        if (what == "busoff") report_state(adapter, 'b');
        if (what == "cut") adapter.cut = true;
        if (what == "join") adapter.cut = false;
        if (what == "mute") adapter.mute = true;
        if (what == "unmute") adapter.mute = false;
        if (what == "unplug") unplug(adapter);
        if (what == "plug" && adapter.master < 0) adapter = plugged_in(number);
        if (what == "frame" && adapter.open) tell(adapter, argument);
    }

    std::vector<Adapter> adapters_;
    std::string commands_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) return 2;
    ::signal(SIGPIPE, SIG_IGN);
    const std::string folder = arguments[2];
    Bus bus(static_cast<std::size_t>(std::atoi(arguments[1])));
    const auto control = folder + "/control";
    ::mkfifo(control.c_str(), 0600);
    const int commands = ::open(control.c_str(), O_RDWR | O_CLOEXEC);
    if (commands < 0) give_up(control.c_str());
    const int ready = ::open((folder + "/ready").c_str(), O_WRONLY | O_CLOEXEC);
    if (ready < 0 || ::write(ready, "ready\n", 6) != 6) give_up("ready");
    ::close(ready);
    bus.serve(commands);
}
