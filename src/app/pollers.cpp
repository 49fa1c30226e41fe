// SPDX-License-Identifier: MIT
#include "app/pollers.hpp"

#include <algorithm>
#include <utility>

#include "app/snapshots.hpp"
#include "app/wiring.hpp"

namespace jkp::app {

struct Pollers::Line {
    std::size_t pack = 0;
    config::PackLink link;
    std::string detail;  // why the port is not open
    std::unique_ptr<JkPoller> poller;
};

Pollers::Pollers(boost::asio::io_context& loop, const config::Settings& settings, PollersHandlers handlers)
    : loop_(loop), handlers_(std::move(handlers)) {
    for (std::size_t i = 0; i < settings.links.size(); ++i) lines_.push_back(make(settings, i));
}

Pollers::~Pollers() = default;

std::unique_ptr<Pollers::Line> Pollers::make(const config::Settings& settings, std::size_t pack) {
    auto line = std::make_unique<Line>();
    line->pack = pack;
    line->link = settings.links[pack];
    JkPollerHandlers handlers;
    handlers.on_reading = [this, own = line.get()](const Stamped<PackReading>& reading) {
        handlers_.on_reading(own->pack, reading);
    };
    handlers.on_failure = [this, own = line.get()](PollFailure failure, const std::string& sentence) {
        handlers_.on_failure(own->pack, failure, sentence);
    };
    handlers.on_state = [this, own = line.get()](PortState state, const std::string& sentence) {
        own->detail = state == PortState::open ? std::string{} : sentence;
        handlers_.on_state(own->pack, state, sentence);
    };
    line->poller = std::make_unique<JkPoller>(loop_, poller_settings(settings, pack), std::move(handlers));
    return line;
}

std::unique_ptr<Pollers::Line> Pollers::kept(const config::PackLink& link) {
    for (auto& line : lines_) {
        if (line && line->link == link) return std::move(line);
    }
    return nullptr;
}

void Pollers::start() {
    running_ = true;
    for (auto& line : lines_) line->poller->start();
}

void Pollers::stop() {
    running_ = false;
    for (auto& line : lines_) line->poller->stop();
}

void Pollers::adopt(const config::Settings& settings) {
    std::vector<std::unique_ptr<Line>> lines;
    for (const config::PackLink& link : settings.links) lines.push_back(kept(link));
    lines_.clear();  // the others let go of their ports before anybody opens one
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i]) {
            lines[i]->pack = i;
            lines[i]->poller->set_period(settings.control.packs[i].poll_period);
        } else {
            lines[i] = make(settings, i);
            if (running_) lines[i]->poller->start();
        }
    }
    lines_ = std::move(lines);
}

void Pollers::set_period(std::size_t pack, Duration period) {
    lines_[pack]->poller->set_period(period);
}

report::LinkView Pollers::view(std::size_t pack) const {
    const Line& line = *lines_[pack];
    return poller_view(line.link.port, *line.poller, line.detail);
}

}  // namespace jkp::app
