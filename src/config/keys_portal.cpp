// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

namespace jkp::config {
namespace {

constexpr std::string_view apis[] = {"legacy", "semsplus"};
constexpr std::size_t longest_path = 255;
constexpr std::size_t longest_address = 200;
constexpr std::size_t longest_station = 64;
constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_serial = 16;

const Key<Settings> rows[] = {
    {"peer.sems", "station",
     text<&Settings::portal, &PortalSettings::station>(TextForm::word, longest_station),
     "The station's identifier, the last part of the address of its web page; without it the portal is not "
     "asked."},
    {"peer.sems", "api", choice<&Settings::portal, &PortalSettings::api>(apis),
     "Which of the portal's interfaces is used: semsplus, the web page of SEMS+, or legacy, the old portal, "
     "which is being closed. Both are unofficial."},
    {"peer.sems", "base_url",
     text<&Settings::portal, &PortalSettings::base_url>(TextForm::https_url, longest_address),
     "Where the login goes; without it https://semsplus.goodwe.com or, for legacy, "
     "https://www.semsportal.com."},
    {"peer.sems", "inverter",
     text<&Settings::portal, &PortalSettings::inverter>(TextForm::word, longest_serial),
     "The serial number of the inverter (api legacy); without it the station must have only one."},
    {"peer.sems", "credentials_file",
     text<&Settings::portal, &PortalSettings::credentials_file>(TextForm::path, longest_path),
     "A file with two lines, user and password, that others cannot read (mode 0600); without it systemd must "
     "hand it over (LoadCredential)."},
    {"peer.sems", "credential",
     text<&Settings::portal, &PortalSettings::credential>(TextForm::word, longest_name),
     "The name of this file in LoadCredential of the unit."},
    {"peer.sems", "poll_s", number<&Settings::portal, &PortalSettings::poll_period>(seconds_, 60, 3600),
     "How often the portal is asked; it has new data every few minutes at best."},
    {"peer.sems", "ca_file", text<&Settings::portal, &PortalSettings::ca_file>(TextForm::path, longest_path),
     "Certificates that are trusted instead of the system's; only for a server of one's own."},
};

}  // namespace

std::span<const Key<Settings>> portal_keys() {
    return rows;
}

}  // namespace jkp::config
