// SPDX-License-Identifier: MIT
// What the tests do to the guest around the link. Every function ends the test with a failure when it cannot.
#pragma once

#include <string>
#include <vector>

namespace jkp::guest {

// Whether this process runs inside the guest of run-in-guest.
bool inside();

// A shell command that must succeed, for example "ip link set vcan0 down".
void run(const std::string& command);
// Starts a program that ends by itself or with the guest.
void start(const std::string& command);

// One command for the pretend bus, see can_bus.cpp.
void bus(const std::string& command);

// From now on this process has no capability, CAP_NET_ADMIN among them.
void drop_privileges();

std::string contents(const std::string& file);
std::vector<std::string> lines(const std::string& file);

}  // namespace jkp::guest
