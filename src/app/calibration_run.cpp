// SPDX-License-Identifier: MIT
#include "app/calibration_run.hpp"

namespace jkp::app {
namespace {

SensorPeerSettings raw(SensorPeerSettings settings) {
    settings.model.reset();
    return settings;
}

}  // namespace

CalibrationRun::CalibrationRun(boost::asio::io_context& loop, CalibrationRunSettings settings,
                               CalibrationRunHandlers handlers)
    : settings_(std::move(settings)),
      handlers_(std::move(handlers)),
      sensor_(loop, raw(settings_.sensor),
              {.on_reading = [](const Stamped<PeerReading>&) {},
               .on_state = handlers_.on_state,
               .on_sample = [this](const Stamped<SensorSample>& sample) { keep(sample); }}),
      reference_(loop, settings_.reference,
                 {.on_reading = [this](const Stamped<PeerReading>& reading,
                                       const goodwe::Readings&) { take(reading); },
                  .on_state = handlers_.on_state}) {}

void CalibrationRun::start() {
    sensor_.start();
    reference_.start();
}

void CalibrationRun::keep(const Stamped<SensorSample>& sample) {
    chip_ = sample.value.chip;
    samples_.push_back(sample);
    while (samples_.front().age(sample.at) > settings_.average) samples_.pop_front();
}

void CalibrationRun::take(const Stamped<PeerReading>& reading) {
    const auto current = reading.value.current;
    const auto before = std::exchange(last_current_, current);
    if (!current || !before || magnitude(*current - *before) > settings_.steady) return;
    if (const auto field = mean_field(reading.at)) handlers_.on_point({*field, *current});
}

std::optional<meter::Vector3> CalibrationRun::mean_field(TimePoint until) const {
    meter::Vector3 sum{};
    int count = 0;
    for (const auto& [sample, at] : samples_) {
        if (at > until || until - at > settings_.average) continue;
        for (std::size_t i = 0; i < meter::axes; ++i) {
            if (!sample.field.axis[i]) return std::nullopt;
            sum[i] += *sample.field.axis[i];
        }
        ++count;
    }
    if (count == 0) return std::nullopt;
    for (double& counts : sum) counts /= count;
    return sum;
}

}  // namespace jkp::app
