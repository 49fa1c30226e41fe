// SPDX-License-Identifier: MIT
// A pack, the serial port of its BMS and an inverter, tied together by the current that flows.
#pragma once

#include <optional>
#include <utility>

#include "sim/inverter.hpp"
#include "sim/jk_device.hpp"
#include "sim/pack.hpp"

namespace jkp::sim {

class Scene {
  public:
    Scene(const PackSpec& pack_spec, const InverterSpec& inverter_spec, Inverter::Wish wish)
        : pack(pack_spec),
          device([this](TimePoint now) { return pack.reading(now); }),
          inverter(inverter_spec, std::move(wish)) {}
    Scene(const Scene&) = delete;
    Scene& operator=(const Scene&) = delete;

    // Lets the time pass up to `now`; returns the current that flows, + charge.
    Milliamps step(TimePoint now) {
        const Duration dt = now - stepped_.value_or(now);
        stepped_ = now;
        return flowing_ = pack.step(dt, inverter.step(now));
    }
    [[nodiscard]] Milliamps flowing() const { return flowing_; }

    Pack pack;
    JkDevice device;
    Inverter inverter;

  private:
    std::optional<TimePoint> stepped_;
    Milliamps flowing_;
};

}  // namespace jkp::sim
