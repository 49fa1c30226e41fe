// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>

#include "io/i2c_bus.hpp"
#include "io_files/temporary_folder.hpp"

namespace jkp::io {
namespace {

using ::testing::HasSubstr;

TEST(I2cFault, AMissingBusNamesTheOnesThatAreThereAndHowToSwitchThemOn) {
    testing::TemporaryFolder root;
    std::filesystem::create_directory(root.path() / "dev");
    const I2cFault none = i2c_open_fault("/dev/i2c-1", ENOENT, root.path());
    EXPECT_EQ(none.error, I2cError::missing);
    EXPECT_THAT(none.sentence, HasSubstr("this machine has no I2C bus at all"));
    EXPECT_THAT(none.sentence, HasSubstr("raspi-config"));
    for (const char* name : {"i2c-20", "i2c-2", "i2c", "tty1"}) std::ofstream(root.path() / "dev" / name);
    const I2cFault others = i2c_open_fault("/dev/i2c-1", ENOENT, root.path());
    EXPECT_THAT(others.sentence, HasSubstr("buses on this machine: /dev/i2c-2, /dev/i2c-20."));
}

struct Case {
    int errno_value;
    I2cError error;
    const char* next_step;
};

TEST(I2cFault, EveryFailedOpenHasItsNextStep) {
    for (const auto& [value, error, next_step] :
         {Case{EACCES, I2cError::permission, "group i2c"},
          Case{EPERM, I2cError::permission, "usermod -aG i2c"},
          Case{ENOTTY, I2cError::not_a_bus, "is no I2C bus"}, Case{ENODEV, I2cError::missing, "raspi-config"},
          Case{EOPNOTSUPP, I2cError::not_a_bus, "another bus"},
          Case{EMFILE, I2cError::other, "open files"}}) {
        const I2cFault fault = i2c_open_fault("/dev/i2c-1", value);
        EXPECT_EQ(fault.error, error) << value;
        EXPECT_THAT(fault.sentence, HasSubstr(next_step));
        EXPECT_THAT(fault.sentence, HasSubstr("/dev/i2c-1"));
    }
}

TEST(I2cFault, EveryFailedTransferHasItsNextStep) {
    for (const auto& [value, error, next_step] :
         {Case{ENXIO, I2cError::no_acknowledge, "wiring"},
          Case{EREMOTEIO, I2cError::no_acknowledge, "SDA to SDA"},
          Case{EIO, I2cError::no_acknowledge, "3.3 V"}, Case{EBUSY, I2cError::busy, "driver of the kernel"},
          Case{ETIMEDOUT, I2cError::stuck, "short circuit"}, Case{EAGAIN, I2cError::stuck, "held low"},
          Case{ENODEV, I2cError::no_acknowledge, "wiring"}, Case{EPROTO, I2cError::other, "failed"}}) {
        const I2cFault fault = i2c_transfer_fault("/dev/i2c-1", 0x1E, value);
        EXPECT_EQ(fault.error, error) << value;
        EXPECT_THAT(fault.sentence, HasSubstr(next_step));
        EXPECT_THAT(fault.sentence, HasSubstr("/dev/i2c-1"));
        EXPECT_FALSE(name(fault.error).empty());
    }
}

TEST(I2cFault, AddressesAreWrittenAsInDataSheets) {
    EXPECT_EQ(i2c_address_text(0x1E), "0x1E");
    EXPECT_EQ(i2c_address_text(0x0D), "0x0D");
    EXPECT_EQ(i2c_path(1), "/dev/i2c-1");
}

TEST(I2cBus, WhatIsNoBusIsRefused) {
    testing::TemporaryFolder folder;
    const std::string fifo = folder.file("fifo");
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    std::ofstream(folder.file("file")) << "text";
    for (const std::string& path :
         {std::string("/dev/null"), fifo, folder.file("file"), folder.path().string()}) {
        const auto bus = open_i2c_bus(path);
        ASSERT_FALSE(bus) << path;
        EXPECT_EQ(bus.error().error, I2cError::not_a_bus) << bus.error().sentence;
    }
    EXPECT_EQ(open_i2c_bus(folder.file("none")).error().error, I2cError::missing);
}

}  // namespace
}  // namespace jkp::io
