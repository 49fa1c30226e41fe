// SPDX-License-Identifier: MIT
// Bytes 0..3 identifier, 4 flags and length, then data: any frame decodes or is refused, and a report made of
// arbitrary numbers reads back unchanged once it went over the bus.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <variant>

#include "core/ensure.hpp"
#include "pylontech/codec.hpp"

namespace {

using namespace jkp;
using namespace jkp::pylontech;

class Source {
  public:
    Source(const std::uint8_t* data, std::size_t size) : bytes_(data, size) {}
    std::uint8_t byte() {
        if (at_ >= bytes_.size()) return 0;
        return bytes_[at_++];
    }
    std::int32_t number() {
        std::uint32_t value = 0;
        for (int i = 0; i < 4; ++i) value = value << 8 | byte();
        return static_cast<std::int32_t>(value);
    }

  private:
    std::span<const std::uint8_t> bytes_;
    std::size_t at_ = 0;
};

void check_decode(Source source) {
    CanFrame frame;
    frame.id = static_cast<std::uint32_t>(source.number()) & 0x1FFFFFFFU;
    const std::uint8_t form = source.byte();
    frame.extended = (form & 0x80U) != 0;
    frame.size = static_cast<std::uint8_t>((form & 0x0FU) % 9);
    for (std::size_t i = 0; i < frame.size; ++i) frame.data[i] = source.byte();
    const auto message = decode(frame);
    if (message) {
        ensure(!message_name(*message).empty(), "a message has a name");
    } else {
        ensure(frame.size < 8, "a frame of 8 bytes is never too short");
    }
}

template <class Kind>
Kind as(const CanFrame& frame) {
    const auto message = decode(frame);
    ensure(message && std::holds_alternative<Kind>(*message), "our own frame decodes");
    return std::get<Kind>(*message);
}

void check_encode(Source source) {
    BatteryReport r;
    r.charge_voltage = Millivolts(source.number());
    r.charge_current_limit = Milliamps(source.number());
    r.discharge_current_limit = Milliamps(source.number());
    r.discharge_voltage = Millivolts(source.number());
    r.soc = Permille(source.number());
    r.soh = Permille(source.number());
    r.voltage = Millivolts(source.number());
    r.current = Milliamps(source.number());
    r.temperature = Decicelsius(source.number());
    r.modules = source.byte();
    const Burst burst = encode(r, {});
    const auto limits = as<Limits>(burst[1]);
    ensure(limits.charge_current_limit <= std::max(r.charge_current_limit, Milliamps(0)),
           "CCL only rounds down");
    ensure(limits.discharge_current_limit <= std::max(r.discharge_current_limit, Milliamps(0)),
           "DCL only rounds down");
    ensure(limits.charge_current_limit >= Milliamps(0) && limits.discharge_current_limit >= Milliamps(0),
           "limits are never negative");
    ensure(limits.charge_voltage <= std::max(r.charge_voltage, Millivolts(0)), "CVL only rounds down");
    const auto soc = as<StateOfCharge>(burst[2]);
    ensure(soc.soc >= Permille(0) && soc.soc <= Permille(1000), "SOC is a percentage");
    ensure(as<Alarms>(burst[0]).modules == r.modules, "the module count survives");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    check_decode(Source(data, size));
    check_encode(Source(data, size));
    return 0;
}
