// SPDX-License-Identifier: MIT
// Short text with its storage inside. What does not fit is cut off.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace jkp {

template <std::size_t Capacity>
class FixedText {
  public:
    constexpr FixedText() = default;
    constexpr FixedText(std::string_view text) {  // NOLINT(google-explicit-constructor)
        size_ = std::min(text.size(), Capacity);
        std::copy_n(text.begin(), size_, bytes_.begin());
    }
    constexpr FixedText(const char* text) : FixedText(std::string_view(text)) {}  // NOLINT

    [[nodiscard]] constexpr std::string_view view() const { return {bytes_.data(), size_}; }
    [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
    friend constexpr bool operator==(const FixedText& a, const FixedText& b) { return a.view() == b.view(); }

  private:
    std::array<char, Capacity> bytes_{};
    std::size_t size_ = 0;
};

}  // namespace jkp
