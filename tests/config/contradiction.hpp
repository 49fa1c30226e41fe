// SPDX-License-Identifier: MIT
// One finding of check-config: what is written after the minimal file (its last line is 4), and the one
// line that is said.
#pragma once

#include <gtest/gtest.h>

#include "config/config_test_support.hpp"

namespace jkp::config::testing {

struct Row {
    const char* name;
    const char* text;
    const char* line;
};

inline std::string name_of(const ::testing::TestParamInfo<Row>& row) {
    return row.param.name;
}

inline void expect_refused(const Row& row) {
    EXPECT_EQ(errors_of(with(row.text)), std::string(row.line) + '\n');
}

inline void expect_warned(const Row& row) {
    EXPECT_EQ(warnings_of(with(row.text)), std::string(row.line) + '\n');
}

}  // namespace jkp::config::testing
