// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <stdlib.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "pylontech/codec.hpp"

namespace jkp::bench {
namespace {

namespace fs = std::filesystem;

fs::path make_folder() {
    std::string pattern = fs::temp_directory_path() / "jk-pylon-bench-XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "make " + pattern);
    return pattern;
}

app::SimHostSettings host_settings(const SiteOptions& options, const fs::path& folder) {
    app::SimHostSettings settings;
    settings.pack.noise = true;
    settings.pack.seed = options.seed;
    settings.wish = [](TimePoint) { return Milliamps(0); };
    settings.bms_link = folder / "bms";
    settings.can_link = folder / "can";
    return settings;
}

}  // namespace

Site::Site(boost::asio::io_context& loop, const SiteOptions& options)
    : options_(options), folder_(make_folder()), host_(loop, host_settings(options, folder_)) {
    host_.on_answer_sent([this](TimePoint at) {
        ++answers_;
        answered_at_ = at;
    });
    host_.on_battery_frame([this](const CanFrame& frame, TimePoint at) { saw(frame, at); });
    write_config();
    host_.start();
}

Site::~Site() {
    daemon_.reset();
    host_.stop();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void Site::start_daemon() {
    fs::remove(folder_ / "state.json");
    answered_at_.reset();
    first_frame_.reset();
    charge_limit_.reset();
    zero_since_.reset();
    daemon_.emplace(options_.program, folder_ / "config.toml", folder_ / "log");
}

void Site::stop_daemon() {
    if (daemon_) daemon_->ask_to_stop();
}

// The defaults of the product, apart from the period where a figure asks for another.
void Site::write_config() const {
    std::ofstream file(folder_ / "config.toml");
    file << "[[pack]]\nname = \"bench\"\nport = " << folder_ / "bms" << "\npoll_s = " << options_.poll_s
         << "\nmax_charge_a = 60\nmax_discharge_a = 60\n[can]\nkind = \"slcan\"\nport = " << folder_ / "can"
         << "\n[state]\nfile = " << folder_ / "state.json" << "\n[socket]\npath = " << folder_ / "socket"
         << '\n';
}

void Site::saw(const CanFrame& frame, TimePoint at) {
    if (!first_frame_) first_frame_ = at;
    if (answered_at_ && on_latency) on_latency(at - *answered_at_);
    answered_at_.reset();
    const auto message = pylontech::decode(frame);
    const auto* limits = message ? std::get_if<pylontech::Limits>(&*message) : nullptr;
    if (limits == nullptr) return;
    charge_limit_ = limits->charge_current_limit;
    if (*charge_limit_ > Milliamps(0))
        zero_since_.reset();
    else if (!zero_since_)
        zero_since_ = at;
}

}  // namespace jkp::bench
