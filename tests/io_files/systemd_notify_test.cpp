// SPDX-License-Identifier: MIT
#include "io/systemd_notify.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "io/file_descriptor.hpp"
#include "io_files/temporary_folder.hpp"

namespace jkp::io {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using testing::TemporaryFolder;

// Listens as systemd does and sets NOTIFY_SOCKET for the time of one test.
class Manager {
  public:
    Manager() : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = folder_.file("notify");
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        if (::bind(socket_.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
            throw std::runtime_error("cannot bind " + path);
        }
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    }
    ~Manager() { ::unsetenv("NOTIFY_SOCKET"); }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    // The next message; a unix datagram is there as soon as it is sent. "" when there is none.
    std::string message() {
        std::string text(1000, '\0');
        const ssize_t size = ::recv(socket_.fd(), text.data(), text.size(), 0);
        text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
        return text;
    }

  private:
    TemporaryFolder folder_;
    FileDescriptor socket_;
};

TEST(SystemdNotify, EveryStateReachesTheServiceManager) {
    Manager manager;
    systemd::ready("waiting for the BMS");
    EXPECT_EQ(manager.message(), "READY=1\nSTATUS=waiting for the BMS");
    systemd::status("CCL 60 A");
    EXPECT_EQ(manager.message(), "STATUS=CCL 60 A");
    systemd::watchdog();
    EXPECT_EQ(manager.message(), "WATCHDOG=1");
    systemd::stopping("ending");
    EXPECT_EQ(manager.message(), "STOPPING=1\nSTATUS=ending");
    systemd::reloading("new configuration");
    const std::string reloading = manager.message();
    EXPECT_THAT(reloading, StartsWith("RELOADING=1\nMONOTONIC_USEC="));
    EXPECT_THAT(reloading, HasSubstr("\nSTATUS=new configuration"));
    EXPECT_EQ(manager.message(), "");
}

TEST(SystemdNotify, ALineBreakInAStatusCannotBecomeAnotherAssignment) {
    Manager manager;
    systemd::status("a\nSTOPPING=1");
    EXPECT_EQ(manager.message(), "STATUS=a STOPPING=1");
}

TEST(SystemdNotify, WithoutAServiceManagerNothingHappens) {
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
    systemd::ready("x");
    systemd::watchdog();
    EXPECT_EQ(systemd::watchdog_interval(), std::nullopt);
}

TEST(SystemdNotify, TheWatchdogIntervalIsThatOfTheService) {
    ::setenv("WATCHDOG_USEC", "5000000", 1);
    ::unsetenv("WATCHDOG_PID");
    EXPECT_EQ(systemd::watchdog_interval(), std::chrono::seconds(5));
    ::setenv("WATCHDOG_PID", "1", 1);
    EXPECT_EQ(systemd::watchdog_interval(), std::nullopt) << "meant for another process";
    ::unsetenv("WATCHDOG_USEC");
    ::unsetenv("WATCHDOG_PID");
}

}  // namespace
}  // namespace jkp::io
