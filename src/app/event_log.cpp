// SPDX-License-Identifier: MIT
#include "app/event_log.hpp"

#include <spdlog/spdlog.h>

namespace jkp::app {
namespace {

constexpr Duration quiet_for = control::minutes(1);

spdlog::level::level_enum level(report::Severity severity) {
    switch (severity) {
        case report::Severity::info: return spdlog::level::info;
        case report::Severity::warning: return spdlog::level::warn;
        case report::Severity::error: return spdlog::level::err;
    }
    return spdlog::level::err;
}

}  // namespace

void EventLog::event(const control::Event& event, const control::Config& config, TimePoint now) {
    // Changes are told each time; only what can come with every reading is held back.
    const std::string text = report::describe(event, config);
    const report::Severity severity = report::severity(event.code);
    if (event.code != control::EventCode::sample_rejected) {
        log_->log(level(severity), text);
        return;
    }
    repeated("rejected" + std::to_string(event.pack) + "/" + std::to_string(event.value), severity, text, now);
}

void EventLog::repeated(const std::string& key, report::Severity severity, const std::string& text, TimePoint now) {
    const auto [it, first] = last_.try_emplace(key);
    Last& last = it->second;
    if (!first && now - last.at < quiet_for) {
        ++last.suppressed;
        return;
    }
    if (last.suppressed > 0) {
        log_->log(level(severity), "{} ({} more since)", text, last.suppressed);
    } else {
        log_->log(level(severity), text);
    }
    last = {now, 0};
}

}  // namespace jkp::app
