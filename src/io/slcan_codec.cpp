// SPDX-License-Identifier: MIT
#include "io/slcan_codec.hpp"

#include <charconv>

#include "core/bytes.hpp"
#include "core/ensure.hpp"

namespace jkp::io {
namespace {

constexpr std::uint32_t highest_short_id = 0x7FF;
constexpr std::uint32_t highest_long_id = 0x1FFFFFFF;
constexpr std::size_t time_stamp_digits = 4;

std::optional<std::uint32_t> hex(std::string_view digits) {
    std::uint32_t value = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, 16);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

// Identifier and length, as frames and remote frames share them.
std::optional<CanFrame> head(std::string_view line, bool extended) {
    const std::size_t digits = extended ? 8 : 3;
    if (line.size() < 1 + digits + 1) return std::nullopt;
    const auto id = hex(line.substr(1, digits));
    const char length = line[1 + digits];
    if (!id || *id > (extended ? highest_long_id : highest_short_id)) return std::nullopt;
    if (length < '0' || length > '8') return std::nullopt;
    CanFrame frame;
    frame.id = *id;
    frame.extended = extended;
    frame.size = static_cast<std::uint8_t>(length - '0');
    return frame;
}

SlcanMessage data_frame(std::string_view line, bool extended) {
    auto frame = head(line, extended);
    if (!frame) return {};
    const auto data = line.substr(extended ? 10 : 5);
    const std::size_t digits = 2U * frame->size;
    if (data.size() != digits && data.size() != digits + time_stamp_digits) return {};
    if (data.size() > digits && !hex(data.substr(digits))) return {};
    for (std::size_t i = 0; i < frame->size; ++i) {
        const auto byte = hex(data.substr(2 * i, 2));
        if (!byte) return {};
        frame->data.at(i) = static_cast<std::uint8_t>(*byte);
    }
    return {SlcanInput::frame, *frame};
}

// "sa000000": state a, w, p or b and two counters of three digits.
SlcanInput controller_state(std::string_view line) {
    if (line.size() != 8 || line.substr(2).find_first_not_of("0123456789") != std::string_view::npos)
        return SlcanInput::malformed;
    switch (line[1]) {
        case 'a':
        case 'w': return SlcanInput::other_state;
        case 'p': return SlcanInput::error_passive;
        case 'b': return SlcanInput::bus_off;
        default: return SlcanInput::malformed;
    }
}

}  // namespace

SlcanMessage decode_slcan(std::string_view line) {
    if (line.empty()) return {SlcanInput::accepted, {}};
    switch (line.front()) {
        case 't': return data_frame(line, false);
        case 'T': return data_frame(line, true);
        case 'r':
        case 'R':
            return {head(line, line.front() == 'R') ? SlcanInput::remote_frame : SlcanInput::malformed, {}};
        case 'z':
        case 'Z': return {line.size() == 1 ? SlcanInput::queued : SlcanInput::malformed, {}};
        case 's': return {controller_state(line), {}};
        case 'e': return {line.size() > 1 ? SlcanInput::bus_error : SlcanInput::malformed, {}};
        case 'V':
        case 'v':
        case 'N':
        case 'F': return {SlcanInput::answer, {}};
        default: return {};
    }
}

std::string encode_slcan(const CanFrame& frame) {
    ensure(frame.id <= (frame.extended ? highest_long_id : highest_short_id),
           "a CAN identifier fits its kind");
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string line(1, frame.extended ? 'T' : 't');
    for (int shift = frame.extended ? 28 : 8; shift >= 0; shift -= 4)
        line += digits[(frame.id >> shift) & 0xF];
    line += digits[frame.size];
    line += hex_from_bytes(frame.bytes());
    return line + '\r';
}

std::optional<char> slcan_bitrate_digit(std::uint32_t bitrate) {
    constexpr std::array<std::uint32_t, 9> rates{10'000,  20'000,  50'000,  100'000,  125'000,
                                                 250'000, 500'000, 800'000, 1'000'000};
    for (std::size_t i = 0; i < rates.size(); ++i) {
        if (rates.at(i) == bitrate) return static_cast<char>('0' + i);
    }
    return std::nullopt;
}

std::optional<SlcanMessage> SlcanDeframer::push(char byte) {
    constexpr char bell = 7;
    if (byte == bell) {
        size_ = 0;
        too_long_ = false;
        return SlcanMessage{SlcanInput::refused, {}};
    }
    if (byte == '\n' && size_ == 0) return std::nullopt;
    if (byte != '\r') {
        too_long_ = too_long_ || size_ == line_.size();
        if (!too_long_) line_.at(size_++) = byte;
        return std::nullopt;
    }
    const auto message = too_long_ ? SlcanMessage{} : decode_slcan({line_.data(), size_});
    size_ = 0;
    too_long_ = false;
    return message;
}

}  // namespace jkp::io
