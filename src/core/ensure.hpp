// SPDX-License-Identifier: MIT
// The one assertion of the project. It is active in every build: a broken invariant ends the program,
// the bus falls silent (rule S7), and the service manager starts it again.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace jkp {

[[noreturn]] inline void broken(const char* what, std::source_location where) {
    std::fprintf(stderr, "%s:%u: invariant broken: %s\n", where.file_name(), where.line(), what);
    std::abort();
}

constexpr void ensure(bool holds, const char* what,
                      std::source_location where = std::source_location::current()) {
    if (!holds) broken(what, where);
}

}  // namespace jkp
