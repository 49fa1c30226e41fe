// SPDX-License-Identifier: MIT
#include "io/slcan_port.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include "io/serial_fault.hpp"
#include "io/serial_names.hpp"

namespace jkp::io {
namespace {

struct Speed {
    std::uint32_t baud;
    speed_t code;
};
constexpr std::array<Speed, 10> speeds{{{9'600, B9600},
                                        {19'200, B19200},
                                        {38'400, B38400},
                                        {57'600, B57600},
                                        {115'200, B115200},
                                        {230'400, B230400},
                                        {460'800, B460800},
                                        {921'600, B921600},
                                        {1'000'000, B1000000},
                                        {2'000'000, B2000000}}};

// Two programs on one adapter close it under each other. The lock also holds against root.
bool reserve(int descriptor) {
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 && ioctl(descriptor, TIOCEXCL) == 0;
}

bool configure(int descriptor, std::uint32_t baud) {
    const auto speed =
        std::find_if(speeds.begin(), speeds.end(), [&](const Speed& s) { return s.baud == baud; });
    if (speed == speeds.end()) {
        errno = ERANGE;
        return false;
    }
    termios mode{};
    if (tcgetattr(descriptor, &mode) != 0) return false;
    cfmakeraw(&mode);
    mode.c_cflag |= CLOCAL | CREAD;
    mode.c_cflag &= ~static_cast<tcflag_t>(CRTSCTS | CSTOPB);
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    cfsetispeed(&mode, speed->code);
    cfsetospeed(&mode, speed->code);
    if (tcsetattr(descriptor, TCSANOW, &mode) != 0) return false;
    tcflush(descriptor, TCIOFLUSH);
    return true;
}

}  // namespace

Result<int, int> open_slcan_port(const std::string& path, std::uint32_t baud) {
    const int descriptor = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) return failure(errno);
    if (reserve(descriptor) && configure(descriptor, baud)) return descriptor;
    const int code = errno;
    ::close(descriptor);
    return failure(code);
}

std::string slcan_port_sentence(const std::string& path, int code) {
    switch (code) {
        case ENOENT:
        case ENODEV:
        case ENXIO:
        case EIO: return path + " is not there; " + words(list_serial_ports());
        case EACCES: return path + " may not be opened: add the user to the group dialout and log in again";
        case EBUSY:
        case EWOULDBLOCK: return serial_fault(path, EBUSY).sentence;
        case ENOTTY: return path + " is not a serial port; " + words(list_serial_ports());
        case ERANGE: return path + ": the baud rate is none of the usual ones, 9600 to 2000000";
        default: return path + " cannot be used: " + std::strerror(code);
    }
}

std::size_t slcan_port_backlog(int descriptor) {
    int bytes = 0;
    if (::ioctl(descriptor, TIOCOUTQ, &bytes) != 0 || bytes < 0) return 0;
    return static_cast<std::size_t>(bytes);
}

Result<std::size_t, int> read_slcan_port(int descriptor, std::span<char> into) {
    const auto count = ::read(descriptor, into.data(), into.size());
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    return failure(count == 0 ? EIO : errno);
}

Result<std::size_t, int> write_slcan_port(int descriptor, std::string_view bytes) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN || errno == EINTR) return 0;
    return failure(errno);
}

}  // namespace jkp::io
