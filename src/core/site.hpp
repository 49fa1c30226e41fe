// SPDX-License-Identifier: MIT
// What the site outside of the battery shows: the grid meter, and a second inverter with a battery of its
// own that can only be read. Signs: grid + = export; battery + = charge. Codecs convert at the edge; absent
// is not known, and never 0.
#pragma once

#include <optional>

#include "core/units.hpp"

namespace jkp {

// At the point where the house meets the grid, all phases together.
struct GridReading {
    Watts power;  // + export
    bool operator==(const GridReading&) const = default;
};

// The battery of the second inverter. A source gives what it can; one of current and power is enough to
// coordinate with.
struct PeerReading {
    std::optional<Milliamps> current;  // + charge
    std::optional<Watts> power;        // + charge
    std::optional<Millivolts> voltage;
    std::optional<Permille> soc;
    bool operator==(const PeerReading&) const = default;
};

}  // namespace jkp
