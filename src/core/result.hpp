// SPDX-License-Identifier: MIT
// A value or the reason why there is none. Used for everything that comes from a wire.
#pragma once

#include <tl/expected.hpp>

namespace jkp {

template <class T, class E>
using Result = tl::expected<T, E>;

template <class E>
constexpr auto failure(E&& error) {
    return tl::unexpected<std::decay_t<E>>(std::forward<E>(error));
}

}  // namespace jkp
