// SPDX-License-Identifier: MIT
#include "app/snapshots.hpp"

#include "report/words.hpp"

namespace jkp::app {

report::PackSnapshot pack_snapshot(const control::PackConfig& config, const control::PackState& pack,
                                   TimePoint now) {
    report::PackSnapshot s;
    s.name = std::string(config.name.view());
    s.rejected = pack.rejected_samples;
    s.hard_stop_latched = pack.latches.hard_stop;
    s.fault = pack.latches.fault();
    s.lockout = pack.latches.lockout;
    s.recovering = pack.latches.recovery.has_value();
    s.part = pack.part;
    s.thresholds = pack.limits;
    s.soc_range = pack.soc_range;
    s.compensated = pack.rhat_micro_ohm.has_value();
    s.path_micro_ohm = pack.rhat_micro_ohm;
    if (pack.sample) {
        s.reading = pack.sample->reading;
        s.age = now - pack.data_at();
    }
    return s;
}

report::LinkView poller_view(const std::string& port, const JkPoller& poller, const std::string& detail) {
    const JkPollerCounters& c = poller.counters();
    const jk::DeframerCounters& f = poller.frames();
    report::LinkView view{port,
                          std::string(name(poller.state())),
                          report::health(poller.state() == PortState::open),
                          detail,
                          {}};
    view.counters = {{"polls", c.polls}, {"answers", c.answers}};
    for (std::size_t i = 0; i < poll_failure_count; ++i) {
        view.counters.push_back({std::string(name(static_cast<PollFailure>(i))), c.failures[i]});
    }
    const report::NamedCount rest[] = {{"first_lost", c.first_lost},
                                       {"doubtful", c.doubtful},
                                       {"late", c.late},
                                       {"echoes", c.echoes},
                                       {"unknown_registers", c.unknown_registers},
                                       {"activates", c.activates},
                                       {"reopened", c.reopened},
                                       {"skipped_bytes", f.skipped_bytes}};
    view.counters.insert(view.counters.end(), std::begin(rest), std::end(rest));
    return view;
}

report::LinkView can_view(const std::string& link, const io::CanLinkStatus& status) {
    const io::CanCounters& c = status.counters;
    return {link,
            std::string(name(status.state)),
            report::health(status.state == io::CanLinkState::up),
            status.detail,
            {{"frames_sent", c.frames_sent},
             {"frames_received", c.frames_received},
             {"echoes", c.echoes},
             {"bursts_dropped", c.bursts_dropped},
             {"malformed", c.malformed},
             {"error_frames", c.error_frames},
             {"bus_off", c.bus_off},
             {"error_passive", c.error_passive},
             {"restarts", c.restarts},
             {"packets_lost", c.packets_lost},
             {"reopened", c.reopened}}};
}

report::BusSnapshot bus_snapshot(const Controller& controller, TimePoint now) {
    report::BusSnapshot s;
    s.mode = std::string(name(controller.mode(now)));
    s.bursts = controller.bursts();
    if (controller.last_burst()) s.last_burst = now - *controller.last_burst();
    if (controller.inverter_seen()) s.inverter_seen = now - *controller.inverter_seen();
    return s;
}

std::string can_name(const config::CanSettings& settings) {
    switch (settings.kind) {
        case config::CanKind::socketcan: return settings.interface;
        case config::CanKind::slcan: return settings.port;
        case config::CanKind::cannelloni: return settings.remote;
        case config::CanKind::candump: return settings.file;
    }
    broken("a CanKind of the list", std::source_location::current());
}

std::string mode_words(control::TransportMode mode) {
    switch (mode) {
        case control::TransportMode::normal: return "sending to the inverter";
        case control::TransportMode::unacknowledged:
            return "nobody acknowledges our frames; only the name (0x35E) is sent until somebody does. Check "
                   "that "
                   "the inverter is on, the cable, and the 120 Ohm at both ends";
        case control::TransportMode::foreign: return "silent: another battery is on the bus";
        case control::TransportMode::muted: return "transmit = false: computing and showing, sending nothing";
    }
    broken("a TransportMode of the list", std::source_location::current());
}

std::string status_line(const control::Decision& d) {
    if (!d.complete) return "waiting for the first complete reading of every pack";
    return report::volts(d.voltage) + " " + report::amps(d.current) + " " + report::percent(d.soc) +
           ", charge " + report::amps(d.charge.value()) + ", discharge " + report::amps(d.discharge.value()) +
           ", " + std::string(name(d.phase));
}

}  // namespace jkp::app
