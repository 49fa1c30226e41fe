// SPDX-License-Identifier: MIT
// One question to a GoodWe and its answer, over either of its transports. Thread: that of the io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "core/stamped.hpp"
#include "goodwe/decode.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

enum class GoodweTransport : std::uint8_t { udp, tcp };

// Where the inverter is, and how patient one question is.
struct GoodweAddress {
    std::string host;
    std::optional<std::uint16_t> port;  // absent: 8899 for udp, 502 for tcp
    GoodweTransport transport = GoodweTransport::udp;
    Duration timeout = std::chrono::seconds(1);  // udp: then the question is repeated, and goes on listening
    unsigned retries = 3;                        // udp
};

// From the least telling to the most.
enum class GoodweError : std::uint8_t {
    silent,
    unreachable,  // no way there, or nobody listens
    no_answer,    // damaged, or answers to something else
    refused,      // the inverter says that it does not have this
};
struct GoodweFault {
    GoodweError error = GoodweError::silent;
    std::string sentence;
};

struct GoodweLineCounters {
    std::uint64_t questions = 0;
    std::uint64_t answers = 0;
    std::uint64_t repeated = 0;  // requests sent again
    std::uint64_t late = 0;      // answers to a question that was over, dropped
    std::uint64_t other = 0;     // answers to something else
    std::uint64_t damaged = 0;
};

using GoodweOutcome = Result<Stamped<goodwe::Decoded>, GoodweFault>;

class GoodweLine {
  public:
    using Done = std::function<void(const GoodweOutcome&)>;
    virtual ~GoodweLine() = default;

    // `done` is called once, from the loop, unless close() comes first. Precondition: no question is open,
    // and over tcp the question is one of the et family.
    virtual void ask(goodwe::Question question, Done done) = 0;
    virtual void close() = 0;
    [[nodiscard]] virtual GoodweLineCounters counters() const = 0;
};

std::unique_ptr<GoodweLine> make_goodwe_line(boost::asio::io_context& loop, const GoodweAddress& address);

// "192.168.1.20:8899"
std::string text(const GoodweAddress& address);

}  // namespace jkp::app
