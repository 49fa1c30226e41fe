// SPDX-License-Identifier: MIT
// Questions and answers over UDP with one device: a question is repeated until its answer comes or the
// attempts are used up. One question at a time. Every attempt has a socket of its own, connected, so that the
// kernel drops datagrams of strangers and an answer is known to belong to its attempt. Any attempt of the
// open question may be answered, so a device may need as long as all of them together; an answer to a
// question that is over is counted as late and dropped, whatever it holds. Thread: that of the io_context.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/stamped.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

struct UdpExchangeSettings {
    std::string host;  // name or address
    std::uint16_t port = 0;
    Duration timeout = std::chrono::seconds(1);  // of one attempt
    unsigned retries = 3;                        // attempts after the first
};

// What the owner says about bytes that came.
struct UdpVerdict {
    enum class Kind : std::uint8_t {
        answer,      // what was waited for
        incomplete,  // the beginning of an answer; the rest must come in one piece
        other,       // whole, but the answer to something else
        damaged,
    };
    Kind kind = Kind::damaged;
    std::size_t missing = 0;  // incomplete: bytes
};

enum class UdpError : std::uint8_t {
    unknown_host,  // the name cannot be resolved
    unreachable,   // no way there, or nobody listens on the port
    silent,        // not one byte came
    no_answer,     // bytes came, but not the answer
};
struct UdpFault {
    UdpError error = UdpError::silent;
    std::string sentence;
};

struct UdpCounters {
    std::uint64_t questions = 0;
    std::uint64_t requests = 0;  // datagrams sent, repetitions included
    std::uint64_t answers = 0;
    std::uint64_t joined = 0;  // answers that came in two pieces
    std::uint64_t late = 0;    // datagrams for a question that was over
    std::uint64_t other = 0;
    std::uint64_t damaged = 0;
};

class UdpExchange {
  public:
    using Judge = std::function<UdpVerdict(Bytes)>;
    // The stamp is the arrival of the last byte.
    using Done = std::function<void(const Result<Stamped<std::vector<std::uint8_t>>, UdpFault>&)>;

    UdpExchange(boost::asio::io_context& loop, UdpExchangeSettings settings);
    ~UdpExchange();
    UdpExchange(const UdpExchange&) = delete;
    UdpExchange& operator=(const UdpExchange&) = delete;

    // `done` is called once, from the loop, unless close() comes first. Precondition: no question is open.
    void ask(std::vector<std::uint8_t> request, Judge judge, Done done);
    // Forgets the open question and closes every socket.
    void close();

    [[nodiscard]] const UdpCounters& counters() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::io
