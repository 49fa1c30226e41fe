// SPDX-License-Identifier: MIT
#include "io_can/pty.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>

namespace jkp::io {

Pty::Pty() : master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
    EXPECT_GE(master_, 0);
    EXPECT_EQ(::grantpt(master_), 0);
    EXPECT_EQ(::unlockpt(master_), 0);
    std::array<char, 64> name{};
    EXPECT_EQ(::ptsname_r(master_, name.data(), name.size()), 0);
    path_ = name.data();
}

void Pty::write(const std::string& bytes) const {
    EXPECT_EQ(::write(master_, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}

std::string Pty::read() const {
    std::string bytes;
    std::array<char, 4096> chunk{};
    for (;;) {
        const auto count = ::read(master_, chunk.data(), chunk.size());
        if (count <= 0) return bytes;
        bytes.append(chunk.data(), static_cast<std::size_t>(count));
    }
}

void Pty::unplug() {
    if (master_ >= 0) ::close(master_);
    master_ = -1;
}

TemporaryFolder::TemporaryFolder() {
    auto name = testing::TempDir() + "jkp_io_can_XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
}

}  // namespace jkp::io
