// SPDX-License-Identifier: MIT
// The controller in virtual time: a BMS that may be polled or not, and the frames that come out.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "app/controller.hpp"
#include "control/builders.hpp"

namespace jkp::app::test {

using control::test::amps;
using control::test::celsius;
using control::test::mv;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

inline ControllerSettings settings_of_one() {
    ControllerSettings settings;
    settings.control = control::test::config_of_one();
    settings.transport.supervise_echo = false;
    return settings;
}

struct Sent {
    CanFrame frame;
    TimePoint at;
};

template <class Message>
struct Heard {
    Message message;
    TimePoint at;
};

class VirtualBank {
  public:
    explicit VirtualBank(const ControllerSettings& settings = settings_of_one())
        : controller(settings, control::make_state(settings.control)) {}

    // Lets the time pass with a reading each second (when `polled`) and cycles when they are due.
    void pass(Duration time) {
        const TimePoint end = now + time;
        while (now < end) {
            const TimePoint due = std::max(controller.wake_at(), now + milliseconds(5));
            now = std::min({due, next_poll, end});
            if (now >= next_poll) poll();
            if (now >= due || asked) cycle();
            asked = false;
        }
    }
    void cycle() {
        ++cycles;
        for (const CanFrame& frame : controller.cycle(now)) sent.push_back({frame, now});
    }
    void foreign(std::uint32_t id) {
        controller.on_frame({.id = id, .size = 8, .data = {}}, now);
        cycle();
    }

    template <class Message>
    [[nodiscard]] std::vector<Heard<Message>> all(std::size_t from = 0) const {
        std::vector<Heard<Message>> result;
        for (std::size_t i = from; i < sent.size(); ++i) {
            const auto message = pylontech::decode(sent[i].frame);
            if (const auto* wanted = std::get_if<Message>(&*message)) result.push_back({*wanted, sent[i].at});
        }
        return result;
    }
    template <class Message>
    [[nodiscard]] Message last() const {
        return all<Message>().back().message;
    }
    [[nodiscard]] Milliamps charge() const { return last<pylontech::Limits>().charge_current_limit; }
    [[nodiscard]] Milliamps discharge() const { return last<pylontech::Limits>().discharge_current_limit; }

    Controller controller;
    PackReading reading = control::test::reading_at(mv(3300));
    bool polled = true;
    TimePoint now{seconds(1000)};
    std::vector<Sent> sent;
    std::uint64_t cycles = 0;

  private:
    void poll() {
        next_poll += seconds(1);
        if (!polled) return;
        controller.on_reading(0, {reading, now});
        asked = true;
    }

    TimePoint next_poll{seconds(1000)};
    bool asked = false;
};

}  // namespace jkp::app::test
