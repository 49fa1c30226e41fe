// SPDX-License-Identifier: MIT
// Whatever arrives at the meter's port is a reading that survives being sent again, or refused with words.
#include <cstddef>
#include <cstdint>

#include "core/ensure.hpp"
#include "meter/encode_speedwire.hpp"
#include "meter/speedwire.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace jkp;
    const auto decoded = meter::decode_speedwire(Bytes(data, size));
    if (!decoded) {
        ensure(!describe(decoded.error()).empty(), "a refusal has words");
        return 0;
    }
    const Watts power = grid_reading(*decoded).power;
    ensure(power <= Watts(10'000'000) && power >= Watts(-10'000'000), "a power a meter can measure");
    if (decoded->firmware) ensure(!text(*decoded->firmware).empty(), "a version has words");
    const auto again = meter::decode_speedwire(meter::encode_speedwire(*decoded));
    ensure(again && *again == *decoded, "a reading survives the wire");
    return 0;
}
