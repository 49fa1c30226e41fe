// SPDX-License-Identifier: MIT
// The serial side of a JK-BMS: bytes in, bytes out at line speed, in virtual time. Can misbehave.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "core/pack.hpp"
#include "core/time.hpp"
#include "jk/frame_4e57.hpp"

namespace jkp::sim {

// How long `bytes` bytes take at 115200 baud, 8N1: ten bits each.
constexpr Duration line_time(std::size_t bytes) {
    return Duration(static_cast<Duration::rep>((bytes * 10 * 1'000'000 + 115'200 - 1) / 115'200));
}

struct MisreadCell {
    std::size_t index = 0;
    Millivolts told;
};

// All off by default; may be changed at any time and concerns the next request.
struct Misbehaviour {
    bool silent = false;
    unsigned silent_polls = 0;                 // leave that many requests unanswered, counting down
    bool asleep = false;                       // silent until an activate request ends it
    std::optional<std::size_t> truncate_to{};  // bytes of the answer that are sent
    std::optional<std::size_t> flip_bit{};     // number of the bit, counted from the first byte's lowest
    std::optional<std::uint16_t> length{};     // written into the LENGTH field
    bool wrong_checksum = false;
    std::vector<std::uint8_t> prefix{};         // sent in front of the answer
    bool frozen = false;                        // answers go on with the values of the last one
    bool start_up = false;                      // SOC 0 and cycles 0, as in the first seconds after power-up
    std::optional<std::size_t> cells{};         // tells only so many cells; the voltage is that of all
    Millivolts voltage_error{};                 // of the pack voltage, beside the sum of the cells
    std::optional<MisreadCell> misread_cell{};  // one cell's voltage, as an upset measuring chip tells it
    bool echo = false;                          // an RS485 adapter that hears itself
    Duration delay{};                           // in addition to the usual reply delay
    std::optional<std::uint8_t> unknown_register{};  // a register that no table has, at the end
    bool twice = false;                              // two answers to one request
};

class JkDevice {
  public:
    using Source = std::function<PackReading(TimePoint)>;

    explicit JkDevice(Source source, Duration reply_delay = std::chrono::milliseconds(1))
        : source_(std::move(source)), reply_delay_(reply_delay) {}

    // Bytes that a host sent.
    void receive(Bytes bytes, TimePoint now);
    // Bytes whose last bit is on the line by `now` and that were not taken before.
    std::vector<std::uint8_t> take(TimePoint now);
    // When take() will next have something; nothing = idle.
    [[nodiscard]] std::optional<TimePoint> next_byte_at() const;
    // When the last byte of all that is being sent is on the line; nothing = idle.
    [[nodiscard]] std::optional<TimePoint> idle_at() const;
    // The line was cut: what was being sent is gone.
    void cut() { sending_.clear(); }

    [[nodiscard]] std::uint64_t requests() const { return requests_; }
    [[nodiscard]] std::uint64_t activations() const { return activations_; }

    Misbehaviour misbehaviour;

  private:
    struct Sending {
        TimePoint start;
        std::vector<std::uint8_t> bytes;
        std::size_t taken = 0;
    };

    void answer(const jk::Frame& request, TimePoint now);
    bool keeps_silent();
    PackReading reading(TimePoint now);
    void garble(PackReading& reading) const;
    std::vector<std::uint8_t> reply(TimePoint now);
    void send(std::vector<std::uint8_t> bytes, TimePoint not_before);

    Source source_;
    Duration reply_delay_;
    jk::Deframer deframer_;
    std::deque<Sending> sending_;
    std::optional<PackReading> last_;
    std::uint64_t requests_ = 0;
    std::uint64_t activations_ = 0;
};

}  // namespace jkp::sim
