// SPDX-License-Identifier: MIT
#include "io/serial_port.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

#include "io/clock.hpp"

namespace jkp::io {
namespace {

// 0, or the errno of the step that failed. VMIN 1 makes "no data" (EAGAIN) differ from a hang-up (0).
int make_raw_115200(int fd) {
    termios line{};
    if (tcgetattr(fd, &line) != 0) return errno;
    cfmakeraw(&line);
    line.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS);
    line.c_cflag |= CLOCAL | CREAD;
    line.c_cc[VMIN] = 1;
    line.c_cc[VTIME] = 0;
    cfsetispeed(&line, B115200);
    cfsetospeed(&line, B115200);
    if (tcsetattr(fd, TCSANOW, &line) != 0) return errno;
    tcflush(fd, TCIOFLUSH);
    return 0;
}

// TIOCEXCL does not stop root, the lock does; both together also keep other programs out.
int claim(int fd) {
    if (isatty(fd) == 0) return ENOTTY;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) return errno;
    if (ioctl(fd, TIOCEXCL) != 0) return errno;
    return make_raw_115200(fd);
}

}  // namespace

class SerialPort::Impl : public std::enable_shared_from_this<Impl> {
  public:
    explicit Impl(boost::asio::io_context& loop) : descriptor_(loop) {}

    std::optional<SerialFault> open(const std::string& name, SerialHandlers handlers) {
        close();
        const int fd = ::open(name.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) return serial_fault(name, errno);
        if (const int failed = claim(fd); failed != 0) {
            ::close(fd);
            return serial_fault(name, failed);
        }
        name_ = name;
        handlers_ = std::move(handlers);
        descriptor_.assign(fd);
        wait(++session_);
        return std::nullopt;
    }

    void close() {
        ++session_;
        if (!descriptor_.is_open()) return;
        ioctl(descriptor_.native_handle(), TIOCNXCL);
        boost::system::error_code ignored;
        (void)descriptor_.close(ignored);
    }

    [[nodiscard]] bool is_open() const { return descriptor_.is_open(); }

    bool write(Bytes bytes) {
        if (!is_open()) return false;
        const auto written = ::write(descriptor_.native_handle(), bytes.data(), bytes.size());
        return written == static_cast<ssize_t>(bytes.size());
    }

    std::size_t drain() {
        std::array<std::uint8_t, 1024> chunk;
        std::size_t count = 0;
        while (is_open()) {
            const auto got = ::read(descriptor_.native_handle(), chunk.data(), chunk.size());
            if (got <= 0) break;
            count += static_cast<std::size_t>(got);
        }
        return count;
    }

  private:
    void wait(std::uint64_t session) {
        descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                               [self = shared_from_this(), session](const boost::system::error_code& error) {
                                   if (!error && session == self->session_) self->read(session);
                               });
    }

    // Reads until the driver has nothing more: the stamp belongs to the last byte.
    void read(std::uint64_t session) {
        std::array<std::uint8_t, 1024> chunk;
        while (session == session_) {
            const auto got = ::read(descriptor_.native_handle(), chunk.data(), chunk.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) return wait(session);
            if (got <= 0) return lose(got < 0 ? errno : 0);
            // A copy: the handlers may be replaced by an open() from inside the call.
            const auto deliver = handlers_.on_bytes;
            if (deliver) deliver(Bytes(chunk.data(), static_cast<std::size_t>(got)), now());
        }
    }

    void lose(int errno_value) {
        close();
        const auto tell = handlers_.on_lost;
        const std::string why = errno_value == 0 ? "hang-up" : std::generic_category().message(errno_value);
        if (tell) tell({SerialError::lost, name_ + " went away (" + why + "). Is the adapter unplugged?"});
    }

    boost::asio::posix::stream_descriptor descriptor_;
    std::string name_;
    SerialHandlers handlers_;
    std::uint64_t session_ = 0;
};

SerialPort::SerialPort(boost::asio::io_context& loop) : impl_(std::make_shared<Impl>(loop)) {}
SerialPort::~SerialPort() {
    impl_->close();
}
std::optional<SerialFault> SerialPort::open(const std::string& name, SerialHandlers handlers) {
    return impl_->open(name, std::move(handlers));
}
void SerialPort::close() {
    impl_->close();
}
bool SerialPort::is_open() const {
    return impl_->is_open();
}
bool SerialPort::write(Bytes bytes) {
    return impl_->write(bytes);
}
std::size_t SerialPort::drain() {
    return impl_->drain();
}

}  // namespace jkp::io
