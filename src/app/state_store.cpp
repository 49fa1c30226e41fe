// SPDX-License-Identifier: MIT
#include "app/state_store.hpp"

#include "app/wall_clock.hpp"
#include "io/clock.hpp"
#include "io/state_file.hpp"
#include "report/saved_json.hpp"

namespace jkp::app {
namespace {

constexpr Duration save_period = control::minutes(5);
constexpr Duration retry_period = control::seconds(10);
constexpr std::int64_t least_step_s = 3;  // two roundings to whole seconds make less

std::optional<std::int64_t> ahead(const std::optional<WallTime>& wall, TimePoint now) {
    if (!wall) return std::nullopt;
    return wall->seconds - milliseconds(now.time_since_epoch()) / 1000;
}

// What comes out of a damaged file goes to outlets that want short and valid text.
std::string plain(std::string text) {
    constexpr std::size_t longest = 200;
    if (text.size() > longest) text.resize(longest);
    for (char& c : text) c = c >= 0x20 && c < 0x7F ? c : '?';
    return text;
}

Restored unusable(const config::Settings& settings, const std::string& cause) {
    const std::string why = plain(cause);
    const std::string& file = settings.state.file;
    Restored result{.state = control::restore_unknown(settings.control, io::now())};
    const auto aside =
        io::replace_unusable(file, report::saved_json(control::save(settings.control, result.state, io::now(),
                                                                    wall_time(), false, boot_id())));
    result.written = aside.has_value();
    result.trouble = "the state file " + file + " cannot be used: " + why +
                     ". What was latched or ordered is not known, so nothing flows. Look at the cells, then "
                     "`jk-pylon ack` for each pack, and give orders such as a pause anew; " +
                     (aside ? "the file is kept as " + *aside : "it stays where it is: " + aside.error());
    result.trouble_de =
        "Die Zustandsdatei " + file + " ist nicht verwendbar: " + why +
        ". Was gesperrt oder befohlen war, ist unbekannt, also fließt nichts. Zellen ansehen, "
        "dann `jk-pylon ack` für jeden Pack, und Befehle wie eine Pause neu geben; " +
        (aside ? "die Datei liegt jetzt in " + *aside : "sie bleibt liegen: " + aside.error());
    return result;
}

Restored usable(const config::Settings& settings, const control::Saved& saved) {
    Restored result{.state = control::restore(settings.control, saved, io::now(), wall_time(),
                                              settings.state.max_age, boot_id())};
    if (saved.unheard_of.empty()) return result;
    std::string words;
    for (const std::string& word : saved.unheard_of) words += (words.empty() ? "" : ", ") + word;
    words = plain(words);
    result.trouble =
        "the state file names orders that this version does not know; they are not in force: " + words;
    result.trouble_de =
        "Die Zustandsdatei nennt Befehle, die diese Version nicht kennt; sie gelten nicht: " + words;
    return result;
}

}  // namespace

Restored restored_state(const config::Settings& settings) {
    const auto text = io::read_state(settings.state.file);
    if (!text) return unusable(settings, text.error());
    if (!*text) return {.state = control::make_state(settings.control)};
    const auto saved = report::saved_from_json(**text);
    return saved ? usable(settings, *saved) : unusable(settings, saved.error());
}

StateDoor door_to(StateKeeper& keeper) {
    return {.write = [&keeper](std::string text) { keeper.write(std::move(text)); },
            .take_error = [&keeper] { return keeper.take_error(); },
            .wall = wall_time,
            .boot = boot_id()};
}

std::string StateStore::keep(const control::Config& config, const Controller& controller, TimePoint now) {
    std::string error = door_.take_error();
    unsaved_ = unsaved_ || !error.empty();
    // Before the first complete reading the file is the truth, but for what was latched or ordered since.
    const bool due = controller.decision().complete && passed(save_period, now);
    const bool again = unsaved_ && passed(retry_period, now);
    if (due || again || kept_.changed(controller.state()) || clock_was_set(now)) {
        save(config, controller, now, false);
    }
    return error;
}

void StateStore::farewell(const control::Config& config, const Controller& controller, TimePoint now) {
    unsaved_ = unsaved_ || !door_.take_error().empty();
    // Otherwise what the file says is still the truth.
    if (controller.decision().complete || unsaved_ || kept_.changed(controller.state())) {
        save(config, controller, now, true);
    }
}

bool StateStore::passed(Duration period, TimePoint now) const {
    return !saved_at_ || now - *saved_at_ >= period;
}

// Ages are counted by the wall clock when the machine was off: a file with the time of before a step would be
// older, or newer, than it is.
bool StateStore::clock_was_set(TimePoint now) const {
    if (!saved_at_) return false;
    const auto clock = ahead(door_.wall(), now);
    if (!clock || !clock_) return clock.has_value() != clock_.has_value();
    return *clock - *clock_ >= least_step_s || *clock_ - *clock >= least_step_s;
}

void StateStore::save(const control::Config& config, const Controller& controller, TimePoint now,
                      bool orderly) {
    const auto wall = door_.wall();
    saved_at_ = now;
    unsaved_ = false;
    clock_ = ahead(wall, now);
    kept_.remember(controller.state());
    door_.write(
        report::saved_json(control::save(config, controller.state(), now, wall, orderly, door_.boot)));
}

}  // namespace jkp::app
