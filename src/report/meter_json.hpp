// SPDX-License-Identifier: MIT
// Datagrams of an SMA energy meter as JSON; docs/json.md lists the keys, they are a contract.
#pragma once

#include "meter/speedwire.hpp"
#include "report/decode_json.hpp"

namespace jkp::report {

// + = export, everywhere. What the meter does not send is null.
Json meter_json(const meter::MeterReading& reading);

// "ignored" holds the reason. Ordinary traffic of SMA devices is "ok"; anything else is not, with "error".
Json ignored_json(const meter::Refusal& refusal);

// Hexadecimal text (hex_blocks.hpp), one datagram per input. Empty when there is no input.
std::vector<Json> decode_sma_text(std::string_view text);

}  // namespace jkp::report
