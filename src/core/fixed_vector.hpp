// SPDX-License-Identifier: MIT
// A vector with its storage inside: the control path allocates nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/ensure.hpp"

namespace jkp {

template <class T, std::size_t Capacity>
class FixedVector {
  public:
    using value_type = T;
    using iterator = T*;
    using const_iterator = const T*;

    constexpr FixedVector() = default;
    constexpr FixedVector(std::initializer_list<T> items) {
        for (const T& item : items) push_back(item);
    }

    static constexpr std::size_t capacity() { return Capacity; }
    [[nodiscard]] constexpr std::size_t size() const { return size_; }
    [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
    [[nodiscard]] constexpr bool full() const { return size_ == Capacity; }

    // Precondition: not full.
    constexpr void push_back(const T& item) {
        ensure(!full(), "FixedVector has room");
        items_[size_++] = item;
    }
    // Drops the item when there is no room; returns whether it was kept.
    constexpr bool offer(const T& item) {
        if (full()) return false;
        items_[size_++] = item;
        return true;
    }
    constexpr void clear() { size_ = 0; }

    constexpr T& operator[](std::size_t i) {
        ensure(i < size_, "FixedVector index in range");
        return items_[i];
    }
    constexpr const T& operator[](std::size_t i) const {
        ensure(i < size_, "FixedVector index in range");
        return items_[i];
    }
    constexpr T& back() { return (*this)[size_ - 1]; }
    constexpr const T& back() const { return (*this)[size_ - 1]; }

    constexpr T* data() { return items_.data(); }
    constexpr const T* data() const { return items_.data(); }
    constexpr iterator begin() { return items_.data(); }
    constexpr iterator end() { return items_.data() + size_; }
    constexpr const_iterator begin() const { return items_.data(); }
    constexpr const_iterator end() const { return items_.data() + size_; }

    friend constexpr bool operator==(const FixedVector& a, const FixedVector& b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

  private:
    std::array<T, Capacity> items_{};
    std::size_t size_ = 0;
};

}  // namespace jkp
