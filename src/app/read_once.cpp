// SPDX-License-Identifier: MIT
#include "app/read_once.hpp"

#include <boost/asio/io_context.hpp>
#include <optional>

#include "core/ensure.hpp"

namespace jkp::app {
namespace {

constexpr const char* silent_help =
    "Look at: the wiring (TX of the adapter to RX of the BMS and the other way round, GND to GND), whether "
    "the "
    "BMS sleeps (wake it with a charger, a load or its button), and the app: UART1 protocol must be "
    "\"000 - 4G-GPS Remote module Common protocol V4.2\".";
constexpr const char* corrupt_help =
    "Something answers, but damaged. Look at: the ground connection, the length of the cable (under 1 m "
    "without "
    "RS485), and a pull-up on the receive pin of the adapter, which the weak transmitter of the BMS cannot "
    "pull "
    "down.";

std::string count(std::uint64_t n, const char* what) {
    return std::to_string(n) + " " + what;
}

// The kinds that happened, for example "3 checksum, 1 truncated".
std::string kinds(const JkPollerCounters& counters) {
    std::string text;
    for (std::size_t i = 0; i < poll_failure_count; ++i) {
        const auto kind = static_cast<PollFailure>(i);
        if (counters.of(kind) == 0) continue;
        text += (text.empty() ? "" : ", ") + count(counters.of(kind), std::string(name(kind)).c_str());
    }
    return text;
}

ReadOnceFailure no_reading(const JkPoller& poller, Duration patience, const std::string& last) {
    const JkPollerCounters& counters = poller.counters();
    bool bytes_came = poller.frames().skipped_bytes + poller.frames().frames > counters.echoes;
    for (std::size_t i = 0; i < poll_failure_count; ++i) {
        const auto kind = static_cast<PollFailure>(i);
        bytes_came = bytes_came || (corrupt(kind) && counters.of(kind) > 0);
    }
    const std::string asked = count(counters.polls, "requests in ") +
                              count(static_cast<std::uint64_t>(milliseconds(patience)), "ms");
    if (!bytes_came) return {ReadOnceError::silent, "No answer to " + asked + ". " + silent_help};
    const std::string seen = kinds(counters).empty() ? "" : " (" + kinds(counters) + ")";
    return {ReadOnceError::corrupt, "No good answer to " + asked + seen +
                                        (last.empty() ? "" : "; last: " + last) + ". " + corrupt_help};
}

}  // namespace

std::string_view name(ReadOnceError error) {
    switch (error) {
        case ReadOnceError::port: return "port";
        case ReadOnceError::silent: return "silent";
        case ReadOnceError::corrupt: return "corrupt";
    }
    broken("a ReadOnceError of the list", std::source_location::current());
}

Result<Stamped<PackReading>, ReadOnceFailure> read_once(const JkPollerSettings& settings, Duration patience) {
    boost::asio::io_context loop;
    std::optional<Stamped<PackReading>> reading;
    std::optional<ReadOnceFailure> port_failure;
    std::string last;
    JkPollerHandlers handlers;
    handlers.on_reading = [&](const Stamped<PackReading>& r) {
        reading = r;
        loop.stop();
    };
    handlers.on_failure = [&](PollFailure, const std::string& sentence) { last = sentence; };
    handlers.on_state = [&](PortState state, const std::string& sentence) {
        if (state != PortState::failed) return;
        port_failure = {ReadOnceError::port, sentence};
        loop.stop();
    };
    JkPoller poller(loop, settings, std::move(handlers));
    poller.start();
    loop.run_for(patience);
    if (reading) return *reading;
    if (port_failure) return failure(*port_failure);
    return failure(no_reading(poller, patience, last));
}

}  // namespace jkp::app
