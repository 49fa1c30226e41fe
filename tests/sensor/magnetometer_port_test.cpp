// SPDX-License-Identifier: MIT
#include "app/magnetometer_port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sensor/pretend_bus.hpp"

namespace jkp::app {
namespace {

using meter::MagnetometerChip;
using ::testing::HasSubstr;

Result<MagnetometerPort, MagnetometerFault> open(const std::shared_ptr<PretendChips>& chips,
                                                 const MagnetometerPlace& place = {}) {
    return MagnetometerPort::open(place, chips->opener());
}

TEST(MagnetometerPort, FindsEachChipAtItsUsualAddress) {
    const auto hmc = PretendChips::make();
    hmc->add_hmc();
    const auto first = open(hmc);
    ASSERT_TRUE(first) << first.error().sentence;
    EXPECT_EQ(first->words(), "HMC5883L at 0x1E on /dev/i2c-1, 1090 counts per gauss");
    const auto qmc = PretendChips::make();
    qmc->add_qmc();
    const auto second = open(qmc, {.bus = 3});
    ASSERT_TRUE(second) << second.error().sentence;
    EXPECT_EQ(second->words(), "QMC5883L at 0x0D on /dev/i2c-3, 3000 counts per gauss");
}

TEST(MagnetometerPort, SetsTheChipUpAndReadsItsField) {
    const auto chips = PretendChips::make();
    chips->add_hmc();
    chips->set_noise(false);
    chips->set_hmc_field(12, -669, 34);
    auto port = open(chips, {.gain = 5});
    ASSERT_TRUE(port);
    EXPECT_EQ(chips->at(0x1E, 0x00), 0x70);
    EXPECT_EQ(chips->at(0x1E, 0x01), 0xA0);
    EXPECT_EQ(chips->at(0x1E, 0x02), 0x00);
    const auto read = port->read();
    ASSERT_TRUE(read && *read);
    EXPECT_EQ(**read, (meter::Field{{12, -669, 34}}));
}

TEST(MagnetometerPort, LooksForTheNamedChipAtTheNamedAddressOnly) {
    const auto chips = PretendChips::make();
    chips->add_hmc();
    chips->add_qmc();
    const auto qmc = open(chips, {.chip = MagnetometerChip::qmc5883l});
    ASSERT_TRUE(qmc);
    EXPECT_EQ(qmc->chip(), MagnetometerChip::qmc5883l);
    EXPECT_FALSE(open(chips, {.address = 0x1F, .chip = MagnetometerChip::hmc5883l}));
    chips->add_hmc(0x1F);
    EXPECT_TRUE(open(chips, {.address = 0x1F}));
}

TEST(MagnetometerPort, NamesTheChipThatItCannotRead) {
    const auto chips = PretendChips::make();
    chips->set(0x2C, 0x00, {0x80});
    const auto port = open(chips);
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().error, MagnetometerError::unusable);
    EXPECT_THAT(port.error().sentence, HasSubstr("QMC5883P"));
    EXPECT_THAT(port.error().sentence, HasSubstr("not supported"));
}

TEST(MagnetometerPort, AnEmptyBusIsToldWithWhatWasLookedAtAndTheNextStep) {
    const auto chips = PretendChips::make();
    const auto port = open(chips);
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().error, MagnetometerError::absent);
    EXPECT_THAT(port.error().sentence, HasSubstr("0x1E, 0x0D, 0x2C"));
    EXPECT_THAT(port.error().sentence, HasSubstr("i2cdetect -y 1"));
}

TEST(MagnetometerPort, AStrangerAtTheAddressIsTold) {
    const auto chips = PretendChips::make();
    chips->set(0x1E, 0x0A, {0x00, 0x01, 0x02});
    const auto port = open(chips);
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().error, MagnetometerError::absent);
    EXPECT_THAT(port.error().sentence, HasSubstr("At 0x1E something answers that is no HMC5883L"));
    EXPECT_THAT(port.error().sentence, HasSubstr("000102"));
}

TEST(MagnetometerPort, AGainThatTheChipDoesNotHaveIsRefused) {
    const auto chips = PretendChips::make();
    chips->add_qmc();
    const auto port = open(chips, {.gain = 2});
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().sentence, "The QMC5883L has the gain steps 0 to 1, not 2.");
}

TEST(MagnetometerPort, ABusThatHangsIsNotTakenForAnEmptyOne) {
    const auto chips = PretendChips::make();
    chips->add_hmc();
    chips->fail(ETIMEDOUT);
    const auto port = open(chips);
    ASSERT_FALSE(port);
    EXPECT_EQ(port.error().error, MagnetometerError::bus);
    EXPECT_THAT(port.error().sentence, HasSubstr("hangs"));
}

}  // namespace
}  // namespace jkp::app
