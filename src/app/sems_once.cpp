// SPDX-License-Identifier: MIT
#include "app/sems_once.hpp"

#include <boost/asio/io_context.hpp>
#include <optional>

#include "io/clock.hpp"
#include "io/http_client.hpp"

namespace jkp::app {

Result<SemsOnce, SemsStatus> read_sems_once(const SemsPeerSettings& settings) {
    boost::asio::io_context loop;
    io::HttpClient client(loop);
    std::optional<SemsOnce> once;
    SemsStatus wrong{SemsState::waiting, "nothing", "The SEMS portal was not asked."};
    SemsPeerHandlers handlers;
    handlers.on_reading = [&](const Stamped<PeerReading>& reading, const goodwe::Readings& readings) {
        once = SemsOnce{readings, reading.age(io::now())};
        loop.stop();
    };
    handlers.on_undated = [&](const goodwe::Readings& readings) {
        once = SemsOnce{readings, std::nullopt};
        loop.stop();
    };
    handlers.on_state = [&](const SemsStatus& status) {
        if (status.cause.empty()) return;
        wrong = status;
        loop.stop();
    };
    SemsPeer peer(loop, client, settings, std::move(handlers));
    peer.start();
    loop.run();  // every request has its own time limit
    if (once) return *once;
    return failure(wrong);
}

}  // namespace jkp::app
