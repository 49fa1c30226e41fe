// SPDX-License-Identifier: MIT
// The coordination of the original program, written anew from its description, to run beside ours in the
// closed loop and to show its defects. Not part of the product. One `loop` is one turn of its main loop, of
// about 1.1 s; the names in comments are those of the description.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>

namespace jkp::closed_loop::baseline {

// The last values; the mean of none is 0.
class Mean {
  public:
    explicit Mean(std::size_t size) : size_(size) {}
    void append(double value);
    void flush() { values_.clear(); }
    [[nodiscard]] double avg() const;  // rounded to 0.1; 0 when empty
    [[nodiscard]] std::optional<double> latest() const;
    [[nodiscard]] int count_above(double threshold) const;
    [[nodiscard]] int count_below(double threshold) const;

  private:
    std::size_t size_;
    std::deque<double> values_;
};

// How it reads the second battery: a magnetometer on its cable, or the portal only.
enum class PeerBy { sensor, portal };

// What came since the last turn. Absent = nothing came.
struct Seen {
    double time_s = 0;                // monotonic
    std::optional<double> grid_w;     // + export; one datagram per turn, the oldest that waits
    std::optional<double> peer_a;     // + charge
    std::optional<double> battery_a;  // + charge
    double battery_v = 52;
    double lowest_v = 3.3;
    double highest_v = 3.3;
    double soc_pct = 50;
    bool bms_ok = true;
};

struct Given {
    double charge_a = 0;
    double discharge_a = 0;
    bool oscillation = false;  // true for one turn only
};

class Original {
  public:
    explicit Original(PeerBy by) : by_(by) {}
    Given loop(const Seen& seen);

  private:
    void protect_discharge(const Seen& seen);
    void protect_charge(const Seen& seen);
    void discharge_by_sensor();
    void discharge_by_portal();
    void discharge_common();
    void charge_by_sensor();
    void charge_by_portal();
    void raise_charge();
    void watch_grid(const Seen& seen);

    PeerBy by_;
    Mean grid_{10};
    Mean battery_{10};
    Mean sensor_{6};
    Mean portal_{1};
    double charge_ = 0;         // C
    double discharge_ = 0;      // D
    double charge_cap_ = 0;     // Ccap
    double discharge_cap_ = 0;  // Dcap
    double lowered_at_ = 0;     // tlow
    double acted_at_ = 0;       // tosc
    double ended_at_ = 0;       // t5
    bool each_5s_ = false;      // G5
    bool enforced_ = false;
    bool oscillates_ = false;
    double volts_ = 52;
};

}  // namespace jkp::closed_loop::baseline
