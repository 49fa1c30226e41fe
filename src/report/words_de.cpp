// SPDX-License-Identifier: MIT
#include "report/words_de.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace jkp::report {
namespace {

using control::Event;
using control::EventCode;
using control::Phase;
using control::Rejection;

// A number of words.hpp with the decimal comma: "3,462 V".
std::string comma(std::string text) {
    std::ranges::replace(text, '.', ',');
    return text;
}

// `value` / 10^digits with `shown` decimals.
std::string number(std::int32_t value, int digits, int shown) {
    std::array<char, 40> text{};
    double shifted = value;
    for (int i = 0; i < digits; ++i) shifted /= 10.0;
    std::snprintf(text.data(), text.size(), "%.*f", shown, shifted);
    return comma(text.data());
}

std::string pack_name(std::uint8_t index, const control::Config& config) {
    if (index >= config.packs.size()) return "Pack " + std::to_string(index + 1);
    return std::string(config.packs[index].name.view());
}

std::string cell(const Event& event) {
    return comma(cell_volts(Millivolts(event.value)));
}

std::string evidence_words(const control::OscillationEvidence& evidence) {
    return " mit einer Periode von " + comma(seconds_text(evidence.period)) + ", " +
           std::to_string(evidence.half_waves) + " gleiche Halbwellen; unsere Batterie schwingt um " +
           std::to_string(evidence.own.count()) + " W mit; beide Grenzen sind auf " +
           number(evidence.cap.count(), 3, 1) + " A gekürzt";
}

std::string command_words(const Event& event) {
    return "Befehl " + std::string(name(event.command));
}
std::string command_value(control::CommandKind kind, std::int32_t value) {
    if (is_current(kind)) return number(value, 3, 1) + " A";
    return value == 0 ? "aus" : "ein";
}
std::string by_whom(const Event& event) {
    return event.who.empty() ? "" : " von " + std::string(event.who.view());
}

}  // namespace

std::string describe_de(const Event& e, const control::Config& config) {
    const std::string pack = pack_name(e.pack, config);
    switch (e.code) {
        case EventCode::sample_rejected:
            return pack + ": Messwerte verworfen: " + describe_de(static_cast<Rejection>(e.value));
        case EventCode::start_frame_held:
            return pack + ": Das BMS startet noch (SOC 0, 0 Zyklen, gesunde Zellen); es wird darauf gewartet";
        case EventCode::start_frame_accepted:
            return pack +
                   ": Seit langem SOC 0 und 0 Zyklen; das wird nun geglaubt. Den SOC in der JK-App prüfen";
        case EventCode::probe_missing:
            return pack + ": Messwerte verworfen: Der Temperaturfühler " +
                   std::string(name(static_cast<Probe>(e.value))) +
                   " hat noch nie einen gültigen Wert geliefert; temperature_sensors oder den Fühler "
                   "berichtigen";
        case EventCode::frozen_data:
            return pack +
                   ": Seit zwei Minuten dieselben Werte, obwohl Strom fließt; sie gelten als alte Daten";
        case EventCode::thresholds_lowered:
            return pack + ": Ladespannungen um " + std::to_string(e.value) +
                   " mV je Zelle gesenkt, weil der Überspannungsschutz (OVP) des BMS niedrig eingestellt "
                   "ist. Für die ganze Ladekurve die Zellen-OVP in der JK-App auf 3,65 V stellen";
        case EventCode::over_voltage_unknown:
            return pack +
                   ": Das BMS nennt seinen Überspannungsschutz nicht; es wird nur bis 3,40 V je Zelle "
                   "geladen";
        case EventCode::discharge_voltage_raised:
            return pack + ": Entladespannung auf " + cell(e) +
                   " je Zelle angehoben, weil der Unterspannungsschutz (UVP) des BMS hoch eingestellt ist. "
                   "Für den ganzen Inhalt die Zellen-UVP in der JK-App auf 2,6 V stellen";
        case EventCode::hard_stop_latched:
            return pack + ": Eine Zelle hat " + cell(e) +
                   " erreicht; Laden gestoppt, bis alle Zellen eine Minute lang niedriger sind";
        case EventCode::hard_stop_released: return pack + ": Ladestopp aufgehoben, höchste Zelle " + cell(e);
        case EventCode::critical_high:
            return pack + ": STÖRUNG: Eine Zelle hat " + cell(e) +
                   " erreicht; Laden und Entladen gestoppt. Die Zellen ansehen, dann `jk-pylon ack`";
        case EventCode::critical_high_discharge_freed:
            return pack + ": Höchste Zelle wieder bei " + cell(e) +
                   "; Entladen ist frei, Laden braucht `jk-pylon ack`";
        case EventCode::critical_low:
            return pack + ": STÖRUNG: Eine Zelle ist auf " + cell(e) +
                   " gefallen; Entladen gestoppt, bis sie sich erholt hat und `jk-pylon ack` gegeben wurde";
        case EventCode::fault_acknowledged: return pack + ": Störung quittiert";
        case EventCode::low_cell_lockout:
            return pack + ": Eine Zelle ist auf " + cell(e) +
                   " gefallen; Laden ist gesperrt. Die Ursache suchen, dann `jk-pylon recover --pack " +
                   pack + "`";
        case EventCode::recovery_started:
            return pack + ": Rettungsladung freigegeben, langsam und für begrenzte Zeit";
        case EventCode::recovery_succeeded: return pack + ": Gerettet, niedrigste Zelle " + cell(e);
        case EventCode::recovery_ended:
            return pack + ": Rettungsladung ohne Erfolg beendet (begonnen bei " + cell(e) +
                   "); Laden ist wieder gesperrt. Vor einem weiteren Versuch die Zelle prüfen";
        case EventCode::pack_lost:
            return pack + ": Verloren, seit " + std::to_string(e.value) +
                   " s keine Daten; die Bank läuft ohne dieses Pack weiter, wie es das Quorum erlaubt. "
                   "Kabel und BMS prüfen";
        case EventCode::pack_joined: return pack + ": Gehört zur Bank";
        case EventCode::resistance_learned:
            return pack + ": Widerstand eines Zellpfads gelernt, " + number(e.value, 3, 2) + " mOhm";
        case EventCode::cell_counts_differ:
            return pack + ": Hat " + std::to_string(e.value) +
                   " Zellen, andere Packs haben eine andere Zahl. Parallele Packs müssen gleich viele haben: "
                   "dieses abtrennen";
        case EventCode::first_reading:
            return "Erste vollständige Messwerte aller Packs; die Grenzen beginnen zu steigen";
        case EventCode::data_stale:
            return "Seit " + std::to_string(e.value) + " s keine neuen Daten; die Grenzen werden gesenkt";
        case EventCode::data_zero:
            return "Seit " + std::to_string(e.value) +
                   " s keine neuen Daten; die Grenzen sind 0. Das Kabel zum BMS und `jk-pylon status` "
                   "ansehen";
        case EventCode::data_back:
            return "Es kommen wieder Daten; die Grenzen steigen nach der Haltezeit wieder";
        case EventCode::inverter_lost:
            return "Der Wechselrichter wurde seit " + std::to_string(e.value) +
                   " s nicht gehört (0x305). Das CAN-Kabel und den im Wechselrichter eingestellten "
                   "Batterietyp prüfen";
        case EventCode::inverter_back: return "Der Wechselrichter ist wieder zu hören (0x305)";
        case EventCode::inverter_disobeys:
            return "Der Wechselrichter lädt mit " + number(e.value, 3, 1) +
                   " A, obwohl die Ladegrenze 0 ist; nur das BMS kann ihn aufhalten. Die "
                   "Batterieeinstellungen des Wechselrichters prüfen";
        case EventCode::inverter_obeys: return "Der Wechselrichter hält die Ladegrenze von 0 wieder ein";
        case EventCode::phase_changed: return "Ladephase: " + phase_words_de(static_cast<Phase>(e.value));
        case EventCode::absorb_gave_up:
            return "Voll wurde in der Absorptionszeit nicht erreicht; Erhaltungsladung";
        case EventCode::full_overdue: return "Lange nicht mehr voll geladen; der SOC kann abweichen";
        case EventCode::soc_drift:
            return "Eigene Ladungszählung und BMS weichen um " + comma(percent(Permille(e.value))) +
                   " voneinander ab; eine Vollladung berichtigt beide";
        case EventCode::soc_drift_over: return "Eigene Ladungszählung und BMS stimmen wieder überein";
        case EventCode::meter_lost:
            return "Der Netzzähler meldet seit " + std::to_string(e.value) +
                   " s nichts; Überschuss und Schwingungen werden nicht gesehen. Zähler und Netzwerk prüfen";
        case EventCode::meter_back: return "Der Netzzähler ist wieder zu hören";
        case EventCode::peer_lost:
            return "Die zweite Batterie meldet seit " + std::to_string(e.value) +
                   " s nichts; die Grenzen bleiben eine Weile und folgen dann "
                   "control.coordination.on_unknown. "
                   "Ihren Wechselrichter und das Netzwerk prüfen";
        case EventCode::peer_back: return "Die zweite Batterie ist wieder bekannt";
        case EventCode::peers_differ:
            return "Zwei Quellen der zweiten Batterie widersprechen einander um " + number(e.value, 3, 1) +
                   " A; beide Grenzen folgen dem schlimmeren Fall. Das Vorzeichen jeder Quelle prüfen";
        case EventCode::oscillation_found:
            return "Die Wechselrichter jagen einander: Die Leistung am Zähler schwingt um " +
                   std::to_string(e.value) + " W" + evidence_words(e.evidence) +
                   ". Einen von beiden langsamer regeln lassen oder ihm ein anderes Ziel geben";
        case EventCode::oscillation_over:
            return "Die Schwingung ist vorbei; beide Grenzen werden zurückgegeben";
        case EventCode::command_accepted:
            return command_words(e) + " " + command_value(e.command, e.value) + by_whom(e);
        case EventCode::command_ended: return command_words(e) + " aufgehoben" + by_whom(e);
        case EventCode::command_expired:
            return command_words(e) + " " + command_value(e.command, e.value) + " ist abgelaufen; gegeben" +
                   by_whom(e);
        case EventCode::command_refused:
            return command_words(e) + by_whom(e) +
                   " abgelehnt: " + describe_de(static_cast<control::CommandRefusal>(e.value));
    }
    broken("an EventCode of the list", std::source_location::current());
}

std::string describe_de(Rejection rejection) {
    switch (rejection) {
        case Rejection::cell_voltage: return "eine Zellspannung ist unmöglich";
        case Rejection::cell_sum: return "die Summe der Zellen ist nicht die Packspannung";
        case Rejection::cell_count:
            return "die Zahl der Zellen ist nicht die eingestellte oder die bisherige";
        case Rejection::soc: return "der SOC liegt nicht zwischen 0 und 100 %";
        case Rejection::current: return "der Strom ist größer, als das BMS messen könnte";
        case Rejection::start_frame: return "das BMS startet noch";
        case Rejection::probe_missing:
            return "ein in temperature_sensors genannter Fühler hat noch nie einen gültigen Wert geliefert; "
                   "die Liste oder den Fühler berichtigen";
    }
    broken("a Rejection of the list", std::source_location::current());
}

std::string describe_de(control::CommandRefusal refusal) {
    using control::CommandRefusal;
    switch (refusal) {
        case CommandRefusal::out_of_range: return "der Wert oder die Dauer ist außerhalb des Erlaubten";
        case CommandRefusal::not_configured:
            return "profile.force_charge_requests ist in der Konfiguration false, weil manche Wechselrichter "
                   "sonst aus dem Netz laden";
        case CommandRefusal::no_data: return "es gibt keine neuen Daten aller Packs";
        case CommandRefusal::latched:
            return "ein Pack hat eine Störung, eine Sperre oder einen Ladestopp; erst danach sehen";
    }
    broken("a CommandRefusal of the list", std::source_location::current());
}

std::string phase_words_de(Phase phase) {
    switch (phase) {
        case Phase::init: return "Start";
        case Phase::idle: return "Ruhe";
        case Phase::bulk: return "Hauptladung";
        case Phase::absorb: return "Absorption";
        case Phase::full: return "voll";
        case Phase::floating: return "Erhaltung";
        case Phase::balance: return "Ausgleich";
        case Phase::fault: return "Störung";
    }
    broken("a Phase of the list", std::source_location::current());
}

}  // namespace jkp::report
