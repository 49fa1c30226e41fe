// SPDX-License-Identifier: MIT
#include "control/transport.hpp"

#include <algorithm>

#include "core/ensure.hpp"

namespace jkp::control {

void Transport::on_echo(TimePoint) {
    unconfirmed_since_.reset();
}

void Transport::on_not_sent() {
    unconfirmed_since_.reset();
}

void Transport::on_foreign(TimePoint now) {
    foreign_at_ = now;
}

void Transport::on_link_up(TimePoint) {
    unconfirmed_since_.reset();
    last_sent_.reset();
}

TransportMode Transport::mode(TimePoint now) const {
    if (!settings_.transmit) return TransportMode::muted;
    if (foreign_at_ && now - *foreign_at_ < settings_.foreign_silence) return TransportMode::foreign;
    const bool unheard =
        settings_.supervise_echo && unconfirmed_since_ && now - *unconfirmed_since_ >= settings_.echo_timeout;
    return unheard ? TransportMode::unacknowledged : TransportMode::normal;
}

Send Transport::after_step(TimePoint now, bool fresh, bool fell) {
    stepped_at_ = now;
    postponed_ = postponed_ || fresh;
    urgent_ = urgent_ || fell;
    const auto since_last = [&](Duration least) { return !last_sent_ || now - *last_sent_ >= least; };
    switch (mode(now)) {
        case TransportMode::muted:
        case TransportMode::foreign: return Send::nothing;
        case TransportMode::unacknowledged:
            return since_last(settings_.period) ? sent(Send::probe, now) : Send::nothing;
        case TransportMode::normal: break;
    }
    // At most one burst may wait in the driver: the next one would only make older limits arrive later.
    if (settings_.supervise_echo && unconfirmed_since_) return Send::nothing;
    const bool timer = since_last(settings_.period + settings_.grace);
    const bool due = timer || (postponed_ && since_last(settings_.minimum_gap));
    return urgent_ || due ? sent(Send::burst, now) : Send::nothing;
}

Send Transport::sent(Send what, TimePoint now) {
    last_sent_ = now;
    if (!unconfirmed_since_) unconfirmed_since_ = now;
    if (what != Send::burst) return what;  // a probe carries no limits: they are still owed
    postponed_ = false;
    urgent_ = false;
    return what;
}

TimePoint Transport::wake_at() const {
    if (!stepped_at_) return TimePoint{};
    const TransportMode now = mode(*stepped_at_);
    if (now == TransportMode::muted || now == TransportMode::foreign) return *stepped_at_ + settings_.period;
    if (!last_sent_) return TimePoint{};
    if (settings_.supervise_echo && unconfirmed_since_) {
        return std::max(*last_sent_ + settings_.period, *unconfirmed_since_ + settings_.echo_timeout);
    }
    if (urgent_) return TimePoint{};
    return *last_sent_ + (postponed_ ? settings_.minimum_gap : settings_.period + settings_.grace);
}

std::string_view name(TransportMode mode) {
    switch (mode) {
        case TransportMode::normal: return "normal";
        case TransportMode::unacknowledged: return "unacknowledged";
        case TransportMode::foreign: return "foreign";
        case TransportMode::muted: return "muted";
    }
    broken("a TransportMode of the list", std::source_location::current());
}

}  // namespace jkp::control
