// SPDX-License-Identifier: MIT
// Points that come by themselves: the current is asked from a GoodWe.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <iostream>

#include "app/calibration_run.hpp"
#include "app/sensor_wiring.hpp"
#include "cli/calibration_points.hpp"
#include "io/signals.hpp"

namespace jkp::cli {
namespace {

constexpr std::size_t most_points = 10000;  // half a day

app::CalibrationRunSettings run_settings(const SensorOptions& options,
                                         const config::SensorSettings& settings) {
    app::CalibrationRunSettings run;
    run.sensor = app::sensor_peer_settings(settings);
    run.reference.address.host = options.goodwe;
    run.average = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options.average_s));
    return run;
}

}  // namespace

std::optional<CalibrationPoints> goodwe_points(const SensorOptions& options,
                                               const config::SensorSettings& settings) {
    // Never destroyed: its destructor waits for a name that is being looked up, and a dead name server would
    // hold the command longer than it was given or after Ctrl-C. The end of the process takes it along.
    static auto& loop = *new boost::asio::io_context(1);
    CalibrationPoints result;
    app::CalibrationRun run(loop, run_settings(options, settings),
                            {.on_point =
                                 [&](const meter::CalibrationPoint& point) {
                                     result.points.push_back(point);
                                     tell_point(point);
                                     if (result.points.size() == most_points) loop.stop();
                                 },
                             .on_state = [](bool, const std::string& sentence) { complain(sentence); }});
    const io::Signals signals(loop, {.on_stop = [&] { loop.stop(); }, .on_reload = [] {}});
    boost::asio::steady_timer end(loop);
    if (options.for_s > 0) {
        end.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            std::chrono::duration<double>(options.for_s)));
        end.async_wait([&](const boost::system::error_code& failed) {
            if (!failed) loop.stop();
        });
    }
    std::cerr << "Let the second battery charge and discharge; each steady current becomes a point.\n"
              << (options.for_s > 0 ? "" : "Ctrl-C ends it and computes the calibration.\n");
    run.start();
    loop.restart();
    loop.run();
    result.chip = run.chip();
    if (!result.chip) return std::nullopt;
    return result;
}

}  // namespace jkp::cli
