// SPDX-License-Identifier: MIT
// A source whose values are always older than they may be is never known, and nobody would see why.
#include "config/check.hpp"

namespace jkp::config {
namespace {

// Until a GoodWe has answered: the first request and three repetitions of a second each.
constexpr Duration goodwe_answer = std::chrono::seconds(4);
// The inverter sends its data to the portal every few minutes.
constexpr Duration portal_delay = std::chrono::minutes(5);

struct Source {
    std::string poll_key;
    Duration poll;
    std::string delay_words;  // after the poll period: what is added to it
    Duration delay;
    std::string age_key;
    Duration max_age;
};

void check_source(const Source& source, Findings& findings) {
    if (source.poll + source.delay < source.max_age) return;
    findings.contradiction({source.poll_key, source.age_key},
                           with_value(source.poll_key, seconds_text(source.poll)) + " and " +
                               with_value(source.delay_words, seconds_text(source.delay)) +
                               " together must be below " +
                               with_value(source.age_key, seconds_text(source.max_age)) +
                               ", or the source is not known again and again");
}

Source json_source(const std::string& table, const JsonSourceSettings& json, const char* age_key,
                   Duration max_age) {
    return {table + ".poll_s",
            json.poll_period,
            table + ".timeout_s",
            json.timeout,
            std::string("control.coordination.") + age_key,
            max_age};
}

}  // namespace

void check_freshness(const Settings& settings, Findings& findings) {
    using control::PeerSource;
    const control::CoordinationSettings& rules = settings.control.coordination;
    const auto max_age = [&](PeerSource source) {
        return rules.peer_max_age[static_cast<std::size_t>(source)];
    };
    if (settings.meter.kind == MeterKind::json && !settings.meter_json.url.empty()) {
        check_source(json_source("meter.json", settings.meter_json, "grid_max_age_s", rules.grid_max_age),
                     findings);
    }
    if (!settings.peer_json.url.empty()) {
        check_source(
            json_source("peer.json", settings.peer_json, "json_max_age_s", max_age(PeerSource::json)),
            findings);
    }
    if (settings.goodwe.enabled()) {
        check_source({"peer.goodwe.poll_s", settings.goodwe.poll_period, "its answer", goodwe_answer,
                      "control.coordination.local_max_age_s", max_age(PeerSource::local)},
                     findings);
    }
    if (settings.portal.enabled()) {
        // Data without a time of their own count from the look before.
        const bool dated = settings.portal.api == PortalApi::legacy;
        check_source({"peer.sems.poll_s", settings.portal.poll_period,
                      dated ? "the delay of the portal" : "the delay of the portal and the look before",
                      portal_delay + (dated ? Duration::zero() : settings.portal.poll_period),
                      "control.coordination.portal_max_age_s", max_age(PeerSource::portal)},
                     findings);
    }
}

}  // namespace jkp::config
