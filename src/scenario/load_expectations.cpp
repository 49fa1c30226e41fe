// SPDX-License-Identifier: MIT
#include <cmath>

#include "scenario/keys.hpp"
#include "scenario/load_parts.hpp"
#include "scenario/quantities.hpp"
#include "scenario/tables.hpp"

namespace jkp::scenario {
namespace {

using namespace config;  // NOLINT(google-build-using-namespace): what a document is made of

// One [[expect]] on its way.
class Reader {
  public:
    Reader(const Listed& item, const Scenario& scenario, Findings& findings)
        : item_(item), scenario_(scenario), findings_(findings) {}

    Expectation read() {
        Expectation e;
        e.line = item_.at.line;
        read_table(expect_keys(), *item_.table, item_.path, item_.at, e, findings_, {"equals"});
        if (!findings_.is_good(key("quantity"))) return e;
        const QuantityOfRun& quantity = quantities()[e.quantity];
        if (const Node* equals = find(*item_.table, "equals")) read_equals(*equals, quantity, e);
        check_pack(quantity, e);
        check_demand(quantity, e);
        check_times(e);
        return e;
    }

  private:
    [[nodiscard]] std::string key(std::string_view name) const {
        return item_.path + '.' + std::string(name);
    }

    void read_equals(const Node& node, const QuantityOfRun& quantity, Expectation& e) {
        findings_.saw(key("equals"), node);
        if (!quantity.numeric()) {
            const auto vocabulary = quantity.vocabulary();
            const auto word = detail::read_choice(node, vocabulary);
            if (word) e.word = vocabulary[*word];
            if (!word) findings_.error(key("equals"), word.error());
            return;
        }
        const auto* flag = std::get_if<bool>(&node.value);
        const auto number = flag != nullptr && quantity.form == Form::flag ? std::optional(*flag ? 1.0 : 0.0)
                                                                           : as_number(node);
        if (!number || (quantity.form == Form::flag && flag == nullptr)) {
            const std::string wanted = quantity.form == Form::flag ? "true or false" : "a number";
            return findings_.error(key("equals"), detail::not_a(wanted, node));
        }
        e.minimum = e.maximum = std::llround(*number * 1000.0);
    }

    void check_pack(const QuantityOfRun& quantity, Expectation& e) {
        e.pack = pack_index(scenario_, e.pack_name, key("pack"), findings_);
        if (!e.pack_name.empty() && !quantity.of_a_pack) {
            findings_.error(key("pack"), '"' + std::string(quantity.name) + "\" is one of the whole bank");
        }
    }

    void check_demand(const QuantityOfRun& quantity, Expectation& e) {
        const bool bounds = findings_.has_seen(key("min")) || findings_.has_seen(key("max"));
        const bool equals = findings_.has_seen(key("equals"));
        const std::string name = '"' + std::string(quantity.name) + '"';
        if (!quantity.numeric() && (bounds || !equals)) {
            findings_.error(key("quantity"), "takes equals with a word, not min or max");
        } else if (quantity.numeric() && bounds == equals) {
            findings_.error(key("quantity"), "takes min, max or both, or else equals");
        }
        if (e.minimum && e.maximum && *e.minimum > *e.maximum) {
            findings_.contradiction({key("min"), key("max")}, "min is above max: nothing can hold that");
        }
        const bool momentary = quantity.name == "event";
        if (!momentary || e.how != How::always) return;
        e.how = How::once;
        if (findings_.has_seen(key("how"))) {
            findings_.error(key("how"), name + " is momentary: must be \"once\" or \"never\"");
        }
    }

    void check_times(const Expectation& e) {
        if (!scenario_.head.duration) return;
        const Duration end = scenario_.duration();
        if (e.from.value_or(Duration{}) > end)
            findings_.error(key("from"), "is after the end of the scenario");
        if (e.to && *e.to > end) findings_.error(key("to"), "is after the end of the scenario");
        if (e.from && e.to && *e.from > *e.to) {
            findings_.contradiction({key("from"), key("to")}, "from is after to");
        }
    }

    const Listed& item_;
    const Scenario& scenario_;
    Findings& findings_;
};

}  // namespace

void read_expectations(const Table& root, Scenario& scenario, Findings& findings) {
    for (const Listed& item : listed_tables(root, "expect", "expect", findings)) {
        scenario.expectations.push_back(Reader(item, scenario, findings).read());
    }
}

}  // namespace jkp::scenario
