// SPDX-License-Identifier: MIT
// The simulated site in real time: a BMS on one pseudo terminal, an inverter behind a USB-CAN stick on
// another. For the demo, the end-to-end tests and the bench. Thread of the io_context.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/can_frame.hpp"
#include "sim/scene.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

struct SimHostSettings {
    sim::PackSpec pack;
    sim::InverterSpec inverter;
    sim::Inverter::Wish wish;  // what sun and house would have the battery do
    std::string bms_link;      // stable names of the terminals; empty = none
    std::string can_link;
    Duration step = std::chrono::milliseconds(50);
};

class SimHost {
  public:
    SimHost(boost::asio::io_context& loop, const SimHostSettings& settings);
    ~SimHost();
    SimHost(const SimHost&) = delete;
    SimHost& operator=(const SimHost&) = delete;

    void start();  // plugs both; throws std::system_error
    void stop();

    void plug_bms();
    void unplug_bms();
    void plug_can();
    void unplug_can();
    [[nodiscard]] std::string bms_path() const;
    [[nodiscard]] std::string can_path() const;

    // Cells, misbehaviour and the inverter may be changed through it while it runs.
    [[nodiscard]] sim::Scene& scene();
    // Sees every frame the gateway puts on the bus.
    void on_battery_frame(std::function<void(const CanFrame&, TimePoint)> handler);
    // Called before each step of the scene.
    void on_step(std::function<void(TimePoint)> handler);
    // A frame of somebody else on the bus, as the stick would pass it on.
    void put_on_bus(const CanFrame& frame);
    // Told when the last byte of an answer of the BMS is on the line.
    void on_answer_sent(std::function<void(TimePoint)> handler);
    // Frames of the gateway so far.
    [[nodiscard]] std::uint64_t battery_frames() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
