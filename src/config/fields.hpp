// SPDX-License-Identifier: MIT
// What a key of the configuration can hold, and how its value gets into an Owner (Settings or
// PackEntry). A field is made from pointers to members:
//     number<&Settings::control, &Config::cells, &CellLimits::hard_stop>(volts, 3.0, 4.0)
#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

#include "config/duration_text.hpp"
#include "control/config.hpp"
#include "core/units.hpp"

namespace jkp::config {

// `scale`: counts of the stored integer in one of what the person writes.
struct Unit {
    std::string_view word;
    double scale;
};
inline constexpr Unit volts{"V", 1e3}, amps{"A", 1e3}, celsius{"°C", 10}, percent{"%", 10}, share{"", 1e3},
    amp_hours{"Ah", 1e3}, days{"days", 86400e6}, hours{"h", 3600e6}, minutes{"min", 60e6}, seconds_{"s", 1e6},
    millis{"ms", 1e3}, milliohms{"mOhm", 1e3}, kilobytes{"kB", 1}, plain{"", 1};

template <class Owner>
struct NumberField {
    Unit unit;
    double minimum;
    double maximum;
    bool whole;                                    // only whole numbers are accepted
    std::optional<double> (*count)(const Owner&);  // absent: no default
    void (*assign)(Owner&, double count);          // a whole number, in range
};

template <class Owner>
struct FlagField {
    bool (*value)(const Owner&);
    void (*assign)(Owner&, bool);
};

enum class TextForm : std::uint8_t {
    path,
    word,
    ascii,
    host_and_port,
    duration,
    url,
    https_url,
    group,      // an IPv4 multicast address
    json_path,  // core/json_path.hpp
    json_sum,
    ip_address,
    url_path,   // "/" or "/battery/pylon"
    host_list,  // names or addresses, separated by commas
    topic,      // of MQTT, without wildcards
};
template <class Owner>
struct TextField {
    TextForm form;
    std::size_t longest;
    std::string (*value)(const Owner&);
    void (*assign)(Owner&, const std::string&);
};

// One of `names`; the index is the value of the enumerator.
template <class Owner>
struct ChoiceField {
    std::span<const std::string_view> names;
    std::size_t (*value)(const Owner&);
    void (*assign)(Owner&, std::size_t);
};

template <class Owner>
struct CurveField {
    Unit x;
    double minimum;
    double maximum;
    bool steps_allowed;
    control::Curve (*value)(const Owner&);
    void (*assign)(Owner&, const control::Curve&);
};

using ProbeList = FixedVector<Probe, control::max_probes>;
template <class Owner>
struct ProbesField {
    ProbeList (*value)(const Owner&);
    void (*assign)(Owner&, const ProbeList&);
};

// Some of `names`, each once; may be empty. Bit i stands for names[i].
template <class Owner>
struct SetField {
    std::span<const std::string_view> names;
    std::uint32_t (*value)(const Owner&);
    void (*assign)(Owner&, std::uint32_t);
};

template <class Owner>
struct Key {
    std::string_view table;  // "control.cells"
    std::string_view name;   // "hard_stop_v"
    std::variant<NumberField<Owner>, FlagField<Owner>, TextField<Owner>, ChoiceField<Owner>,
                 CurveField<Owner>, ProbesField<Owner>, SetField<Owner>>
        field;
    std::string_view meaning;  // what it does and what a change brings, in one sentence
    bool mandatory = false;
};

namespace detail {

template <class Member>
struct OwnerOf;
template <class Class, class Value>
struct OwnerOf<Value Class::*> {
    using type = Class;
};
template <auto... Path>
struct PathOwner;
template <auto First, auto... Rest>
struct PathOwner<First, Rest...> : OwnerOf<decltype(First)> {};
template <auto... Path>
using FirstOwner = typename PathOwner<Path...>::type;

template <auto... Path>
auto& at(auto& owner) {
    return (owner.*....*Path);
}

template <class Tag, class Rep>
double count_of(Quantity<Tag, Rep> value) {
    return static_cast<double>(value.count());
}
inline double count_of(Duration value) {
    return static_cast<double>(value.count());
}
template <class Integer>
    requires std::is_integral_v<Integer>
double count_of(Integer value) {
    return static_cast<double>(value);
}
template <class T>
std::optional<double> count_of(const std::optional<T>& value) {
    if (!value) return std::nullopt;
    return count_of(*value);
}

template <class Tag, class Rep>
void store(Quantity<Tag, Rep>& to, double count) {
    to = Quantity<Tag, Rep>(static_cast<Rep>(count));
}
inline void store(Duration& to, double count) {
    to = Duration(static_cast<Duration::rep>(count));
}
template <class Integer>
    requires std::is_integral_v<Integer>
void store(Integer& to, double count) {
    to = static_cast<Integer>(count);
}
template <class T>
void store(std::optional<T>& to, double count) {
    store(to.emplace(), count);
}

inline std::string text_of(const std::string& value) {
    return value;
}
template <std::size_t N>
std::string text_of(const FixedText<N>& value) {
    return std::string(value.view());
}

inline std::string duration_words(const std::optional<Duration>& value) {
    return value ? duration_text(*value) : "";
}

inline void store(control::Curve& to, const control::Curve& curve) {
    to = curve;
}
inline void store(control::LinearCurve& to, const control::Curve& curve) {
    to = std::get<control::LinearCurve>(curve);
}

}  // namespace detail

template <auto... Path>
constexpr auto number(Unit unit, double minimum, double maximum) {
    using Owner = detail::FirstOwner<Path...>;
    return NumberField<Owner>{
        unit,
        minimum,
        maximum,
        unit.scale == 1,
        [](const Owner& o) -> std::optional<double> { return detail::count_of(detail::at<Path...>(o)); },
        [](Owner& o, double count) { detail::store(detail::at<Path...>(o), count); }};
}

template <auto... Path>
constexpr auto flag() {
    using Owner = detail::FirstOwner<Path...>;
    return FlagField<Owner>{[](const Owner& o) -> bool { return detail::at<Path...>(o); },
                            [](Owner& o, bool value) { detail::at<Path...>(o) = value; }};
}

template <auto... Path>
constexpr auto text(TextForm form, std::size_t longest) {
    using Owner = detail::FirstOwner<Path...>;
    return TextField<Owner>{
        form, longest, [](const Owner& o) { return detail::text_of(detail::at<Path...>(o)); },
        [](Owner& o, const std::string& value) { detail::at<Path...>(o) = std::string_view(value); }};
}

template <auto... Path>
constexpr auto duration() {
    using Owner = detail::FirstOwner<Path...>;
    return TextField<Owner>{
        TextForm::duration, 32, [](const Owner& o) { return detail::duration_words(detail::at<Path...>(o)); },
        [](Owner& o, const std::string& value) { detail::at<Path...>(o) = *read_duration(value); }};
}

template <auto... Path>
constexpr auto choice(std::span<const std::string_view> names) {
    using Owner = detail::FirstOwner<Path...>;
    return ChoiceField<Owner>{names,
                              [](const Owner& o) { return static_cast<std::size_t>(detail::at<Path...>(o)); },
                              [](Owner& o, std::size_t index) {
                                  auto& target = detail::at<Path...>(o);
                                  target = static_cast<std::remove_reference_t<decltype(target)>>(index);
                              }};
}

template <auto... Path>
constexpr auto set(std::span<const std::string_view> names) {
    using Owner = detail::FirstOwner<Path...>;
    return SetField<Owner>{names, [](const Owner& o) -> std::uint32_t { return detail::at<Path...>(o); },
                           [](Owner& o, std::uint32_t bits) { detail::store(detail::at<Path...>(o), bits); }};
}

template <auto... Path>
constexpr auto curve(Unit x, double minimum, double maximum) {
    using Owner = detail::FirstOwner<Path...>;
    using Stored = std::remove_cvref_t<decltype(detail::at<Path...>(std::declval<Owner&>()))>;
    return CurveField<Owner>{
        x,
        minimum,
        maximum,
        std::is_same_v<Stored, control::Curve>,
        [](const Owner& o) -> control::Curve { return detail::at<Path...>(o); },
        [](Owner& o, const control::Curve& value) { detail::store(detail::at<Path...>(o), value); }};
}

template <auto... Path>
constexpr auto probes() {
    using Owner = detail::FirstOwner<Path...>;
    return ProbesField<Owner>{[](const Owner& o) { return detail::at<Path...>(o); },
                              [](Owner& o, const ProbeList& value) { detail::at<Path...>(o) = value; }};
}

}  // namespace jkp::config
