// SPDX-License-Identifier: MIT
// The grid meter, and sources that answer JSON. What a number means must be said completely: a source with
// the wrong sign is worse than none.
#include <array>

#include "config/check.hpp"
#include "config/keys.hpp"
#include "config/word_list.hpp"

namespace jkp::config {
namespace {

// How one table calls its keys.
struct SourceNames {
    std::string table;
    std::string in;
    std::string out;
    bool battery;
};
const SourceNames meter_names{"meter.json", "import", "export", false};
const SourceNames peer_names{"peer.json", "charge", "discharge", true};

class SourceCheck {
  public:
    SourceCheck(const JsonSourceSettings& source, const SourceNames& names, bool mqtt, Findings& findings)
        : source_(source), names_(names), mqtt_(mqtt), findings_(findings) {}

    void all() {
        if (!source_.enabled()) return unused();
        way();
        values();
        pair();
        direction();
        sign();
        if (source_.scale_ppm == 0) findings_.error(key("scale"), "must not be 0: every power would be 0");
        if (!source_.heard()) secret();
        if (!source_.heard() && source_.url.starts_with("http://"))
            warn("ca_file", key("url") + " is not https://");
    }

  private:
    [[nodiscard]] std::string key(std::string_view name) const {
        return names_.table + '.' + std::string(name);
    }
    void warn(std::string_view name, const std::string& why) {
        if (findings_.has_seen(key(name))) findings_.warning(key(name), "is not used: " + why);
    }
    [[nodiscard]] bool has_pair() const { return !source_.power_in.empty() || !source_.power_out.empty(); }

    [[nodiscard]] std::string way_key() const { return key(source_.heard() ? "topic" : "url"); }

    void way() {
        if (!source_.heard()) return;
        if (!source_.url.empty()) {
            findings_.contradiction({key("url"), key("topic")},
                                    key("url") + " and " + key("topic") + " exclude one another");
        }
        if (!mqtt_) findings_.contradiction({key("topic"), "mqtt.host"}, key("topic") + " needs mqtt.host");
        for (const char* name : {"poll_s", "timeout_s", "auth", "secret_file", "ca_file"}) {
            warn(name, key("topic") + " is set");
        }
    }

    void unused() {
        for (const Key<Settings>& each : meter_keys()) {
            if (each.table == names_.table) warn(each.name, key("url") + " is not set");
        }
    }

    void values() {
        if (!source_.power.empty() || has_pair() || !source_.current.empty()) return;
        const std::string battery = names_.battery ? ", or " + key("current") : "";
        findings_.contradiction({way_key(), key("power"), key(names_.in), key(names_.out), key("current")},
                                way_key() + " needs " + key("power") + ", or " + key(names_.in) + " and " +
                                    key(names_.out) + battery + ": where the value stands");
    }

    void pair() {
        if (!has_pair()) return;
        if (source_.power_in.empty() || source_.power_out.empty()) {
            findings_.contradiction({key(names_.in), key(names_.out)},
                                    key(names_.in) + " and " + key(names_.out) + " belong together");
        }
        if (!source_.power.empty()) {
            findings_.contradiction({key("power"), key(names_.in), key(names_.out)},
                                    key("power") + " and the pair " + key(names_.in) + ", " +
                                        key(names_.out) + " exclude one another");
        }
        if (!source_.direction.empty()) {
            findings_.contradiction({key("direction"), key(names_.in), key(names_.out)},
                                    key("direction") + " and the pair " + key(names_.in) + ", " +
                                        key(names_.out) + " exclude one another");
        }
    }

    void direction() {
        const std::array words{"direction_" + names_.in, "direction_" + names_.out};
        if (source_.direction.empty()) {
            for (const std::string& each : words) warn(each, key("direction") + " is not set");
            return;
        }
        if (source_.direction_in.empty() || source_.direction_out.empty()) {
            findings_.contradiction({key("direction"), key(words[0]), key(words[1])},
                                    key("direction") + " needs " + key(words[0]) + " and " + key(words[1]));
        }
        // The first list would win, and the sign be wrong whenever the word stands for the other one.
        if (const auto word = common_word(source_.direction_in, source_.direction_out); !word.empty()) {
            findings_.contradiction({key(words[0]), key(words[1])}, key(words[0]) + " and " + key(words[1]) +
                                                                        " both have the word \"" + word +
                                                                        "\": it can mean one of them only");
        }
        if (source_.scale_ppm < 0 && !source_.power.empty()) {
            findings_.contradiction({key("direction"), key("scale")},
                                    key("scale") + " must be positive with " + key("direction") +
                                        ": the word says the direction, and a negative number is refused");
        }
    }

    void sign() {
        const bool signed_value = (!source_.power.empty() && source_.direction.empty()) ||
                                  (!source_.current.empty() && source_.direction.empty());
        if (!signed_value) {
            return warn("positive", has_pair() ? key(names_.in) + " and " + key(names_.out) + " say it"
                                               : key("direction") + " says it");
        }
        if (source_.positive != JsonSign::unset) return;
        findings_.contradiction({key("power"), key("current"), key("positive")},
                                key("positive") + " must be set to \"" + names_.in + "\" or \"" + names_.out +
                                    "\": what a positive number means");
    }

    void secret() {
        if (source_.auth == JsonAuth::none) return warn("secret_file", key("auth") + " is \"none\"");
        if (source_.secret_file.empty()) {
            findings_.contradiction({key("auth"), key("secret_file")},
                                    key("auth") + " needs " + key("secret_file"));
        }
        if (source_.url.starts_with("http://")) {
            findings_.warning(
                {key("auth"), key("url")},
                "the secret goes over the network unencrypted, because " + key("url") + " is not https://");
        }
    }

    const JsonSourceSettings& source_;
    const SourceNames& names_;
    bool mqtt_;
    Findings& findings_;
};

void check_kind(const Settings& settings, Findings& findings) {
    if (settings.meter.kind != MeterKind::sma) {
        for (const char* key : {"meter.serial", "meter.interface", "meter.port", "meter.group"}) {
            if (findings.has_seen(key)) findings.warning(key, "is not used: meter.kind is not \"sma\"");
        }
    }
    const bool json = settings.meter.kind == MeterKind::json;
    if (json && !settings.meter_json.enabled()) {
        findings.contradiction({"meter.kind", "meter.json.url"},
                               "meter.kind \"json\" needs meter.json.url or meter.json.topic");
    }
    if (!json && settings.meter_json.enabled()) {
        findings.warning(settings.meter_json.heard() ? "meter.json.topic" : "meter.json.url",
                         "is not used: meter.kind is not \"json\"");
    }
}

}  // namespace

void check_meter(const Settings& settings, Findings& findings) {
    check_kind(settings, findings);
    SourceCheck(settings.meter_json, meter_names, settings.mqtt.enabled(), findings).all();
    SourceCheck(settings.peer_json, peer_names, settings.mqtt.enabled(), findings).all();
}

}  // namespace jkp::config
