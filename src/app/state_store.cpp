// SPDX-License-Identifier: MIT
#include "app/state_store.hpp"

#include <spdlog/spdlog.h>

#include "app/wall_clock.hpp"
#include "io/clock.hpp"
#include "io/state_file.hpp"
#include "report/saved_json.hpp"

namespace jkp::app {
namespace {

constexpr Duration save_period = control::minutes(5);

}  // namespace

control::State restored_state(const config::Settings& settings, spdlog::logger& log) {
    const auto fresh = [&](const std::string& why) {
        if (!why.empty()) log.warn("state file {}: {}; starting with full holds", settings.state.file, why);
        control::State state = control::make_state(settings.control);
        if (!why.empty()) state.restored_hold = settings.control.dynamics.rise_hold;
        return state;
    };
    const auto text = io::read_state(settings.state.file);
    if (!text) return fresh(text.error());
    if (!*text) return fresh({});
    const auto saved = report::saved_from_json(**text);
    if (!saved) return fresh(saved.error());
    return control::restore(settings.control, *saved, io::now(), wall_time(), settings.state.max_age);
}

std::string StateStore::keep(const control::Config& config, const Controller& controller, TimePoint now) {
    std::string error = keeper_.take_error();
    // Before the first complete reading the file is the truth, but for what was ordered since.
    if (!controller.decision().complete && !kept_.ordered(controller.state())) return error;
    const bool changed = kept_.changed(controller.state());
    if (changed || now - saved_at_ >= save_period) save(config, controller, now, false);
    return error;
}

void StateStore::farewell(const control::Config& config, const Controller& controller, TimePoint now) {
    save(config, controller, now, true);
}

void StateStore::save(const control::Config& config, const Controller& controller, TimePoint now,
                      bool orderly) {
    // Otherwise what the file says is still the truth.
    if (!controller.decision().complete && !kept_.ordered(controller.state())) return;
    saved_at_ = now;
    kept_.remember(controller.state());
    keeper_.write(report::saved_json(control::save(config, controller.state(), now, wall_time(), orderly)));
}

}  // namespace jkp::app
