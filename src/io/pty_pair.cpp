// SPDX-License-Identifier: MIT
#include "io/pty_pair.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "io/clock.hpp"

namespace jkp::io {
namespace {

namespace fs = std::filesystem;

constexpr auto look_again = std::chrono::milliseconds(20);

[[noreturn]] void complain(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

// Raw from the start: a cooked terminal would echo what is written before anybody opens it.
std::string prepare(int master) {
    termios line{};
    if (grantpt(master) != 0 || unlockpt(master) != 0) complain("unlock a pseudo terminal");
    if (tcgetattr(master, &line) != 0) complain("read the settings of a pseudo terminal");
    cfmakeraw(&line);
    if (tcsetattr(master, TCSANOW, &line) != 0) complain("make a pseudo terminal raw");
    std::array<char, 128> slave{};
    if (ptsname_r(master, slave.data(), slave.size()) != 0) complain("name a pseudo terminal");
    return slave.data();
}

void point(const std::string& link, const std::string& slave) {
    const fs::path path(link);
    if (path.has_parent_path()) fs::create_directories(path.parent_path());
    fs::remove(path);
    fs::create_symlink(slave, path);
}

}  // namespace

class PtyPair::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, std::string link)
        : link_(std::move(link)), master_(loop), timer_(loop) {}

    void plug() {
        if (plugged()) return;
        const int fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        if (fd < 0) complain("open a pseudo terminal");
        master_.assign(fd);
        slave_ = prepare(fd);
        if (!link_.empty()) point(link_, slave_);
        wait(++session_);
    }

    void unplug() {
        ++session_;
        timer_.cancel();
        if (!plugged()) return;
        std::error_code ignored;
        if (!link_.empty()) fs::remove(link_, ignored);
        boost::system::error_code also_ignored;
        master_.close(also_ignored);
        slave_.clear();
    }

    [[nodiscard]] bool plugged() const { return master_.is_open(); }
    [[nodiscard]] std::string path() const { return link_.empty() ? slave_ : link_; }

    bool write(Bytes bytes) {
        if (!plugged()) return false;
        const auto written = ::write(master_.native_handle(), bytes.data(), bytes.size());
        return written == static_cast<ssize_t>(bytes.size());
    }

    std::function<void(Bytes, TimePoint)> handler_;

  private:
    void wait(std::uint64_t session) {
        master_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [self = shared_from_this(), session](const boost::system::error_code& error) {
                               if (!error && session == self->session_) self->read(session);
                           });
    }

    // While nobody has the other end open, the master reports a hang-up at once and for ever.
    void wait_for_somebody(std::uint64_t session) {
        timer_.expires_after(look_again);
        timer_.async_wait([self = shared_from_this(), session](const boost::system::error_code& error) {
            if (!error && session == self->session_) self->read(session);
        });
    }

    void read(std::uint64_t session) {
        std::array<std::uint8_t, 1024> chunk;
        while (session == session_) {
            const auto got = ::read(master_.native_handle(), chunk.data(), chunk.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) return wait(session);
            if (got <= 0) return wait_for_somebody(session);
            const auto deliver = handler_;
            if (deliver) deliver(Bytes(chunk.data(), static_cast<std::size_t>(got)), now());
        }
    }

    std::string link_;
    std::string slave_;
    boost::asio::posix::stream_descriptor master_;
    boost::asio::steady_timer timer_;
    std::uint64_t session_ = 0;
};

PtyPair::PtyPair(boost::asio::io_context& loop, std::string link)
    : impl_(std::make_shared<Impl>(loop, std::move(link))) {}
PtyPair::~PtyPair() {
    impl_->handler_ = nullptr;
    impl_->unplug();
}
void PtyPair::plug() {
    impl_->plug();
}
void PtyPair::unplug() {
    impl_->unplug();
}
bool PtyPair::plugged() const {
    return impl_->plugged();
}
std::string PtyPair::path() const {
    return impl_->path();
}
void PtyPair::on_bytes(std::function<void(Bytes, TimePoint)> handler) {
    impl_->handler_ = std::move(handler);
}
bool PtyPair::write(Bytes bytes) {
    return impl_->write(bytes);
}

}  // namespace jkp::io
