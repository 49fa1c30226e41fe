// SPDX-License-Identifier: MIT
// Asks a meter or an inverter for JSON over HTTP, for ever: one request at a time. What cannot be used is
// counted by its reason and not delivered: the last reading ages where it is used. Lives on the thread of the
// io_context.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "core/site.hpp"
#include "core/stamped.hpp"
#include "meter/json_value.hpp"

namespace boost::asio {
class io_context;
}
namespace jkp::io {
class HttpClient;
}

namespace jkp::app {

enum class JsonSourceAuth : std::uint8_t { none, bearer, basic };

struct JsonSourceSettings {
    std::string url{};  // http:// or https://
    Duration poll_period = std::chrono::seconds(2);
    Duration timeout = std::chrono::seconds(3);
    JsonSourceAuth auth = JsonSourceAuth::none;
    std::string secret_file{};  // bearer: one line; basic: two lines, user and password. Read at each start.
    std::string ca_file{};      // empty: the system's certificates
    std::variant<meter::GridRule, meter::PeerRule> rule{};
    Duration silent_after = std::chrono::seconds(10);  // without a reading for so long, on_state tells
};

struct JsonSourceHandlers {
    // The stamp is when the source measured, as far as it tells, and never later than the arrival.
    std::function<void(const Stamped<GridReading>&)> on_grid;  // the rule is a GridRule
    std::function<void(const Stamped<PeerReading>&)> on_peer;  // the rule is a PeerRule
    // Each change: true while readings come. The sentence has cause and next step, and no secret.
    std::function<void(bool, const std::string&)> on_state;
};

struct JsonSourceCounters {
    std::uint64_t requests = 0;  // = readings + unanswered + bad_status + unusable + those under way
    std::uint64_t readings = 0;
    std::uint64_t unanswered = 0;  // no connection, too slow, wrong certificate, ...
    std::uint64_t bad_status = 0;  // another status than 200
    std::uint64_t unusable = 0;    // = faults + wrong_clock + kept
    std::array<std::uint64_t, meter::json_error_count> faults{};  // by meter::JsonError
    std::uint64_t wrong_clock = 0;  // the time of the source is more than a minute ahead, or ours is not set
    std::uint64_t kept = 0;         // by a broker, and without a time of its own (mqtt_source.hpp)

    [[nodiscard]] std::uint64_t of(meter::JsonError error) const {
        return faults[static_cast<std::size_t>(error)];
    }
};

class JsonSource {
  public:
    // The client must live longer than this.
    JsonSource(boost::asio::io_context& loop, io::HttpClient& client, JsonSourceSettings settings,
               JsonSourceHandlers handlers);
    ~JsonSource();
    JsonSource(const JsonSource&) = delete;
    JsonSource& operator=(const JsonSource&) = delete;

    // Handlers are called from the loop, never from inside these functions.
    void start();
    void stop();

    [[nodiscard]] const JsonSourceCounters& counters() const;
    [[nodiscard]] bool hears() const;  // readings come

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
