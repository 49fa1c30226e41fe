// SPDX-License-Identifier: MIT
#include <string>

#include "app/controller.hpp"
#include "codecs.hpp"
#include "control/step.hpp"

namespace jkp::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

control::Config config_of(std::size_t packs) {
    control::Config config;
    for (std::size_t i = 0; i < packs; ++i) {
        control::PackConfig pack;
        pack.name = std::string_view("pack" + std::to_string(i + 1));
        pack.max_charge = pack.max_discharge = Milliamps(60'000);
        config.packs.push_back(pack);
    }
    return config;
}

// Readings that differ from each other, prepared so that making them is not measured.
class Feed {
  public:
    explicit Feed(std::size_t packs) {
        for (std::size_t i = 0; i < packs; ++i) arrivals_.push_back({i, {reading(static_cast<int>(i)), {}}});
    }
    std::span<const control::Arrival> at(TimePoint now) {
        for (control::Arrival& arrival : arrivals_) {
            arrival.reading.at = now;
            arrival.reading.value.cells[0] = Millivolts(3300 + ++tick_ % 3);
        }
        return arrivals_;
    }

  private:
    std::vector<control::Arrival> arrivals_;
    int tick_ = 0;
};

// One step in which every pack has a new reading, a second after the one before.
void step(benchmark::State& state, std::size_t packs) {
    const control::Config config = config_of(packs);
    control::State control_state = control::make_state(config);
    Feed feed(packs);
    TimePoint now{seconds(1000)};
    control::Decision decision;
    measure(state, [&] {
        now += seconds(1);
        decision = control::step(config, control_state, {now, feed.at(now), now});
        benchmark::DoNotOptimize(decision);
    });
    if (!decision.complete) state.SkipWithError("the readings were not accepted");
}

void step_without_reading(benchmark::State& state) {
    const control::Config config = config_of(1);
    control::State control_state = control::make_state(config);
    Feed feed(1);
    TimePoint now{seconds(1000)};
    control::Decision decision = control::step(config, control_state, {now, feed.at(now), now});
    measure(state, [&] {
        decision = control::step(config, control_state, {now, {}, now});
        benchmark::DoNotOptimize(decision);
    });
    if (!decision.complete) state.SkipWithError("the readings were not accepted");
}

// What the gateway does between a decoded answer and the bytes for the bus.
void reading_to_frames(benchmark::State& state) {
    app::ControllerSettings settings{.control = config_of(1), .transport = {}, .profile = {}};
    settings.transport.supervise_echo = false;
    app::Controller controller(settings, control::make_state(settings.control));
    Feed feed(1);
    TimePoint now{seconds(1000)};
    app::Frames frames;
    measure(state, [&] {
        now += seconds(1);
        const control::Arrival& arrival = feed.at(now).front();
        controller.on_reading(arrival.pack, arrival.reading);
        frames = controller.cycle(now);
        benchmark::DoNotOptimize(frames);
    });
    if (frames.size() != 6) state.SkipWithError("a reading gave no burst");
}

}  // namespace

std::string step_name(std::size_t packs) {
    return "control step, new readings of " + std::to_string(packs) + " pack(s)";
}

void register_control() {
    for (const std::size_t packs : {1U, 16U, 64U}) {
        benchmark::RegisterBenchmark(step_name(packs).c_str(),
                                     [packs](benchmark::State& s) { step(s, packs); });
    }
    benchmark::RegisterBenchmark("control step without a new reading, 1 pack", step_without_reading);
    benchmark::RegisterBenchmark("reading -> step -> six CAN frames, 1 pack", reading_to_frames);
}

}  // namespace jkp::bench
