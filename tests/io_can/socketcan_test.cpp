// SPDX-License-Identifier: MIT
// What of SocketCAN can be tested without a CAN interface; the rest is in tests/vm.
#include <gtest/gtest.h>
#include <linux/can.h>
#include <linux/can/error.h>

#include "io/can_filter.hpp"
#include "io/can_socket.hpp"
#include "io/netlink_can.hpp"
#include "io_can/frames.hpp"
#include "io_can/link_probe.hpp"

namespace jkp::io {
namespace {

using namespace std::chrono_literals;

CanFrame with_id(std::uint32_t id, bool extended = false) {
    auto frame = numbered_frame(id);
    frame.extended = extended;
    return frame;
}

TEST(CanFilter, LetsInvertersAndBatteriesThrough) {
    for (const std::uint32_t id : {0x300U, 0x305U, 0x30FU, 0x350U, 0x351U, 0x35EU, 0x35FU})
        EXPECT_TRUE(concerns_us(with_id(id))) << id;
    EXPECT_TRUE(concerns_us(with_id(0x305, true)));
    for (const std::uint32_t id : {0x2FFU, 0x310U, 0x34FU, 0x360U, 0x7FFU, 0U})
        EXPECT_FALSE(concerns_us(with_id(id))) << id;
    EXPECT_FALSE(concerns_us(with_id(0x351, true)));
    EXPECT_FALSE(concerns_us(with_id(0x1305, true)));
}

TEST(CanErrorFrame, TellsTheStatesOfTheController) {
    EXPECT_EQ(read_error_frame(CAN_ERR_FLAG | CAN_ERR_BUSOFF, {}), (CanErrorReport{true, false, false}));
    EXPECT_EQ(read_error_frame(CAN_ERR_FLAG | CAN_ERR_RESTARTED, {}), (CanErrorReport{false, false, true}));
    EXPECT_EQ(read_error_frame(CAN_ERR_FLAG | CAN_ERR_CRTL, {0, CAN_ERR_CRTL_TX_PASSIVE}),
              (CanErrorReport{false, true, false}));
    EXPECT_EQ(read_error_frame(CAN_ERR_FLAG | CAN_ERR_CRTL, {0, CAN_ERR_CRTL_TX_WARNING}), CanErrorReport{});
    EXPECT_EQ(read_error_frame(CAN_ERR_FLAG, {0, CAN_ERR_CRTL_TX_PASSIVE}), CanErrorReport{});
}

TEST(SocketCanLink, AMissingInterfaceIsSaidAndCostsLittle) {
    CanLinkSettings settings;
    settings.interface = "jkp_none0";
    settings.manage_interface = true;
    LinkProbe probe(settings);
    ASSERT_TRUE(probe.until_state(CanLinkState::missing));
    EXPECT_EQ(probe.detail().find("jkp_none0 does not exist; "), 0U) << probe.detail();
    EXPECT_EQ(probe.link().send({}), SendOutcome::not_connected);
    const auto turns = probe.turns;
    EXPECT_FALSE(probe.until([] { return false; }, 600ms));
    EXPECT_LE(probe.turns - turns, 4U);
    EXPECT_EQ(probe.states.size(), 1U) << "the same sentence is told once";
}

TEST(SocketCanLink, AnInterfaceThatIsNotOfCanIsSaid) {
    EXPECT_EQ(missing_can_interface_sentence("lo").find("lo is not a CAN interface; "), 0U);
    EXPECT_FALSE(find_can_interface("lo"));
}

TEST(CanLinkSettings, SettingsThatCannotWorkAreRefusedAtOnce) {
    boost::asio::io_context loop;
    CanLinkSettings settings;
    settings.interface = "a_name_that_is_too_long";
    EXPECT_THROW(make_can_link(loop, settings), std::invalid_argument);
    settings.kind = CanLinkKind::slcan;
    EXPECT_THROW(make_can_link(loop, settings), std::invalid_argument);
    settings.path = "/dev/null";
    settings.bitrate = 333'000;
    EXPECT_THROW(make_can_link(loop, settings), std::invalid_argument);
    settings.kind = CanLinkKind::cannelloni;
    EXPECT_THROW(make_can_link(loop, settings), std::invalid_argument);
    settings.kind = CanLinkKind::candump;
    settings.path.clear();
    EXPECT_THROW(make_can_link(loop, settings), std::invalid_argument);
}

}  // namespace
}  // namespace jkp::io
