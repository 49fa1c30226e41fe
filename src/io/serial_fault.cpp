// SPDX-License-Identifier: MIT
#include "io/serial_fault.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "io/serial_names.hpp"

namespace jkp::io {
namespace {

namespace fs = std::filesystem;

std::string reason(int errno_value) {
    return std::generic_category().message(errno_value);
}

bool holds(const fs::path& process, const fs::path& device) {
    std::error_code none;
    for (fs::directory_iterator it(process / "fd", none), end; !none && it != end; it.increment(none)) {
        std::error_code unreadable;
        if (fs::read_symlink(it->path(), unreadable) == device) return true;
    }
    return false;
}

// Processes of other users stay invisible to a plain user, so the answer may be empty.
std::string holders(const std::string& port) {
    std::error_code none;
    const fs::path device = fs::canonical(port, none);
    std::string found;
    for (fs::directory_iterator it("/proc", none), end; !none && it != end; it.increment(none)) {
        const std::string pid = it->path().filename().string();
        const bool process = std::all_of(pid.begin(), pid.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (process && holds(it->path(), device)) found += (found.empty() ? "process " : ", ") + pid;
    }
    return found;
}

std::string busy_sentence(const std::string& port) {
    const std::string who = holders(port);
    return port + " is in use by " + (who.empty() ? "another program" : who) +
           ". Stop it first: another jk-pylon, ModemManager, a getty on this port, or a terminal program.";
}

}  // namespace

std::string_view name(SerialError error) {
    switch (error) {
        case SerialError::missing: return "missing";
        case SerialError::permission: return "permission";
        case SerialError::busy: return "busy";
        case SerialError::not_a_port: return "not_a_port";
        case SerialError::lost: return "lost";
        case SerialError::other: return "other";
    }
    return "other";
}

SerialFault serial_fault(const std::string& port, int errno_value) {
    switch (errno_value) {
        case ENOENT:
        case ENODEV:
        case ENXIO: return {SerialError::missing, port + " does not exist; " + words(list_serial_ports())};
        case EACCES:
        case EPERM:
            return {SerialError::permission,
                    port +
                        " may not be opened by this user. Add the user to the group dialout "
                        "(usermod -aG dialout USER), then log in again."};
        case EBUSY:
        case EWOULDBLOCK: return {SerialError::busy, busy_sentence(port)};
        case ENOTTY:
        case EISDIR:
            return {SerialError::not_a_port, port + " is no serial port; " + words(list_serial_ports())};
        default: return {SerialError::other, port + " cannot be opened: " + reason(errno_value)};
    }
}

}  // namespace jkp::io
