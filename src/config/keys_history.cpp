// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

namespace jkp::config {
namespace {

constexpr std::string_view severities[] = {"info", "warning", "error"};
constexpr std::string_view languages[] = {"en", "de"};
constexpr std::size_t longest_path = 255;
constexpr std::size_t longest_name = 64;

template <auto Member>
constexpr auto history_number(Unit unit, double minimum, double maximum) {
    return number<&Settings::history, Member>(unit, minimum, maximum);
}

const Key<Settings> rows[] = {
    {"history", "enabled", flag<&Settings::history, &HistorySettings::enabled>(),
     "With false nothing is written; the last hour and the last events are still shown."},
    {"history", "file", text<&Settings::history, &HistorySettings::file>(TextForm::path, longest_path),
     "The database file; what stands beside it (-wal, -shm, -lock) belongs to it."},
    {"history", "write_s", history_number<&HistorySettings::write_period>(seconds_, 60, 3600),
     "How often what was recorded is written; longer spares an SD card and loses more in a power cut. Events "
     "are written at once."},
    {"history", "minutes_days", history_number<&HistorySettings::minutes_days>(plain, 1, 100),
     "For how many days each minute is kept; a day of two packs takes 0.4 MB."},
    {"history", "quarter_years", history_number<&HistorySettings::quarter_years>(plain, 1, 10),
     "For how many years each quarter of an hour is kept; a year of two packs takes 9 MB. Daily energy is "
     "kept for ten."},
    {"history", "events", history_number<&HistorySettings::events>(plain, 100, 100000),
     "How many events are kept."},

    {"notify", "enabled", flag<&Settings::notify, &NotifySettings::enabled>(),
     "Whether events are posted to a web address as JSON; docs/history.md."},
    {"notify", "url_file", text<&Settings::notify, &NotifySettings::url_file>(TextForm::path, longest_path),
     "A file with the address on one line, http:// or https://, that others cannot read (mode 0600); without "
     "it "
     "systemd must hand it over (LoadCredential)."},
    {"notify", "credential",
     text<&Settings::notify, &NotifySettings::credential>(TextForm::word, longest_name),
     "The name of this file in LoadCredential of the unit."},
    {"notify", "severity", choice<&Settings::notify, &NotifySettings::severity>(severities),
     "The least important kind of event that is posted; the end of what was posted is posted too."},
    {"notify", "language", choice<&Settings::notify, &NotifySettings::language>(languages),
     "The language of the messages."},
    {"notify", "per_hour", number<&Settings::notify, &NotifySettings::per_hour>(plain, 1, 100),
     "How many messages an hour may bring; what is more becomes one summary."},
    {"notify", "ca_file", text<&Settings::notify, &NotifySettings::ca_file>(TextForm::path, longest_path),
     "Certificates that are trusted instead of the system's; only for a server of one's own."},
};

}  // namespace

std::span<const Key<Settings>> history_keys() {
    return rows;
}

}  // namespace jkp::config
