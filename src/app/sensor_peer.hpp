// SPDX-License-Identifier: MIT
// The current of the second inverter's battery, from a magnetometer beside its cable, for ever. An optional
// part: missing or failing hardware is told once and looked for again, and never disturbs anything else. The
// bus is used on a thread of its own, because a stuck I2C bus blocks for seconds. Handlers are called from
// the loop. A thread that hangs in the driver is left behind, never waited for.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/magnetometer_port.hpp"
#include "core/site.hpp"
#include "core/stamped.hpp"
#include "meter/field_watch.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

struct SensorPeerSettings {
    MagnetometerPlace place;
    std::optional<meter::FieldModel> model;  // absent: raw samples only
    meter::WatchSettings watch;
    Duration first_retry = std::chrono::seconds(1);  // doubles up to the longest
    Duration longest_retry = std::chrono::seconds(30);
    I2cOpener opener = io::open_i2c_bus;
};

struct SensorSample {
    meter::Field field;
    int counts_per_gauss = 0;
    meter::MagnetometerChip chip = meter::MagnetometerChip::hmc5883l;
    std::optional<Milliamps> current;  // + charge; absent: not known, or no model
    bool operator==(const SensorSample&) const = default;
};

struct SensorPeerHandlers {
    // Only `current` is known. Nothing is delivered while the sensor cannot be believed.
    std::function<void(const Stamped<PeerReading>&)> on_reading;
    // Each change: whether the current is known, and a sentence with cause and next step.
    std::function<void(bool, const std::string&)> on_state;
    // Every sample that could be read, believed or not; for commands. May be empty.
    std::function<void(const Stamped<SensorSample>&)> on_sample = {};
};

class SensorPeer {
  public:
    SensorPeer(boost::asio::io_context& loop, SensorPeerSettings settings, SensorPeerHandlers handlers);
    ~SensorPeer();  // as stop()
    SensorPeer(const SensorPeer&) = delete;
    SensorPeer& operator=(const SensorPeer&) = delete;

    void start();
    // No handler is called after it. Returns at once.
    void stop();

  private:
    boost::asio::io_context& loop_;
    SensorPeerSettings settings_;
    SensorPeerHandlers handlers_;
    class Worker;
    std::shared_ptr<Worker> worker_;
    std::shared_ptr<const SensorPeerHandlers> live_;  // gone: nobody is to be called any more
};

}  // namespace jkp::app
