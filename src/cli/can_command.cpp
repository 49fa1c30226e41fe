// SPDX-License-Identifier: MIT
// Live decode of a bus, or of a log of one.
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/decode_command.hpp"
#include "io/can_links.hpp"
#include "io/clock.hpp"
#include "io/netlink_can.hpp"
#include "io/signals.hpp"
#include "report/decode_json.hpp"
#include "report/decode_text.hpp"

namespace jkp::cli {
namespace {

enum class SourceKind { interface, tty, file };

SourceKind kind_of(const std::string& source) {
    struct stat info{};
    if (source == "-") return SourceKind::file;
    if (stat(source.c_str(), &info) != 0) {
        return source.find('/') == std::string::npos ? SourceKind::interface : SourceKind::file;
    }
    return S_ISCHR(info.st_mode) ? SourceKind::tty : SourceKind::file;
}

io::CanLinkSettings link_settings(const std::string& source, SourceKind kind) {
    io::CanLinkSettings settings;
    settings.kind = kind == SourceKind::tty ? io::CanLinkKind::slcan : io::CanLinkKind::socketcan;
    (kind == SourceKind::tty ? settings.path : settings.interface) = source;
    settings.receive_all = true;
    return settings;
}

// Prints frames as they come, with the seconds since the first one.
class Monitor {
  public:
    Monitor(const io::CanLinkSettings& settings, bool json, double for_s, unsigned long count)
        : json_(json),
          for_s_(for_s),
          most_(count),
          timer_(loop_),
          link_(io::make_can_link(loop_, settings)) {}

    int run() {
        const io::Signals signals(loop_, {.on_stop = [this] { loop_.stop(); }, .on_reload = [] {}});
        link_->open(
            {.on_frame = [this](const CanFrame& frame) { show(frame); },
             .on_echo = [] {},
             .on_state = [this](io::CanLinkState state, const std::string& text) { tell(state, text); }});
        if (for_s_ > 0) {
            timer_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                std::chrono::duration<double>(for_s_)));
            timer_.async_wait([this](const boost::system::error_code& error) {
                if (!error) loop_.stop();
            });
        }
        loop_.run();
        link_->close();
        if (was_up_ && shown_ == 0) std::cerr << "jk-pylon: no frame was seen\n";
        if (!was_up_) return unable;
        return shown_ > 0 && all_ok_ ? good : bad;
    }

  private:
    void show(const CanFrame& frame) {
        const report::Json object = report::can_frame_json(frame);
        all_ok_ = all_ok_ && object.at("ok").get<bool>();
        if (json_) {
            std::cout << object.dump() << std::endl;
        } else {
            std::cout << report::can_frame_text(object) << std::flush;
        }
        if (++shown_ == most_) loop_.stop();
    }

    void tell(io::CanLinkState state, const std::string& text) {
        was_up_ = was_up_ || state == io::CanLinkState::up;
        std::cerr << "jk-pylon: " << text << '\n';
        // A person who mistypes a name wants to know now; one whose bus goes away while looking may wait.
        if (!was_up_ && state == io::CanLinkState::missing) loop_.stop();
    }

    bool json_;
    double for_s_;
    unsigned long most_;
    boost::asio::io_context loop_{1};
    boost::asio::steady_timer timer_;
    std::unique_ptr<io::CanLink> link_;
    unsigned long shown_ = 0;
    bool was_up_ = false;
    bool all_ok_ = true;
};

}  // namespace

int can(const std::string& source, bool json, double for_s, unsigned long count) {
    const SourceKind kind = kind_of(source);
    if (kind == SourceKind::file) {
        return decode_file(DecodeKind::can, source, std::cout, std::cerr,
                           json ? DecodeFormat::json : DecodeFormat::text);
    }
    return Monitor(link_settings(source, kind), json, for_s, count).run();
}

int decode(const std::string& kind, const std::string& source, bool json) {
    return decode_file(decode_kind(kind).value(), source, std::cout, std::cerr,
                       json ? DecodeFormat::json : DecodeFormat::text);
}

}  // namespace jkp::cli
