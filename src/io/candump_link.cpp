// SPDX-License-Identifier: MIT
// A dry run: what would be sent is appended to a file as candump -L writes it. Nothing comes in, and there
// is no echo. The file ends at its limit; it is neither rotated nor overwritten.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>

#include "core/candump_text.hpp"
#include "io/can_guard.hpp"
#include "io/can_links.hpp"
#include "io/can_report.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
constexpr auto try_again = std::chrono::seconds(1);

class CandumpLink final : public CanLink {
  public:
    CandumpLink(asio::io_context& io, const CanLinkSettings& settings) : settings_(settings), timer_(io) {}
    ~CandumpLink() override { close(); }

    void open(CanLinkHandlers handlers) override {
        close();
        report_.begin(std::move(handlers));
        asio::post(timer_.get_executor(), guard_([this] { connect(); }));
    }

    void close() override {
        guard_.renew();
        timer_.cancel();
        drop_file();
        report_.end();
    }

    SendOutcome send(std::span<const CanFrame> burst) override;
    [[nodiscard]] CanLinkStatus status() const override { return report_.status(); }
    [[nodiscard]] bool echo_proves_acknowledge() const override { return false; }

  private:
    void connect();
    void try_later();
    void refused(const std::string& sentence);
    [[nodiscard]] std::string full_sentence() const {
        return settings_.path + " has reached its limit of " + std::to_string(settings_.file_limit_bytes) +
               " bytes: move it away to go on";
    }
    void drop_file() {
        if (file_ >= 0) ::close(file_);
        file_ = -1;
    }

    CanLinkSettings settings_;
    asio::steady_timer timer_;
    CanGuard guard_;
    CanReport report_;
    int file_ = -1;
    std::uint64_t size_ = 0;
};

void CandumpLink::connect() {
    file_ = ::open(settings_.path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0644);
    struct stat found{};
    if (file_ < 0 || ::fstat(file_, &found) != 0) {
        try_later();
        return report_.change(CanLinkState::missing,
                              settings_.path + " cannot be written: " + std::strerror(errno));
    }
    size_ = static_cast<std::uint64_t>(found.st_size);
    if (size_ >= settings_.file_limit_bytes) return refused(full_sentence());
    report_.change(CanLinkState::up, "frames are written to " + settings_.path + ", not to a bus");
}

void CandumpLink::try_later() {
    timer_.expires_after(try_again);
    timer_.async_wait(guard_([this](boost::system::error_code failed) {
        if (!failed) connect();
    }));
}

void CandumpLink::refused(const std::string& sentence) {
    drop_file();
    try_later();
    report_.change(CanLinkState::down, sentence);
}

SendOutcome CandumpLink::send(std::span<const CanFrame> burst) {
    if (!report_.up()) return SendOutcome::not_connected;
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    std::string lines;
    for (const auto& frame : burst) lines += candump_line(now, settings_.interface, frame) + '\n';
    const bool full = size_ + lines.size() > settings_.file_limit_bytes;
    const bool written =
        !full && ::write(file_, lines.data(), lines.size()) == static_cast<ssize_t>(lines.size());
    if (!written) {
        const auto sentence = full ? full_sentence() : settings_.path + ": " + std::strerror(errno);
        // Later: handlers are not called from inside send().
        asio::post(timer_.get_executor(), guard_([this, sentence] { refused(sentence); }));
        ++report_.counters().bursts_dropped;
        return SendOutcome::queue_full;
    }
    size_ += lines.size();
    report_.counters().frames_sent += burst.size();
    return SendOutcome::sent;
}

}  // namespace

std::unique_ptr<CanLink> make_candump_link(asio::io_context& io, const CanLinkSettings& settings) {
    return std::make_unique<CandumpLink>(io, settings);
}

}  // namespace jkp::io
