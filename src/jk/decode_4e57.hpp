// SPDX-License-Identifier: MIT
// The information unit of a 4E57 "read all" reply -> PackReading. Passwords (register B2) and the other
// registers that a gateway does not need never leave this room.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/pack.hpp"
#include "core/result.hpp"
#include "jk/frame_4e57.hpp"

namespace jkp::jk {

// How register 84 is written: C0 = 1 sign and magnitude, C0 = 0 or absent biased by 10000.
enum class CurrentRule : std::uint8_t { biased, sign_magnitude };

// What a link remembers between frames. C0 once seen decides for frames that end before it.
struct LinkMemory {
    std::optional<CurrentRule> current_rule;
};

enum class DecodeError : std::uint8_t {
    not_a_reply,    // transport 0: a request, most often our own echo
    not_a_reading,  // a reply to another command than read-all
    cut_register,   // the last register runs past the information unit
    duplicate_register,
    bad_cell_block,       // length no multiple of 3, no cell or more than 32, indices not 1..n
    missing_register,     // 79, 83, 84, 85, 8B or 8C is absent
    current_rule_unknown  // the walk stopped at an unknown register before C0, and the link remembers no rule
};
std::string_view name(DecodeError error);

struct DecodeFailure {
    DecodeError error = DecodeError::not_a_reply;
    std::uint8_t register_id = 0;  // 0 = none concerned
};
// One sentence for people, for example "register 84 (current) is missing".
std::string describe(const DecodeFailure& failure);

struct Decoded {
    PackReading reading;
    std::optional<std::uint8_t> unknown_register;  // the walk stopped here; what came before is kept
    bool current_rule_changed = false;             // against what the link remembered
};

// No allocation. The memory is changed only when the frame is accepted.
Result<Decoded, DecodeFailure> decode(const Frame& frame, LinkMemory& memory);

}  // namespace jkp::jk
