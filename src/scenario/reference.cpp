// SPDX-License-Identifier: MIT
#include "scenario/reference.hpp"

#include <algorithm>

#include "config/reference_row.hpp"
#include "scenario/keys.hpp"
#include "scenario/quantities.hpp"

namespace jkp::scenario {
namespace {

std::string code(std::string_view text) {
    return text.empty() ? "" : '`' + std::string(text) + '`';
}

std::string heading(std::string_view name, std::string_view text, std::string_view columns) {
    const auto bars = static_cast<std::size_t>(std::ranges::count(columns, '|'));
    std::string line = "|";
    for (std::size_t i = 1; i < bars; ++i) line += "---|";
    return "\n### `" + std::string(name) + "`\n\n" + std::string(text) + "\n\n" + std::string(columns) +
           '\n' + line + '\n';
}

template <class Owner>
std::string section(std::string_view name, std::string_view text, std::span<const Key<Owner>> rows,
                    const Owner& defaults = {}) {
    std::string result = heading(name, text, "| key | default | allowed | meaning |");
    for (const auto& row : rows) result += config::row(row, defaults);
    return result;
}

// Keys that have no default: they are needed or not, depending on what happens or is looked at.
template <class Owner>
std::string plain_section(std::string_view name, std::string_view text, std::span<const Key<Owner>> rows,
                          std::string_view long_choice) {
    std::string result = heading(name, text, "| key | allowed | meaning |");
    for (const auto& row : rows) {
        const std::string allowed = std::visit(config::detail::Allowed<Owner>{}, row.field);
        result += "| " + code(row.name) + " | " +
                  (row.name == long_choice ? "a word of the next table" : allowed) + " | " +
                  std::string(row.meaning) + " |\n";
    }
    return result;
}

std::string_view words(Lasting lasts) {
    switch (lasts) {
        case Lasting::never: return "no";
        case Lasting::optional: return "may be given";
        case Lasting::always: return "needed";
    }
    return "";
}

std::string keys_of(const Kind& kind) {
    std::string text;
    std::string_view keys = kind.keys;
    while (!keys.empty()) {
        const std::string_view key = keys.substr(0, keys.find(' '));
        keys.remove_prefix(std::min(keys.size(), key.size() + 1));
        text += (text.empty() ? "" : ", ") + code(key);
    }
    return text;
}

std::string kinds_table() {
    std::string text = "\n| `what` | keys | `for` | what happens |\n|---|---|---|---|\n";
    for (const Kind& kind : kinds()) {
        text += "| " + code(kind.name) + " | " + keys_of(kind) + " | " + std::string(words(kind.lasts)) +
                " | " + std::string(kind.meaning) + " |\n";
    }
    return text;
}

std::string_view unit_of(const QuantityOfRun& quantity) {
    switch (quantity.form) {
        case Form::number: return quantity.unit.empty() ? "number" : quantity.unit;
        case Form::flag: return "true or false";
        case Form::word: return "word";
        case Form::words: return "words";
    }
    return "";
}

std::string quantities_table() {
    std::string text = "\n| `quantity` | in | of | meaning |\n|---|---|---|---|\n";
    for (const QuantityOfRun& quantity : quantities()) {
        text += "| " + code(quantity.name) + " | " + std::string(unit_of(quantity)) + " | " +
                (quantity.of_a_pack ? "a pack" : "the bank") + " | " + std::string(quantity.meaning) + " |\n";
    }
    return text;
}

}  // namespace

std::string reference_markdown() {
    sim::PackSpec pack;
    pack.noise = true;
    return section("[scenario]", "The scenario as a whole.", head_keys()) +
           section("[[plant.pack]]",
                   "The true packs, in the order of `[[pack]]` and as many; or none at all, then each has "
                   "the defaults.",
                   pack_keys(), pack) +
           section("[plant.inverter]", "The inverter.", inverter_keys()) +
           section("[[wish]]", "What sun and house would have the battery do. Nothing before the first.",
                   wish_keys()) +
           section("[plant.day]", "A drawn day instead of `[[wish]]`.", day_keys()) +
           plain_section("[[event]]", "Something that happens to the site.", event_keys(), "what") +
           kinds_table() +
           plain_section(
               "[[expect]]",
               "What must be so. Numbers take `min`, `max` or both, or else `equals`; words take `equals`. "
               "Values are compared in thousandths of their unit.",
               expect_keys(), "quantity") +
           "| `equals` | a number, true or false, or a word, as the quantity is | Exactly this; of several "
           "words, one "
           "of them. |\n" +
           quantities_table();
}

}  // namespace jkp::scenario
