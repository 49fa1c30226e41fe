// SPDX-License-Identifier: MIT
#include "app/web_live.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "report/history.hpp"

namespace jkp::app {
namespace {

using io::SharedText;
using report::LinkView;
using report::PackSnapshot;
using report::Snapshot;

SharedText event_text(std::string_view kind, std::string_view data) {
    std::string text;
    text.reserve(data.size() + 32);
    text.append("event: ").append(kind).append("\ndata: ").append(data).append("\n\n");
    return std::make_shared<const std::string>(std::move(text));
}

std::string line_of(const report::Json& value) {
    return value.dump(-1, ' ', false, report::Json::error_handler_t::replace);
}

bool differs(const LinkView& a, const LinkView& b) {
    return a.state != b.state || a.health != b.health || a.detail != b.detail;
}

bool differs(const PackSnapshot& a, const PackSnapshot& b) {
    return a.reading != b.reading || a.hard_stop_latched != b.hard_stop_latched || a.fault != b.fault ||
           a.lockout != b.lockout || a.recovering != b.recovering || differs(a.link, b.link);
}

bool differs(const report::CommandView& a, const report::CommandView& b) {
    return a.value != b.value || a.effective != b.effective || a.who != b.who || a.allowed != b.allowed;
}

bool differs(const control::Decision& a, const control::Decision& b) {
    const auto grid = [](const control::Decision& d) {
        return d.site.view.grid ? std::optional(d.site.view.grid->value) : std::nullopt;
    };
    const auto peer = [](const control::Decision& d) {
        return d.site.view.peer ? std::optional(d.site.view.peer->flow.value) : std::nullopt;
    };
    return a.complete != b.complete || a.charge.value() != b.charge.value() ||
           a.discharge.value() != b.discharge.value() || a.charge.reason().rule != b.charge.reason().rule ||
           a.discharge.reason().rule != b.discharge.reason().rule || a.charge_voltage != b.charge_voltage ||
           a.discharge_voltage != b.discharge_voltage || a.voltage != b.voltage || a.current != b.current ||
           a.soc != b.soc || a.phase != b.phase || a.age_stage != b.age_stage ||
           a.protections != b.protections || a.alarms != b.alarms || a.charge_enable != b.charge_enable ||
           a.discharge_enable != b.discharge_enable || a.site.mode != b.site.mode ||
           a.site.oscillation != b.site.oscillation || grid(a) != grid(b) || peer(a) != peer(b);
}

template <class List>
bool any_differs(const List& a, const List& b) {
    if (a.size() != b.size()) return true;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (differs(a[i], b[i])) return true;
    }
    return false;
}

}  // namespace

bool differs(const Snapshot& a, const Snapshot& b) {
    return differs(a.decision, b.decision) || a.bus.mode != b.bus.mode || differs(a.bus.link, b.bus.link) ||
           any_differs(a.packs, b.packs) || any_differs(a.sources, b.sources) ||
           any_differs(a.outlets, b.outlets) || any_differs(a.commands, b.commands);
}

void WebLive::watch(std::shared_ptr<io::EventStream> stream, report::Language language,
                    const Snapshot& snapshot) {
    sweep();
    // The browser comes back by itself after this many milliseconds.
    static const auto greeting = std::make_shared<const std::string>("retry: 3000\n\n");
    if (!stream->send(greeting, false)) return;
    if (!stream->send(event_text("snapshot", *text_(snapshot)), true)) return;
    watchers_.push_back({std::move(stream), language});
}

bool WebLive::is_due(TimePoint now) const {
    return is_watched() && (!shown_at_ || now - *shown_at_ >= live_at_most);
}

void WebLive::show(const Snapshot& snapshot, TimePoint now) {
    const bool old = !shown_at_ || now - *shown_at_ >= live_at_least;
    if (!old && shown_ && !differs(*shown_, snapshot)) return;
    const SharedText text = event_text("snapshot", *text_(snapshot));
    for (const Watcher& watcher : watchers_) watcher.stream->send(text, true);
    shown_ = snapshot;
    shown_at_ = now;
    sweep();
}

void WebLive::tell(const report::EventRecord& event) {
    std::array<SharedText, 2> texts;
    for (const Watcher& watcher : watchers_) {
        SharedText& text = texts[static_cast<std::size_t>(watcher.language)];
        if (!text) text = event_text("event", line_of(report::event_json(event, watcher.language)));
        watcher.stream->send(text, false);
    }
    sweep();
}

void WebLive::sweep() {
    std::erase_if(watchers_, [](const Watcher& watcher) { return !watcher.stream->open(); });
    if (watchers_.empty()) shown_.reset();
}

}  // namespace jkp::app
