// SPDX-License-Identifier: MIT
#include "app/event_log.hpp"

#include <spdlog/spdlog.h>

namespace jkp::app {
namespace {

constexpr Duration quiet_for = control::minutes(1);
constexpr unsigned changes_at_once = 10;

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
    repeated("rejected" + std::to_string(event.pack) + "/" + std::to_string(event.value), severity, text,
             now);
}

void EventLog::repeated(const std::string& key, report::Severity severity, const std::string& text,
                        TimePoint now) {
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

void EventLog::write(Topic& topic, report::Severity severity, const std::string& text) {
    if (topic.held_back > 0) {
        log_->log(level(severity), "{} (changed {} times more since)", text, topic.held_back);
    } else {
        log_->log(level(severity), text);
    }
    ++topic.written;
    topic.held_back = 0;
}

void EventLog::state(const std::string& name, report::Severity severity, const std::string& text,
                     TimePoint now) {
    Topic& topic = topics_[name];
    if (topic.written == 0 || now - topic.since >= quiet_for) {
        topic.since = now;
        topic.written = 0;
    }
    if (topic.written < changes_at_once) return write(topic, severity, text);
    ++topic.held_back;
    topic.severity = severity;
    topic.text = text;
}

void EventLog::settle(TimePoint now) {
    for (auto& [name, topic] : topics_) {
        if (topic.held_back == 0 || now - topic.since < quiet_for) continue;
        topic.since = now;
        topic.written = 0;
        --topic.held_back;  // the one that is written
        write(topic, topic.severity, topic.text);
    }
}

}  // namespace jkp::app
