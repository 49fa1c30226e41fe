// SPDX-License-Identifier: MIT
#include "app/can_stick.hpp"

#include "io/slcan_codec.hpp"

namespace jkp::app {
namespace {

constexpr std::size_t longest_line = 64;
constexpr const char* accepted = "\r";
constexpr const char* refused = "\a";

}  // namespace

std::string CanStick::receive(Bytes bytes) {
    std::string answers;
    for (const std::uint8_t byte : bytes) {
        if (byte != '\r') {
            if (line_.size() < longest_line) line_.push_back(static_cast<char>(byte));
            continue;
        }
        answers += obey(line_);
        line_.clear();
    }
    return answers;
}

std::string CanStick::obey(std::string_view line) {
    if (line.empty()) return accepted;
    switch (line.front()) {
        case 'S': return !open_ && line.size() == 2 ? accepted : refused;
        case 'O':
            if (open_) return refused;
            open_ = true;
            return accepted;
        case 'C':
            if (!open_) return refused;
            open_ = false;
            return accepted;
        case 't':
        case 'T': return put_on_bus(line);
        default: return refused;
    }
}

std::string CanStick::put_on_bus(std::string_view line) {
    const io::SlcanMessage message = io::decode_slcan(line);
    if (!open_ || message.kind != io::SlcanInput::frame) return refused;
    on_frame_(message.frame);
    return message.frame.extended ? "Z\r" : "z\r";
}

std::string CanStick::from_bus(const CanFrame& frame) const {
    return open_ ? io::encode_slcan(frame) : std::string();
}

}  // namespace jkp::app
