// SPDX-License-Identifier: MIT
// The sentences of words.hpp in German, for the event log of the dashboard and for notifications. Log files
// and the command line speak English.
#pragma once

#include <string>
#include <string_view>

#include "control/transport.hpp"
#include "report/words.hpp"

namespace jkp::report {

std::string describe_de(const control::Event& event, const control::Config& config);
std::string describe_de(control::Rejection rejection);
std::string describe_de(control::CommandRefusal refusal);
std::string phase_words_de(control::Phase phase);
std::string mode_words_de(control::TransportMode mode);

// What happened to the link that `code` names, from the English sentence about it: a German sentence where
// the code alone says what happened, else what it is about, followed by the English one.
std::string link_words_de(std::string_view code, Severity severity, std::string_view text_en);

}  // namespace jkp::report
