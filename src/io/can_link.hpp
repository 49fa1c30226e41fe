// SPDX-License-Identifier: MIT
// The seam behind which every way to a CAN bus hides: SocketCAN, slcan on a tty, cannelloni over UDP,
// a candump file. Owned and called by the one thread that runs the io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/can_frame.hpp"

namespace jkp::io {

enum class CanLinkState : std::uint8_t {
    closed,   // not opened, or closed by its owner
    missing,  // the interface, port or file is not there; being looked for
    down,     // there, but not able to carry frames (interface down, bus-off)
    up,
};
std::string_view name(CanLinkState state);

enum class SendOutcome : std::uint8_t {
    sent,          // the whole burst was handed to the driver
    queue_full,    // nothing more fits: the rest of the burst was dropped, nothing is queued for later
    not_connected  // the link is not up: nothing was written
};

// Counts since start. Every one is shown by `jk-pylon status`.
struct CanCounters {
    std::uint64_t frames_sent = 0;
    std::uint64_t frames_received = 0;
    std::uint64_t echoes = 0;  // own frames seen acknowledged
    std::uint64_t bursts_dropped = 0;
    std::uint64_t malformed = 0;  // wire input that was no frame
    std::uint64_t error_frames = 0;
    std::uint64_t bus_off = 0;
    std::uint64_t error_passive = 0;
    std::uint64_t restarts = 0;  // controller restarted after bus-off
    std::uint64_t reopened = 0;
    std::uint64_t packets_lost = 0;  // gaps in the sequence numbers of a network link
};

struct CanLinkStatus {
    CanLinkState state = CanLinkState::closed;
    std::string detail;  // one sentence: cause and next step when not up; what is worth knowing when up
    CanCounters counters;
};

// Called from the io_context's thread, never from inside send(), open() or close(), and not any more after
// close(). A handler may call send() and close(); it must not destroy the link.
struct CanLinkHandlers {
    std::function<void(const CanFrame&)> on_frame;                   // from others on the bus
    std::function<void()> on_echo;                                   // one own frame was acknowledged
    std::function<void(CanLinkState, const std::string&)> on_state;  // each change of state or sentence
};

class CanLink {
  public:
    virtual ~CanLink() = default;

    // Starts opening, and reopens after each loss (within 1 s of the return) until close().
    virtual void open(CanLinkHandlers handlers) = 0;
    virtual void close() = 0;
    // Writes the frames in order, at once and without blocking.
    virtual SendOutcome send(std::span<const CanFrame> burst) = 0;
    [[nodiscard]] virtual CanLinkStatus status() const = 0;
    // Whether on_echo proves that another node acknowledged the frame.
    [[nodiscard]] virtual bool echo_proves_acknowledge() const = 0;
};

}  // namespace jkp::io
