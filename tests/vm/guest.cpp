// SPDX-License-Identifier: MIT
#include "vm/guest.hpp"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace jkp::guest {

bool inside() {
    return std::getenv("JKP_GUEST") != nullptr;
}

void run(const std::string& command) {
    // These commands reconfigure interfaces: never those of the developer's machine.
    ASSERT_TRUE(inside()) << "run through tests/vm/run-in-guest: " << command;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

void start(const std::string& command) {
    run("{ " + command + " ; } &");
}

void bus(const std::string& command) {
    ASSERT_TRUE(inside()) << "run through tests/vm/run-in-guest: " << command;
    std::ofstream control("/run/can_bus/control");
    control << command << std::endl;
    EXPECT_TRUE(control.good()) << command;
}

void drop_privileges() {
    ASSERT_TRUE(inside());
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
    ASSERT_EQ(::syscall(SYS_capset, &header, none.data()), 0);
}

std::string contents(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

std::vector<std::string> lines(const std::string& file) {
    std::vector<std::string> found;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
}

}  // namespace jkp::guest
