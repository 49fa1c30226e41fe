// SPDX-License-Identifier: MIT
// The kernel's I2C with chips of i2c-stub, inside the guest of run-in-guest: their registers hold what is
// written. The names of the suites decide which addresses answer, see CMakeLists.txt.
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "io/i2c_bus.hpp"
#include "vm/guest.hpp"

namespace jkp::io {
namespace {

using ::testing::HasSubstr;

constexpr std::uint8_t hmc = 0x1E;
constexpr std::uint8_t qmc = 0x0D;
constexpr std::uint8_t qmc_p = 0x2C;

std::unique_ptr<I2cBus> bus() {
    auto opened = open_i2c_bus("/dev/i2c-0");
    EXPECT_TRUE(opened) << opened.error().sentence;
    return opened ? std::move(*opened) : nullptr;
}

void put(std::uint8_t address, std::uint8_t first, std::initializer_list<std::uint8_t> values) {
    const auto open = bus();
    ASSERT_NE(open, nullptr);
    for (const std::uint8_t value : values) ASSERT_TRUE(open->write(address, first++, value));
}

// An HMC5883L that has measured x = 3, y = -469, z = 5.
void put_hmc() {
    put(hmc, 0x0A, {'H', '4', '3'});
    put(hmc, 0x03, {0x00, 0x03, 0x00, 0x05, 0xFE, 0x2B});
    put(hmc, 0x09, {0x01});
}

struct Outcome {
    int code;
    std::string output;
    std::string errors;
};
Outcome program(const std::string& arguments) {
    const int status = std::system(
        (std::string(JKP_PROGRAM) + " sensor --bus 0 " + arguments + " >/run/out 2>/run/err </run/in")
            .c_str());
    return {WEXITSTATUS(status), guest::contents("/run/out"), guest::contents("/run/err")};
}
void type(const std::string& text) {
    guest::run("printf '" + text + "' >/run/in");
}

TEST(HmcSensor, BlocksAreReadInOneTransferAndBytesAreWritten) {
    put_hmc();
    const auto open = bus();
    ASSERT_NE(open, nullptr);
    std::array<std::uint8_t, 6> data{};
    ASSERT_TRUE(open->read(hmc, 0x03, data));
    EXPECT_EQ(data, (std::array<std::uint8_t, 6>{0x00, 0x03, 0x00, 0x05, 0xFE, 0x2B}));
    ASSERT_TRUE(open->write(hmc, 0x04, 0x77));
    ASSERT_TRUE(open->read(hmc, 0x03, data));
    EXPECT_EQ(data[1], 0x77);
}

TEST(HmcSensor, NobodyAtAnAddressIsNoAcknowledge) {
    const auto open = bus();
    ASSERT_NE(open, nullptr);
    std::array<std::uint8_t, 1> data{};
    const auto read = open->read(qmc, 0x00, data);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().error, I2cError::no_acknowledge) << read.error().sentence;
    EXPECT_EQ(open->write(qmc, 0x00, 1).error().error, I2cError::no_acknowledge);
}

TEST(HmcSensor, AnAddressThatADriverHasClaimedIsBusy) {
    guest::run("echo dummy 0x1e >/sys/bus/i2c/devices/i2c-0/new_device");
    const auto open = bus();
    ASSERT_NE(open, nullptr);
    std::array<std::uint8_t, 1> data{};
    const auto read = open->read(hmc, 0x00, data);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().error, I2cError::busy) << read.error().sentence;
}

TEST(HmcSensor, AUserOutsideOfTheGroupIsToldWhichOneItIs) {
    guest::run("chmod 660 /dev/i2c-0");
    ASSERT_EQ(::setgroups(0, nullptr), 0);
    ASSERT_EQ(::setgid(1000), 0);
    ASSERT_EQ(::setuid(1000), 0);
    const auto opened = open_i2c_bus("/dev/i2c-0");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().error, I2cError::permission);
    EXPECT_THAT(opened.error().sentence, HasSubstr("group i2c"));
}

TEST(HmcSensor, TheProgramFindsItAndShowsTheOriginalsCurrent) {
    put_hmc();
    type("");
    guest::run(
        "printf '[[pack]]\\nport = \"/dev/x\"\\nmax_charge_a = 60\\nmax_discharge_a = "
        "60\\n[peer.sensor]\\nbus = "
        "0\\npreset = \"original\"\\n' >/run/site.toml");
    const Outcome seen = program("--json --for 5 -c /run/site.toml");
    EXPECT_EQ(seen.code, 0) << seen.errors;
    // (40/669) * -469 + 40
    EXPECT_THAT(seen.output, HasSubstr("{\"ok\":true,\"chip\":\"HMC5883L\",\"x\":3,\"y\":-469,\"z\":5,"
                                       "\"field_mg\":430.3,\"current_a\":11.958}"));
    EXPECT_THAT(seen.errors, HasSubstr("HMC5883L at 0x1E on /dev/i2c-0, 1090 counts per gauss"));
}

TEST(HmcSensor, RegistersThatNeverMoveAreStuckAndGiveNoCurrent) {
    put_hmc();
    type("");
    guest::run(
        "printf '[[pack]]\\nport = \"/dev/x\"\\nmax_charge_a = 60\\nmax_discharge_a = "
        "60\\n[peer.sensor]\\nbus = "
        "0\\npreset = \"original\"\\nmax_stuck_s = 2\\npoll_s = 0.2\\n' >/run/site.toml");
    const Outcome seen = program("--json --for 6 -c /run/site.toml");
    EXPECT_EQ(seen.code, 1) << seen.errors;
    EXPECT_THAT(seen.output, HasSubstr("exactly the same three counts"));
    EXPECT_THAT(seen.output, HasSubstr("\"current_a\":null"));
}

TEST(HmcSensor, TheProgramCalibratesFromTypedCurrents) {
    put_hmc();
    type("12\\n-30 3 -1169 5\\n30 3 -169 5\\n");
    const Outcome seen = program("calibrate --average 0.3");
    EXPECT_EQ(seen.code, 0) << seen.errors;
    EXPECT_THAT(seen.output, HasSubstr("chip = \"hmc5883l\""));
    EXPECT_THAT(seen.output, HasSubstr("zero = -669\n"));
    EXPECT_THAT(seen.output, HasSubstr("slope_ma = 60\n"));
}

TEST(QmcSensor, TheProgramFindsTheUsualCloneAndReadsItsBytes) {
    put(qmc, 0x0D, {0xFF});
    put(qmc, 0x00, {0x02, 0x01, 0x63, 0xFD, 0xFE, 0xFF});
    put(qmc, 0x06, {0x01});
    type("");
    const Outcome seen = program("--json --for 5");
    EXPECT_EQ(seen.code, 0) << seen.errors;
    EXPECT_THAT(seen.output, HasSubstr("{\"ok\":true,\"chip\":\"QMC5883L\",\"x\":258,\"y\":-669,\"z\":-2,"));
    std::array<std::uint8_t, 1> control{};
    ASSERT_TRUE(bus()->read(qmc, 0x09, control));
    EXPECT_EQ(control[0], 0x11);
}

TEST(QmcpSensor, TheProgramNamesTheChipItDoesNotSupport) {
    put(qmc_p, 0x00, {0x80});
    type("");
    const Outcome seen = program("--for 5");
    EXPECT_EQ(seen.code, 2);
    EXPECT_THAT(seen.errors, HasSubstr("QMC5883P, which is recognised but not supported"));
}

TEST(StrangeSensor, SomethingElseAtTheAddressIsTold) {
    type("");
    const Outcome seen = program("--for 5");
    EXPECT_EQ(seen.code, 2);
    EXPECT_THAT(seen.errors, HasSubstr("At 0x1E something answers that is no HMC5883L"));
}

}  // namespace
}  // namespace jkp::io
