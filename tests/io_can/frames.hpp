// SPDX-License-Identifier: MIT
// Frames for tests.
#pragma once

#include <rapidcheck.h>

#include "core/can_frame.hpp"

namespace jkp::io {

// Data bytes first, first + 1, ...
inline CanFrame numbered_frame(std::uint32_t id, std::uint8_t first = 0, std::uint8_t size = 8) {
    CanFrame frame;
    frame.id = id;
    frame.size = size;
    for (std::uint8_t i = 0; i < size; ++i) frame.data.at(i) = static_cast<std::uint8_t>(first + i);
    return frame;
}

inline rc::Gen<CanFrame> any_frame() {
    return rc::gen::exec([] {
        CanFrame frame;
        frame.extended = *rc::gen::arbitrary<bool>();
        frame.id = *rc::gen::inRange<std::uint32_t>(0, frame.extended ? 0x20000000 : 0x800);
        frame.size = *rc::gen::inRange<std::uint8_t>(0, 9);
        for (std::uint8_t i = 0; i < frame.size; ++i) frame.data.at(i) = *rc::gen::arbitrary<std::uint8_t>();
        return frame;
    });
}

}  // namespace jkp::io
