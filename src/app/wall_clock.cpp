// SPDX-License-Identifier: MIT
#include "app/wall_clock.hpp"

#include <chrono>
#include <ctime>
#include <fstream>

namespace jkp::app {

std::optional<WallTime> wall_time() {
    constexpr std::int64_t believable = 1'704'067'200;
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since).count();
    return seconds >= believable ? std::optional(WallTime{seconds}) : std::nullopt;
}

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

std::optional<std::uint8_t> local_month() {
    const auto wall = wall_time();
    if (!wall) return std::nullopt;
    const std::time_t seconds = wall->seconds;
    std::tm local{};
    if (localtime_r(&seconds, &local) == nullptr) return std::nullopt;
    return static_cast<std::uint8_t>(local.tm_mon + 1);
}

}  // namespace jkp::app
