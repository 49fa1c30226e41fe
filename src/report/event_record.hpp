// SPDX-License-Identifier: MIT
// One line of the event log as the outside sees it: with a number, a stable code, and words in English and
// German. MQTT, HTTP, the database and the webhook all hand on this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "control/event.hpp"
#include "core/time.hpp"
#include "report/words.hpp"

namespace jkp::report {

struct EventRecord {
    std::uint64_t id = 0;             // rises by one; the first is 1, and after a restart it goes on
    std::optional<WallTime> at = {};  // absent: the clock was not set
    Duration uptime{};                // of the program
    std::string code = {};            // control::name(EventCode), or of a link: "can", "source sma", "port0"
    Severity severity = Severity::info;
    std::string pack = {};  // its name; empty: the event speaks of none
    std::string text_en = {};
    std::string text_de = {};
    std::string topic = {};  // what it tells the state of: a fault and its end have the same
    bool operator==(const EventRecord&) const = default;
};

enum class Language : std::uint8_t { english, german };
constexpr const std::string& text(const EventRecord& event, Language language) {
    return language == Language::german ? event.text_de : event.text_en;
}

// "info", "warning", "error"; and back, absent when it is no such word.
std::string_view name(Severity severity);
std::optional<Severity> severity_from(std::string_view word);

// What an event tells the state of: data_stale, data_zero and data_back all speak of "data".
std::string_view topic(control::EventCode code);
// Whether the event is about one pack.
bool of_a_pack(control::EventCode code);

// Without number and time.
EventRecord event_record(const control::Event& event, const control::Config& config);
// The same for a link: `code` names it, `pack` may be empty. Without German words these are made of the code
// and the English sentence.
EventRecord link_record(std::string code, Severity severity, std::string pack, std::string text_en,
                        std::string text_de);

}  // namespace jkp::report
