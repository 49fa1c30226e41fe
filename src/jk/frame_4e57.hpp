// SPDX-License-Identifier: MIT
// Framing of the JK "4E 57" UART protocol (115200 8N1, big-endian). Source: vendor protocol V2.5 and
// captures; docs/protocols/jk-4e57.md has the byte table and how sure each statement is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace jkp::jk {

inline constexpr std::size_t frame_overhead =
    20;  // STX 2, LENGTH 2, id 4, command..transport 3, record 4, end 1, sum 4
inline constexpr std::uint16_t length_minimum = 18;
inline constexpr std::uint16_t length_maximum = 1000;
inline constexpr std::size_t frame_maximum = length_maximum + 2;

enum class Command : std::uint8_t {
    activate = 0x01,
    write = 0x02,
    read = 0x03,
    password = 0x05,
    read_all = 0x06
};
enum class Transport : std::uint8_t { request = 0, reply = 1, upload = 2 };

// Why bytes that looked like the start of a frame were not one.
enum class FrameError : std::uint8_t {
    bad_length,    // LENGTH outside length_minimum..length_maximum
    truncated,     // fewer bytes than LENGTH promises, then silence
    bad_end,       // no 68h where the frame should end
    bad_checksum,  // sum of all bytes up to 68h does not match, or its two reserved bytes are not 0
    bad_transport  // neither request, reply nor upload
};
std::string_view name(FrameError error);

struct Frame {
    std::uint8_t command = 0;
    std::uint8_t source = 0;
    Transport transport = Transport::reply;
    Bytes info;   // the information unit; valid until the next call to the deframer
    Bytes bytes;  // the whole frame, from 4E to the checksum; the same validity
};

struct Rejection {
    FrameError error = FrameError::bad_length;
    std::size_t have = 0;        // bytes of the candidate that are there
    std::size_t announced = 0;   // bytes LENGTH promises in all; 0 = not read
    std::uint32_t stated = 0;    // bad_checksum: what the frame says; bad_end, bad_transport: the byte found
    std::uint32_t computed = 0;  // bad_checksum: what its bytes add up to
};
// One sentence for people, for example "truncated: 61 of 291 bytes".
std::string describe(const Rejection& rejection);

struct DeframerCounters {
    std::uint64_t frames = 0;
    std::uint64_t bad_length = 0;
    std::uint64_t truncated = 0;
    std::uint64_t bad_end = 0;
    std::uint64_t bad_checksum = 0;
    std::uint64_t bad_transport = 0;
    std::uint64_t skipped_bytes = 0;  // garbage between frames
};

// Finds frames in a byte stream, however it is cut. Never allocates, never loses a good frame behind a
// bad one: after a rejection it continues one byte later. The work per byte is bounded.
//   deframer.feed(bytes);  while (auto item = deframer.next()) ...
//   on an inter-byte gap:  deframer.gap();  while (auto item = deframer.next()) ...
class Deframer {
  public:
    // Takes as many bytes as fit and returns how many; the rest must be fed again after next() ran dry.
    std::size_t feed(Bytes bytes);
    // The next frame or rejection, or nullopt when more bytes are needed.
    std::optional<Result<Frame, Rejection>> next();
    // The line fell silent: an unfinished candidate is rejected as truncated and its bytes are searched
    // again.
    void gap();
    // Forgets everything buffered (after reopening a port or before a request); counters stay.
    void reset();
    // Bytes of an unfinished candidate are waiting (after next() ran dry).
    [[nodiscard]] bool mid_frame() const { return begin_ != end_; }
    [[nodiscard]] const DeframerCounters& counters() const { return counters_; }

  private:
    [[nodiscard]] Bytes pending() const { return Bytes(buffer_).subspan(begin_, end_ - begin_); }
    void skip_to_start_marker();
    Rejection reject(Rejection why);

    std::array<std::uint8_t, 4 * frame_maximum> buffer_{};
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    bool silent_ = false;
    DeframerCounters counters_;
};

}  // namespace jkp::jk
