// SPDX-License-Identifier: MIT
// Collects calibration points by itself: the current from a GoodWe, the field from the sensor at the same
// time. A current counts only when the GoodWe told about the same one before, because its answers are seconds
// old. Thread: that of the io_context.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "app/goodwe_peer.hpp"
#include "app/sensor_peer.hpp"
#include "meter/field_calibration.hpp"

namespace jkp::app {

struct CalibrationRunSettings {
    SensorPeerSettings sensor;  // its model is not used
    GoodwePeerSettings reference;
    Duration average = std::chrono::seconds(3);  // of the field, up to the answer
    Milliamps steady{1000};                      // the most that two answers in a row may differ
};

struct CalibrationRunHandlers {
    std::function<void(const meter::CalibrationPoint&)> on_point;
    // Each change of the sensor (true) and of the GoodWe, with cause and next step.
    std::function<void(bool good, const std::string& sentence)> on_state;
};

class CalibrationRun {
  public:
    CalibrationRun(boost::asio::io_context& loop, CalibrationRunSettings settings,
                   CalibrationRunHandlers handlers);
    void start();

    // Absent until the first sample.
    [[nodiscard]] std::optional<meter::MagnetometerChip> chip() const { return chip_; }

  private:
    void keep(const Stamped<SensorSample>& sample);
    void take(const Stamped<PeerReading>& reading);
    // Absent when the sensor has given nothing usable lately.
    [[nodiscard]] std::optional<meter::Vector3> mean_field(TimePoint until) const;

    CalibrationRunSettings settings_;
    CalibrationRunHandlers handlers_;
    std::deque<Stamped<SensorSample>> samples_;  // of the last `average`
    std::optional<Milliamps> last_current_;
    std::optional<meter::MagnetometerChip> chip_;
    SensorPeer sensor_;
    GoodwePeer reference_;
};

}  // namespace jkp::app
