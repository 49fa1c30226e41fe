// SPDX-License-Identifier: MIT
// The rows reach every number of the control rules, and each row writes what it reads.
#include "config/keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "config/findings.hpp"
#include "config/reader.hpp"

namespace jkp::config {

// Converts to anything: counts how many initialisers an aggregate takes.
struct Anything {
    template <class T>
    operator T() const;  // NOLINT(google-explicit-constructor): only ever named, never called
};

namespace {

template <class T, class... Args>
constexpr std::size_t member_count() {
    if constexpr (requires { T{Args{}..., Anything{}}; }) {
        return member_count<T, Args..., Anything>();
    } else {
        return sizeof...(Args);
    }
}

std::size_t rows_of(std::string_view table) {
    return static_cast<std::size_t>(std::ranges::count(control_keys(), table, &Key<Settings>::table));
}

TEST(Keys, EveryMemberOfTheControlRulesHasARow) {
    EXPECT_EQ(rows_of("control.cells"), member_count<control::CellLimits>());
    EXPECT_EQ(rows_of("control.dynamics"), member_count<control::Dynamics>());
    EXPECT_EQ(rows_of("control.phase"), member_count<control::PhaseSettings>());
    EXPECT_EQ(rows_of("control.voltage"), member_count<control::VoltageSettings>());
    EXPECT_EQ(rows_of("control.soc"), member_count<control::SocSettings>() + 1) << "and the SOH";
    EXPECT_EQ(rows_of("control.age"), member_count<control::AgeSettings>());
    EXPECT_EQ(rows_of("control.validation"), member_count<control::Validation>());
    EXPECT_EQ(rows_of("control.alarms"), member_count<control::AlarmSettings>());
    EXPECT_EQ(rows_of("control.temperature"), member_count<control::TemperatureCurves>());
    EXPECT_EQ(rows_of("control.curves"), 3 + 2 * member_count<control::RiseRule>());
}

TEST(Keys, NamesAreUniqueAndTheirTablesAreDescribed) {
    std::set<std::string> names;
    for (const auto* key : settings_keys()) {
        EXPECT_TRUE(names.insert(std::string(key->table) + '.' + std::string(key->name)).second) << key->name;
        EXPECT_NE(std::ranges::find(tables(), key->table, &TableText::name), tables().end()) << key->table;
        EXPECT_TRUE(key->meaning.ends_with('.')) << key->name;
    }
}

// Reads `node` for the key and tells what the key's field then holds.
template <class Owner>
Owner after_reading(const Key<Owner>& key, const Node& node) {
    Owner owner;
    Findings findings("site.toml");
    const Table table{{std::string(key.name), {1, 1}, node}};
    read_key(key, &table, std::string(key.table), {1, 1}, owner, findings);
    EXPECT_EQ(format(findings.errors()), "") << key.table << '.' << key.name;
    return owner;
}

template <class Owner>
void expect_both_ends_arrive(const Key<Owner>& key) {
    const auto* number = std::get_if<NumberField<Owner>>(&key.field);
    if (number == nullptr) return;
    for (const double written : {number->minimum, number->maximum}) {
        const Owner owner = after_reading(key, Node{written, {1, 1}});
        EXPECT_DOUBLE_EQ(number->count(owner).value(), written * number->unit.scale)
            << key.table << '.' << key.name;
    }
    const auto standard = number->count(Owner{});
    if (!standard || key.mandatory) return;
    EXPECT_GE(*standard / number->unit.scale, number->minimum) << key.table << '.' << key.name;
    EXPECT_LE(*standard / number->unit.scale, number->maximum) << key.table << '.' << key.name;
}

TEST(Keys, BothEndsOfEveryRangeArriveUnchangedAndTheDefaultLiesBetween) {
    for (const auto& key : pack_keys()) expect_both_ends_arrive(key);
    for (const auto* key : settings_keys()) expect_both_ends_arrive(*key);
}

template <class Owner>
void expect_choices_and_flags_arrive(const Key<Owner>& key) {
    if (const auto* choice = std::get_if<ChoiceField<Owner>>(&key.field)) {
        for (std::size_t i = 0; i < choice->names.size(); ++i) {
            EXPECT_EQ(choice->value(after_reading(key, Node{std::string(choice->names[i]), {1, 1}})), i)
                << key.name;
        }
    }
    if (const auto* flag = std::get_if<FlagField<Owner>>(&key.field)) {
        EXPECT_TRUE(flag->value(after_reading(key, Node{true, {1, 1}}))) << key.name;
        EXPECT_FALSE(flag->value(after_reading(key, Node{false, {1, 1}}))) << key.name;
    }
}

TEST(Keys, EverySetArrivesWordByWordAndStandsInTheOrderOfItsNames) {
    const auto* const allow = [] {
        for (const auto* key : settings_keys()) {
            if (key->table == "commands" && key->name == "allow") return key;
        }
        return static_cast<const Key<Settings>*>(nullptr);
    }();
    ASSERT_NE(allow, nullptr);
    const auto& set = std::get<SetField<Settings>>(allow->field);
    ASSERT_EQ(set.names.size(), control::command_count);
    EXPECT_EQ(after_reading(*allow, Node{Array{}, {1, 1}}).commands.allow, 0U);
    for (std::size_t i = 0; i < set.names.size(); ++i) {
        const auto kind = static_cast<control::CommandKind>(i);
        EXPECT_EQ(set.names[i], name(kind));
        const Node word{std::string(set.names[i]), {1, 1}};
        const Settings settings = after_reading(*allow, Node{Array{word}, {1, 1}});
        EXPECT_EQ(set.value(settings), 1U << i);
        for (std::size_t k = 0; k < set.names.size(); ++k) {
            EXPECT_EQ(settings.commands.allows(static_cast<control::CommandKind>(k)), k == i);
        }
    }
}

TEST(Keys, EveryChoiceAndFlagArrives) {
    for (const auto& key : pack_keys()) expect_choices_and_flags_arrive(key);
    for (const auto* key : settings_keys()) expect_choices_and_flags_arrive(*key);
}

}  // namespace
}  // namespace jkp::config
