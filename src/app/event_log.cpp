// SPDX-License-Identifier: MIT
#include "app/event_log.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

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

// What comes and goes with a contact, a network or a value at its threshold: the topic whose state it tells.
constexpr std::pair<control::EventCode, std::string_view> topics[] = {
    {control::EventCode::data_stale, "data"},          {control::EventCode::data_zero, "data"},
    {control::EventCode::data_back, "data"},           {control::EventCode::inverter_lost, "inverter"},
    {control::EventCode::inverter_back, "inverter"},   {control::EventCode::inverter_disobeys, "obedience"},
    {control::EventCode::inverter_obeys, "obedience"}, {control::EventCode::pack_lost, "pack"},
    {control::EventCode::pack_joined, "pack"},         {control::EventCode::meter_lost, "meter"},
    {control::EventCode::meter_back, "meter"},         {control::EventCode::peer_lost, "peer"},
    {control::EventCode::peer_back, "peer"},           {control::EventCode::soc_drift, "drift"},
    {control::EventCode::soc_drift_over, "drift"},     {control::EventCode::command_accepted, "command"},
    {control::EventCode::command_ended, "command"},    {control::EventCode::command_expired, "command"},
};

// What can come with every reading.
constexpr control::EventCode repeating[] = {
    control::EventCode::sample_rejected,  control::EventCode::probe_missing,
    control::EventCode::start_frame_held, control::EventCode::start_frame_accepted,
    control::EventCode::frozen_data,      control::EventCode::cell_counts_differ,
    control::EventCode::peers_differ,     control::EventCode::command_refused,
};

std::optional<std::string> topic_of(const control::Event& event) {
    for (const auto& [code, topic] : topics) {
        if (code != event.code) continue;
        return "event " + std::string(topic) + std::to_string(event.pack) + '/' +
               std::to_string(static_cast<int>(event.command));
    }
    return std::nullopt;
}

// Another reason or another probe is another message; of the rest the value is a detail.
std::optional<std::string> key_of(const control::Event& event) {
    if (std::ranges::find(repeating, event.code) == std::end(repeating)) return std::nullopt;
    const std::string key = std::string(name(event.code)) + std::to_string(event.pack);
    const bool one_of_several = event.code == control::EventCode::sample_rejected ||
                                event.code == control::EventCode::probe_missing ||
                                event.code == control::EventCode::command_refused;
    if (!one_of_several) return key;
    return key + '/' + std::to_string(event.value) + '/' + std::string(name(event.command));
}

}  // namespace

void EventLog::event(const control::Event& event, const control::Config& config, TimePoint now) {
    const std::string text = report::describe(event, config);
    const report::Severity severity = report::severity(event.code);
    if (const auto topic = topic_of(event)) return state(*topic, severity, text, now);
    if (const auto key = key_of(event)) return repeated(*key, severity, text, now);
    log_->log(level(severity), text);
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
