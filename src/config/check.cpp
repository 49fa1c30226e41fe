// SPDX-License-Identifier: MIT
#include "config/check.hpp"

namespace jkp::config {

void check(const Settings& settings, Findings& findings) {
    check_order(settings, findings);
    check_packs(settings, findings);
    check_bank(settings, findings);
    check_can(settings, findings);
    check_files(settings, findings);
    check_history(settings, findings);
    check_portal(settings, findings);
    check_unused(settings, findings);
    check_meter(settings, findings);
    check_peer(settings, findings);
    check_freshness(settings, findings);
    check_curves(settings, findings);
    check_targets(settings, findings);
    check_useful_current(settings, findings);
    check_stability(settings, findings);
    check_sensor(settings, findings);
    check_web(settings, findings);
}

std::string pack_key(std::size_t pack, std::string_view key) {
    return "pack[" + std::to_string(pack) + "]." + std::string(key);
}

std::string in_unit(double count, const Unit& unit) {
    const std::string number = decimal(count / unit.scale);
    return unit.word.empty() ? number : number + ' ' + std::string(unit.word);
}

std::string seconds_text(Duration duration) {
    return in_unit(static_cast<double>(duration.count()), seconds_);
}

std::string amps_text(Milliamps current) {
    return in_unit(current.count(), amps);
}

std::string volts_text(double millivolts) {
    return in_unit(millivolts, volts);
}

std::string with_value(const std::string& key, const std::string& value) {
    return key + " (" + value + ")";
}

}  // namespace jkp::config
