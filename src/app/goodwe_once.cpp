// SPDX-License-Identifier: MIT
#include "app/goodwe_once.hpp"

#include <boost/asio/io_context.hpp>
#include <optional>
#include <utility>

namespace jkp::app {
namespace {

std::string no_reading(const GoodwePeer& peer, const GoodweAddress& address, Duration patience) {
    if (!peer.last_fault().empty()) return peer.last_fault();
    return "no reading from " + text(address) + " within " + std::to_string(milliseconds(patience)) +
           " ms, and it was not over yet: use a longer --patience";
}

}  // namespace

Result<Stamped<goodwe::Readings>, std::string> read_goodwe_once(boost::asio::io_context& loop,
                                                                const GoodwePeerSettings& settings,
                                                                Duration patience) {
    std::optional<Stamped<goodwe::Readings>> reading;
    GoodwePeerHandlers handlers;
    handlers.on_reading = [&](const Stamped<PeerReading>& peer, const goodwe::Readings& all) {
        reading = {all, peer.at};
        loop.stop();
    };
    GoodwePeer peer(loop, settings, std::move(handlers));
    peer.start();
    loop.restart();
    loop.run_for(patience);
    if (reading) return *reading;
    return failure(no_reading(peer, settings.address, patience));
}

}  // namespace jkp::app
