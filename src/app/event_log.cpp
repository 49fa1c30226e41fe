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

std::string code_of_key(const std::string& key) {
    constexpr std::string_view poll = "poll";
    if (!key.starts_with(poll)) return key;
    return key.substr(0, key.find_first_not_of("0123456789", poll.size()));
}

report::EventRecord link(std::string code, report::Severity severity, const std::string& text,
                         const Wording& wording) {
    return report::link_record(std::move(code), severity, wording.pack, text, wording.de);
}

void add(report::EventRecord& record, const std::string& english, const std::string& german) {
    record.text_en += " (" + english + ')';
    record.text_de += " (" + german + ')';
}

}  // namespace

void EventLog::event(const control::Event& event, const control::Config& config, TimePoint now) {
    Record record = report::event_record(event, config);
    if (const auto topic = topic_of(event)) return state(*topic, std::move(record), now);
    if (const auto key = key_of(event)) return repeated(*key, std::move(record), now);
    write(std::move(record), now);
}

void EventLog::repeated(const std::string& key, report::Severity severity, const std::string& text,
                        TimePoint now, const Wording& wording) {
    repeated(key, link(code_of_key(key), severity, text, wording), now);
}

void EventLog::state(const std::string& topic, report::Severity severity, const std::string& text,
                     TimePoint now, const Wording& wording) {
    state(topic, link(topic, severity, text, wording), now);
}

void EventLog::once(const std::string& code, report::Severity severity, const std::string& text,
                    TimePoint now, const Wording& wording) {
    write(link(code, severity, text, wording), now);
}

void EventLog::repeated(const std::string& key, Record record, TimePoint now) {
    const auto [it, first] = last_.try_emplace(key);
    Last& last = it->second;
    if (!first && now - last.at < quiet_for) {
        ++last.suppressed;
        return;
    }
    if (last.suppressed > 0) {
        const std::string count = std::to_string(last.suppressed);
        add(record, count + " more since", "seither " + count + " weitere");
    }
    write(std::move(record), now);
    last = {now, 0};
}

void EventLog::state(const std::string& name, Record record, TimePoint now) {
    Topic& topic = topics_[name];
    if (topic.written == 0 || now - topic.since >= quiet_for) {
        topic.since = now;
        topic.written = 0;
    }
    if (topic.written < changes_at_once) return write(topic, std::move(record), now);
    ++topic.held_back;
    topic.last = std::move(record);
}

void EventLog::settle(TimePoint now) {
    for (auto& [name, topic] : topics_) {
        if (topic.held_back == 0 || now - topic.since < quiet_for) continue;
        topic.since = now;
        topic.written = 0;
        --topic.held_back;  // the one that is written
        write(topic, std::move(topic.last), now);
    }
}

void EventLog::write(Topic& topic, Record record, TimePoint now) {
    if (topic.held_back > 0) {
        const std::string count = std::to_string(topic.held_back);
        add(record, "changed " + count + " times more since", "seither " + count + " weitere Wechsel");
    }
    ++topic.written;
    topic.held_back = 0;
    write(std::move(record), now);
}

void EventLog::write(Record record, TimePoint now) {
    log_->log(level(record.severity), record.text_en);
    if (!outlet_.sink) return;
    record.id = outlet_.next_id++;
    record.uptime = now - outlet_.started;
    if (outlet_.wall) record.at = outlet_.wall();
    outlet_.sink(record);
}

}  // namespace jkp::app
