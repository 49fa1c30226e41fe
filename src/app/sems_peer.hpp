// SPDX-License-Identifier: MIT
// Reads the second inverter through the SEMS portal, for ever. The data are minutes old and the portal may be
// closed any day: the local network is the better way (goodwe_peer.hpp). Thread: that of the io_context.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/site.hpp"
#include "core/stamped.hpp"
#include "goodwe/readings.hpp"
#include "goodwe/sems_fault.hpp"
#include "goodwe/sems_request.hpp"

namespace boost::asio {
class io_context;
}
namespace jkp::io {
class HttpClient;
}

namespace jkp::app {

enum class SemsState : std::uint8_t {
    closed,      // not started, or stopped by stop()
    connecting,  // no reading yet, or none of known age, and nothing wrong
    reading,     // the last answer was good
    waiting,     // something is wrong; asked again after a pause
    given_up,    // something is wrong that only a new configuration changes
};
std::string_view name(SemsState state);

struct SemsStatus {
    SemsState state = SemsState::closed;
    // One word: of SemsFault, of HttpError, "credentials", "clock" or "undated"; "" = nothing wrong.
    std::string cause;
    std::string sentence;  // what is wrong, why and the next step
};

struct SemsPeerSettings {
    goodwe::SemsStation station;
    Duration poll_period = std::chrono::seconds(60);  // the configuration refuses less
    std::string credentials_file;                     // empty: what systemd hands over as `credential`
    std::string credential = "sems";
    std::string ca_file;  // empty: the system's certificates
    std::chrono::milliseconds connect_timeout{10000};
    std::chrono::milliseconds total_timeout{30000};
    // Milliseconds since 1970 UTC; absent: the clock is not set. Empty: the clock of this machine.
    std::function<std::optional<std::int64_t>()> wall_ms = {};
    Duration clock_pause = std::chrono::seconds(10);  // until a clock that is not set is looked at again
};

struct SemsPeerHandlers {
    // The stamp is the age of the data (goodwe/sems_stamp.hpp), never later than the arrival.
    std::function<void(const Stamped<PeerReading>&, const goodwe::Readings&)> on_reading;
    std::function<void(const SemsStatus&)> on_state;  // each change
    // A good answer of which nobody knows how old it is: not to be used as a reading. May be empty.
    std::function<void(const goodwe::Readings&)> on_undated = {};
};

struct SemsPeerCounters {
    std::uint64_t logins = 0;    // requests for a token
    std::uint64_t requests = 0;  // requests for data
    std::uint64_t readings = 0;
    std::uint64_t undated = 0;  // good answers of unknown age
    std::array<std::uint64_t, goodwe::sems_fault_count> faults{};
    [[nodiscard]] std::uint64_t of(goodwe::SemsFault fault) const {
        return faults[static_cast<std::size_t>(fault)];
    }
};

class SemsPeer {
  public:
    // The client must live longer than this.
    SemsPeer(boost::asio::io_context& loop, io::HttpClient& client, SemsPeerSettings settings,
             SemsPeerHandlers handlers);
    ~SemsPeer();
    SemsPeer(const SemsPeer&) = delete;
    SemsPeer& operator=(const SemsPeer&) = delete;

    // Handlers are called from the loop, never from inside these functions. Each start reads the credentials
    // anew and begins a new session.
    void start();
    void stop();

    [[nodiscard]] const SemsStatus& status() const;
    [[nodiscard]] const SemsPeerCounters& counters() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
