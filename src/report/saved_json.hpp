// SPDX-License-Identifier: MIT
// The state file's text: JSON with a version. Unknown versions and damaged files are refused with a cause;
// orders that this program does not know are left out and named in `unheard_of`.
#pragma once

#include <string>
#include <string_view>

#include "control/saved.hpp"
#include "core/result.hpp"

namespace jkp::report {

std::string saved_json(const control::Saved& saved);
Result<control::Saved, std::string> saved_from_json(std::string_view text);

}  // namespace jkp::report
