// SPDX-License-Identifier: MIT
// What an instrumented copy of src/control calls in place of its operators (tests/mutation/instrument.py).
// The environment variable JKP_MUTANT chooses the one mutant that is awake; without it the program is the
// original. Constant expressions are always the original.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace jkp::mutation {

// The room for numbers: ROOM_PER_FILE of script/mutation times the files.
inline constexpr unsigned most_mutants = 400'000;

inline unsigned read_chosen() {
    const char* const text = std::getenv("JKP_MUTANT");
    return text == nullptr ? most_mutants : static_cast<unsigned>(std::atoi(text));
}

// This header is the first of every translation unit: initialised before any constant that is mutated.
inline const unsigned chosen = read_chosen();
inline bool reached[most_mutants];

// Which of the `Count` mutants from `First` on is awake; -1: none.
template <unsigned First, unsigned Count>
constexpr int awake() {
    static_assert(First + Count <= most_mutants);
    if (std::is_constant_evaluated()) return -1;
    reached[First] = true;
    return chosen >= First && chosen < First + Count ? static_cast<int>(chosen - First) : -1;
}

template <unsigned Id>
constexpr bool on() {
    return awake<Id, 1>() == 0;
}

// Keeps the initialiser of a mutated constant from being evaluated by the compiler.
template <class T>
T late(T value) {
    return value;
}

template <unsigned Id>
constexpr bool truth(bool value) {
    return value != on<Id>();
}

template <unsigned Id, class A, class B>
constexpr bool less(const A& a, const B& b) {
    switch (awake<Id, 3>()) {
        case 0: return a <= b;
        case 1: return a >= b;
        case 2: return a > b;
        default: return a < b;
    }
}

template <unsigned Id, class A, class B>
constexpr bool less_equal(const A& a, const B& b) {
    switch (awake<Id, 3>()) {
        case 0: return a < b;
        case 1: return a > b;
        case 2: return a >= b;
        default: return a <= b;
    }
}

template <unsigned Id, class A, class B>
constexpr bool greater(const A& a, const B& b) {
    return less<Id>(b, a);
}

template <unsigned Id, class A, class B>
constexpr bool greater_equal(const A& a, const B& b) {
    return less_equal<Id>(b, a);
}

template <unsigned Id, class A, class B>
constexpr bool equal(const A& a, const B& b) {
    return (a == b) != on<Id>();
}

template <unsigned Id, class A, class B>
constexpr bool unequal(const A& a, const B& b) {
    return (a != b) != on<Id>();
}

// Where the other operator does not exist for the types, the operands change places (a - b becomes b - a)
// or one is left out.
template <unsigned Id, class A, class B>
constexpr auto plus(const A& a, const B& b) -> decltype(a + b) {
    if constexpr (requires { static_cast<decltype(a + b)>(a - b); }) {
        if (on<Id>()) return static_cast<decltype(a + b)>(a - b);
    } else {
        if (on<Id>()) return static_cast<decltype(a + b)>(a);
    }
    return a + b;
}

template <unsigned Id, class A, class B>
constexpr auto minus(const A& a, const B& b) -> decltype(a - b) {
    if constexpr (requires { static_cast<decltype(a - b)>(a + b); }) {
        if (on<Id>()) return static_cast<decltype(a - b)>(a + b);
    } else {
        if (on<Id>()) return static_cast<decltype(a - b)>(b - a);
    }
    return a - b;
}

template <unsigned Id, class A, class B>
constexpr auto times(const A& a, const B& b) -> decltype(a * b) {
    if constexpr (requires { static_cast<decltype(a * b)>(a / b); }) {
        if (on<Id>()) return static_cast<decltype(a * b)>(a / b);
    } else {
        if (on<Id>()) return static_cast<decltype(a * b)>(b / a);
    }
    return a * b;
}

template <unsigned Id, class A, class B>
constexpr auto divided(const A& a, const B& b) -> decltype(a / b) {
    if constexpr (requires { static_cast<decltype(a / b)>(a * b); }) {
        if (on<Id>()) return static_cast<decltype(a / b)>(a * b);
    } else {
        if (on<Id>()) return static_cast<decltype(a / b)>(0);
    }
    return a / b;
}

template <unsigned Id, class A, class B>
constexpr A& add_to(A& a, const B& b) {
    if (on<Id>()) return a -= b;
    return a += b;
}

template <unsigned Id, class A, class B>
constexpr A& take_from(A& a, const B& b) {
    if (on<Id>()) return a += b;
    return a -= b;
}

template <unsigned Id, class A, class B>
constexpr A& scale(A& a, const B& b) {
    if (on<Id>()) return a /= b;
    return a *= b;
}

template <unsigned Id, class A, class B>
constexpr A& shrink(A& a, const B& b) {
    if (on<Id>()) return a *= b;
    return a /= b;
}

template <unsigned Id, class A, class B>
constexpr A& keep(A& a, const B& b) {
    if (on<Id>()) return a |= b;
    return a &= b;
}

template <unsigned Id, class A, class B>
constexpr A& join(A& a, const B& b) {
    if (on<Id>()) return a &= b;
    return a |= b;
}

template <unsigned Id, class Rest>
constexpr bool both(bool first, const Rest& rest) {
    return on<Id>() ? first || rest() : first && rest();
}

template <unsigned Id, class Rest>
constexpr bool either(bool first, const Rest& rest) {
    return on<Id>() ? first && rest() : first || rest();
}

template <unsigned Id, class T>
constexpr T literal(T value) {
    switch (awake<Id, 2>()) {
        case 0: return static_cast<T>(value + 1);
        case 1: return static_cast<T>(value - 1);
        default: return value;
    }
}

template <unsigned Id, class T>
constexpr T minimum(const T& a, const T& b) {
    return on<Id>() ? std::max(a, b) : std::min(a, b);
}

template <unsigned Id, class T>
constexpr T maximum(const T& a, const T& b) {
    return on<Id>() ? std::min(a, b) : std::max(a, b);
}

template <unsigned Id, class T>
constexpr T minimum(std::initializer_list<T> values) {
    return on<Id>() ? std::max(values) : std::min(values);
}

template <unsigned Id, class T>
constexpr T maximum(std::initializer_list<T> values) {
    return on<Id>() ? std::min(values) : std::max(values);
}

template <unsigned Id, class T>
constexpr T clamped(const T& value, const T& low, const T& high) {
    switch (awake<Id, 2>()) {
        case 0: return std::min(value, high);
        case 1: return std::max(value, low);
        default: return std::clamp(value, low, high);
    }
}

template <unsigned Id, class I, class... C>
constexpr I first_least(I begin, I end, C... by) {
    return on<Id>() ? std::max_element(begin, end, by...) : std::min_element(begin, end, by...);
}

template <unsigned Id, class I, class... C>
constexpr I first_most(I begin, I end, C... by) {
    return on<Id>() ? std::min_element(begin, end, by...) : std::max_element(begin, end, by...);
}

template <unsigned Id, class I, class F>
constexpr bool any_of(I begin, I end, F holds) {
    return on<Id>() ? std::all_of(begin, end, holds) : std::any_of(begin, end, holds);
}

template <unsigned Id, class I, class F>
constexpr bool all_of(I begin, I end, F holds) {
    return on<Id>() ? std::any_of(begin, end, holds) : std::all_of(begin, end, holds);
}

// The bound without its limit.
template <unsigned Id, class B>
constexpr B unlimited(const B& bound) {
    return on<Id>() ? B(decltype(bound.value())::max(), bound.reason()) : bound;
}

}  // namespace jkp::mutation
