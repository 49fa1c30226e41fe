// SPDX-License-Identifier: MIT
// The second inverter, which is only read.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/time.hpp"

namespace jkp::config {

enum class GoodweFamily : std::uint8_t { automatic, es, et };
enum class GoodweTransport : std::uint8_t { udp, tcp };

struct GoodweSettings {
    std::string host = {};                   // empty = there is none
    std::optional<int> port = std::nullopt;  // absent: 8899 for udp, 502 for tcp
    GoodweFamily family = GoodweFamily::automatic;
    GoodweTransport transport = GoodweTransport::udp;
    Duration poll_period = std::chrono::seconds(5);
    [[nodiscard]] bool enabled() const { return !host.empty(); }
    bool operator==(const GoodweSettings&) const = default;
};

}  // namespace jkp::config
