// SPDX-License-Identifier: MIT
#include "meter/json_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/ensure.hpp"
#include "meter/time_text.hpp"

namespace jkp::meter {
namespace {

using Json = nlohmann::json;
template <class T>
using Read = Result<T, JsonFault>;

constexpr std::array<std::string_view, 9> no_value_texts{"",    "unknown", "unavailable", "null",     "none",
                                                         "nan", "-",       "--",          "undefined"};

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// Printable ASCII, one line: it goes into a log.
std::string shortened(std::string_view text) {
    constexpr std::size_t longest = 40;
    std::string result(text.substr(0, longest));
    std::ranges::replace_if(result, [](char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return text.size() > longest ? result + "..." : result;
}

// A number may have 300 digits.
std::string shown(double value) {
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%g", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

// Lists and objects are not written out: they may be nested as deep as the text is long.
std::string shown(const Json& node) {
    if (node.is_array()) return "a list";
    if (node.is_object()) return "an object";
    if (node.is_string()) return shortened(node.get_ref<const std::string&>());
    return shortened(node.dump(-1, ' ', true, Json::error_handler_t::replace));
}

std::optional<double> number_in(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

// One payload and how its values are read.
class Document {
  public:
    Document(std::string_view payload, const JsonCommon& common) : common_(common) {
        if (payload.size() > longest_payload) return;
        json_ = Json::parse(payload, nullptr, false);
        // A bare word is no JSON, but a message of a home automation.
        if (json_.is_discarded() && trimmed(payload).find_first_of("{}[]\"") == std::string_view::npos) {
            json_ = std::string(trimmed(payload));
        }
    }

    [[nodiscard]] bool readable() const { return !json_.is_discarded(); }

    [[nodiscard]] Read<double> quantity(const JsonQuantity& wanted) const {
        const auto plus = sum(wanted.plus);
        if (!plus) return plus;
        const auto minus = sum(wanted.minus);
        if (!minus) return minus;
        const double value = (*plus - *minus + wanted.offset) * wanted.scale;
        if (value >= wanted.minimum && value <= wanted.maximum) return value;
        const JsonSum& paths = wanted.plus.empty() ? wanted.minus : wanted.plus;
        return failure(JsonFault{JsonError::out_of_range, text(paths.front()), shown(value)});
    }

    // Power or current.
    [[nodiscard]] Read<double> flow(JsonQuantity wanted) const {
        if (common_.direction) wanted.minimum = std::max(wanted.minimum, 0.0);
        return quantity(wanted);
    }

    // 1 or -1; 1 when the source has no word for it.
    [[nodiscard]] Read<double> direction() const {
        if (!common_.direction) return 1.0;
        const auto node = at(common_.direction->path);
        if (!node) return failure(node.error());
        const std::string word = shown(**node);
        const auto is = [&](const std::string& other) { return lower(other) == lower(word); };
        if (std::ranges::any_of(common_.direction->positive, is)) return 1.0;
        if (std::ranges::any_of(common_.direction->negative, is)) return -1.0;
        return failure(JsonFault{JsonError::bad_direction, text(common_.direction->path), word});
    }

    [[nodiscard]] Read<std::optional<std::int64_t>> measured_ms() const {
        if (!common_.time) return std::nullopt;
        const auto node = at(*common_.time);
        if (!node) return failure(node.error());
        const Json& time = **node;
        std::optional<std::int64_t> found;
        if (time.is_number()) found = epoch_ms(time.get<double>());
        if (time.is_string()) found = time_in(time.get_ref<const std::string&>());
        if (found) return found;
        return failure(JsonFault{JsonError::bad_time, text(*common_.time), shown(time)});
    }

  private:
    static std::optional<std::int64_t> time_in(const std::string& written) {
        const auto number = number_in(written);
        return number ? epoch_ms(*number) : epoch_ms(std::string_view(written));
    }

    [[nodiscard]] Read<double> sum(const JsonSum& paths) const {
        double total = 0;
        for (const JsonPath& path : paths) {
            const auto part = add(json_, path, 0);
            if (!part) return part;
            total += *part;
        }
        return total;
    }

    // Everything the path leads to from `node`, beginning with its step number `step`.
    [[nodiscard]] Read<double> add(const Json& node, const JsonPath& path, std::size_t step) const {
        if (step == path.steps.size()) return number(node, path);
        if (path.steps[step] != "*") {
            const Json* next = child(node, path.steps[step]);
            if (next == nullptr) return failure(JsonFault{JsonError::missing, text(path), ""});
            return add(*next, path, step + 1);
        }
        if (!node.is_structured() || node.empty())
            return failure(JsonFault{JsonError::missing, text(path), ""});
        double total = 0;
        for (const Json& each : node) {
            const auto part = add(each, path, step + 1);
            if (!part) return part;
            total += *part;
        }
        return total;
    }

    [[nodiscard]] Read<const Json*> at(const JsonPath& path) const {
        const Json* node = &json_;
        for (const std::string& step : path.steps) {
            node = child(*node, step);
            if (node == nullptr) return failure(JsonFault{JsonError::missing, text(path), ""});
        }
        return node;
    }

    static const Json* child(const Json& node, const std::string& step) {
        if (node.is_object()) {
            const auto found = node.find(step);
            return found == node.end() ? nullptr : &*found;
        }
        if (!node.is_array()) return nullptr;
        std::size_t index = 0;
        const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
        const bool whole = error == std::errc{} && end == step.data() + step.size();
        return whole && index < node.size() ? &node[index] : nullptr;
    }

    [[nodiscard]] Read<double> number(const Json& node, const JsonPath& path) const {
        if (node.is_number()) return node.get<double>();
        if (node.is_null()) return failure(JsonFault{JsonError::no_value, text(path), "null"});
        if (!node.is_string()) return failure(JsonFault{JsonError::not_a_number, text(path), shown(node)});
        const std::string word = lower(trimmed(node.get_ref<const std::string&>()));
        if (means_no_value(word)) return failure(JsonFault{JsonError::no_value, text(path), shown(node)});
        if (const auto value = number_in(word)) return *value;
        return failure(JsonFault{JsonError::not_a_number, text(path), shown(node)});
    }

    [[nodiscard]] bool means_no_value(const std::string& word) const {
        return std::ranges::find(no_value_texts, word) != no_value_texts.end() ||
               std::ranges::any_of(common_.ignored,
                                   [&](const std::string& more) { return lower(more) == word; });
    }

    const JsonCommon& common_;
    Json json_ = Json(Json::value_t::discarded);
};

template <class Unit>
Unit rounded(double value, double counts_per_unit) {
    return Unit(static_cast<std::int32_t>(std::lround(value * counts_per_unit)));
}

// Both fill `place` when the rule describes the quantity, and return what went wrong.
template <class Unit>
std::optional<JsonFault> fill(std::optional<Unit>& place, const Document& document,
                              const std::optional<JsonQuantity>& wanted, double counts_per_unit) {
    if (!wanted) return std::nullopt;
    const auto value = document.quantity(*wanted);
    if (!value) return value.error();
    place = rounded<Unit>(*value, counts_per_unit);
    return std::nullopt;
}
template <class Unit>
std::optional<JsonFault> fill_flow(std::optional<Unit>& place, const Document& document,
                                   const std::optional<JsonQuantity>& wanted, double counts_per_unit,
                                   double direction) {
    if (!wanted) return std::nullopt;
    const auto value = document.flow(*wanted);
    if (!value) return value.error();
    place = rounded<Unit>(*value * direction, counts_per_unit);
    return std::nullopt;
}

JsonFault not_json(std::string_view payload) {
    return {JsonError::not_json, "", shortened(trimmed(payload))};
}

std::string_view reason_words(JsonError error) {
    switch (error) {
        case JsonError::not_json: return "that is no JSON text";
        case JsonError::missing: return "nothing stands there; compare the path with the answer";
        case JsonError::not_a_number: return "that is no number";
        case JsonError::no_value: return "the source has no value now";
        case JsonError::out_of_range:
            return "that is outside the configured range, which begins at 0 where a word says the direction";
        case JsonError::bad_direction: return "that is none of the configured words for a direction";
        case JsonError::bad_time: return "that is no time with a time zone";
    }
    broken("a JsonError of the list", std::source_location::current());
}

}  // namespace

std::string_view name(JsonError error) {
    switch (error) {
        case JsonError::not_json: return "not_json";
        case JsonError::missing: return "missing";
        case JsonError::not_a_number: return "not_a_number";
        case JsonError::no_value: return "no_value";
        case JsonError::out_of_range: return "out_of_range";
        case JsonError::bad_direction: return "bad_direction";
        case JsonError::bad_time: return "bad_time";
    }
    broken("a JsonError of the list", std::source_location::current());
}

std::string describe(const JsonFault& fault) {
    const std::string where = fault.where.empty() ? "the answer" : "at " + fault.where;
    const std::string found = fault.error == JsonError::missing ? "" : " is \"" + fault.found + "\"";
    return where + found + ": " + std::string(reason_words(fault.error));
}

Result<Dated<GridReading>, JsonFault> read_grid(std::string_view payload, const GridRule& rule) {
    const Document document(payload, rule.common);
    if (!document.readable()) return failure(not_json(payload));
    const auto power = document.flow(rule.power);
    if (!power) return failure(power.error());
    const auto direction = document.direction();
    if (!direction) return failure(direction.error());
    const auto time = document.measured_ms();
    if (!time) return failure(time.error());
    return Dated<GridReading>{{rounded<Watts>(*power * *direction, 1)}, *time};
}

Result<Dated<PeerReading>, JsonFault> read_peer(std::string_view payload, const PeerRule& rule) {
    const Document document(payload, rule.common);
    if (!document.readable()) return failure(not_json(payload));
    const auto direction = document.direction();
    if (!direction) return failure(direction.error());
    const auto time = document.measured_ms();
    if (!time) return failure(time.error());
    Dated<PeerReading> reading{{}, *time};
    PeerReading& peer = reading.value;
    const auto power_fault = fill_flow(peer.power, document, rule.power, 1, *direction);
    const auto current_fault = fill_flow(peer.current, document, rule.current, 1000, *direction);
    if (!peer.power && !peer.current) {
        if (power_fault) return failure(*power_fault);
        if (current_fault) return failure(*current_fault);
    }
    // These only help; without them the reading is still good.
    static_cast<void>(fill(peer.voltage, document, rule.voltage, 1000));
    static_cast<void>(fill(peer.soc, document, rule.soc, 10));
    return reading;
}

}  // namespace jkp::meter
