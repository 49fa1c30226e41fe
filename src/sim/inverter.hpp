// SPDX-License-Identifier: MIT
// A hybrid inverter on the battery's CAN bus: it obeys the limits it receives, but late and slowly.
#pragma once

#include <deque>
#include <functional>
#include <optional>

#include "core/can_frame.hpp"
#include "core/time.hpp"
#include "core/units.hpp"
#include "pylontech/codec.hpp"

namespace jkp::sim {

struct InverterSpec {
    Duration dead_time = std::chrono::seconds(2);    // limit received -> first reaction
    Milliamps slew_per_second{10'000};               // greatest change of the current in a second
    Duration can_timeout = std::chrono::seconds(5);  // without a frame for so long it stops
    Milliamps leak{0};                               // goes on charging with this much at a charge limit of 0
    bool ignore_limits = false;                      // takes what it wants as long as frames come
    bool send_alive = true;                          // 0x305 each second
    Permille limit_gain{1000};                       // takes this share of the limit it was told ...
    Milliamps limit_offset{0};                       // ... and this much more, unless the limit is 0
    bool obeys_cvl = false;                          // tapers so that the battery stays at CVL
    Milliamps cvl_gain{20'000};                      // moves the taper by this per second and volt
};

class Inverter {
  public:
    // What sun and house would have the battery do; + charge.
    using Wish = std::function<Milliamps(TimePoint)>;

    explicit Inverter(InverterSpec spec, Wish wish);

    void receive(const CanFrame& frame, TimePoint now);
    // Lets the time pass up to `now`; returns the current it asks of the battery. `terminal`: the battery's
    // voltage at its terminals; without it CVL is not obeyed.
    Milliamps step(TimePoint now, std::optional<Millivolts> terminal = std::nullopt);
    // A frame to be sent now, if one is due.
    std::optional<CanFrame> frame_due(TimePoint now);

    [[nodiscard]] Milliamps current() const { return current_; }
    [[nodiscard]] bool hears_battery(TimePoint now) const;
    // The limits it acts on, after the dead time; nothing before the first.
    [[nodiscard]] std::optional<pylontech::Limits> limits_obeyed() const { return obeyed_; }

    InverterSpec spec;  // may be changed at run time
    Wish wish;

  private:
    struct Heard {
        TimePoint at;
        pylontech::Limits limits;
    };
    [[nodiscard]] Milliamps target(TimePoint now) const;
    [[nodiscard]] Milliamps as_obeyed(Milliamps limit) const;
    void taper(Duration dt, Millivolts terminal);

    std::deque<Heard> heard_;
    std::optional<pylontech::Limits> last_;
    std::optional<pylontech::Limits> obeyed_;
    std::optional<TimePoint> last_frame_;
    std::optional<TimePoint> stepped_;
    std::optional<TimePoint> next_alive_;
    bool charge_enable_ = true;
    bool discharge_enable_ = true;
    Milliamps current_;
    Milliamps taper_ = Milliamps::max();  // what the regulation to CVL leaves
};

}  // namespace jkp::sim
