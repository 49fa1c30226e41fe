// SPDX-License-Identifier: MIT
#include "report/words_de.hpp"

namespace jkp::report {
namespace {

struct Lead {
    std::string_view code;  // how it begins
    std::string_view words;
};

// What happened, as far as the code of a link says it.
constexpr Lead whole[] = {
    {"foreign",
     "Eine andere Batterie sendet 0x351 oder 0x359 auf diesem Bus; still, bis 10 s Ruhe war. Eine der beiden "
     "abtrennen"},
    {"queue",
     "Die CAN-Warteschlange ist voll, die Nachrichten wurden verworfen: Niemand bestätigt sie. Kabel, "
     "Abschlusswiderstand und Wechselrichter prüfen"},
};
constexpr Lead leads[] = {
    {"port", "Serielle Verbindung zum BMS"},
    {"poll", "Antwort des BMS fehlerhaft"},
    {"source", "Quelle"},
    {"can", "CAN-Verbindung"},
    {"mode", "Senden auf dem CAN-Bus"},
    {"state", "Zustandsdatei nicht geschrieben"},
    {"history", "Aufzeichnung"},
    {"notify", "Benachrichtigung"},
    {"mqtt", "MQTT"},
    {"http", "HTTP"},
    {"command", "Befehl"},
};

template <class Leads>
std::string_view lead(const Leads& list, std::string_view code) {
    for (const Lead& entry : list) {
        if (code.starts_with(entry.code)) return entry.words;
    }
    return {};
}

std::string_view state_words(Severity severity) {
    switch (severity) {
        case Severity::info: return "Meldung";
        case Severity::warning: return "Warnung";
        case Severity::error: return "Fehler";
    }
    broken("a Severity of the list", std::source_location::current());
}

}  // namespace

std::string mode_words_de(control::TransportMode mode) {
    switch (mode) {
        case control::TransportMode::normal: return "Es wird an den Wechselrichter gesendet";
        case control::TransportMode::unacknowledged:
            return "Niemand bestätigt unsere Nachrichten; bis dahin wird nur der Name (0x35E) gesendet. "
                   "Prüfen: Ist der Wechselrichter an, das Kabel, 120 Ohm an beiden Enden";
        case control::TransportMode::foreign: return "Still: Eine andere Batterie ist am Bus";
        case control::TransportMode::muted:
            return "transmit = false: Es wird gerechnet und angezeigt, aber nichts gesendet";
    }
    broken("a TransportMode of the list", std::source_location::current());
}

std::string link_words_de(std::string_view code, Severity severity, std::string_view text_en) {
    if (const auto words = lead(whole, code); !words.empty()) return std::string(words);
    std::string_view words = lead(leads, code);
    if (words.empty()) words = code;
    std::string text(words);
    const bool source = words == "Quelle";
    if (source) text += std::string(code.substr(std::string_view("source").size()));
    return text + ", " + std::string(state_words(severity)) + ": \"" + std::string(text_en) + '"';
}

}  // namespace jkp::report
