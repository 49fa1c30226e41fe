// SPDX-License-Identifier: MIT
// The real program on the kernel's CAN, inside the guest of run-in-guest; its BMS is simulated on a pty by
// this process, and candump writes down what is on the bus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/candump_text.hpp"
#include "e2e/site.hpp"
#include "vm/guest.hpp"

namespace jkp::e2e {
namespace {

using pylontech::Limits;
using testing::HasSubstr;

constexpr Duration guest_patience = seconds(40);

SiteConfig on(const std::string& interface, bool managed = false) {
    return {.poll_s = 0.5,
            .can = "kind = \"socketcan\"\ninterface = \"" + interface + "\"\n" +
                   (managed ? "manage_interface = true\n" : "")};
}

// What candump has written about one interface.
class Dump {
  public:
    explicit Dump(const std::string& interface) : file_("/run/dump-" + interface) {
        guest::run("rm -f " + file_);
        guest::start("stdbuf -oL candump -L " + interface + " >" + file_ + " 2>/dev/null");
    }
    [[nodiscard]] std::vector<CanFrame> frames() const {
        std::vector<CanFrame> frames;
        for (const std::string& line : guest::lines(file_)) {
            if (const auto parsed = parse_candump_line(line)) frames.push_back(parsed->frame);
        }
        return frames;
    }
    template <class Message>
    [[nodiscard]] std::optional<Message> last() const {
        std::optional<Message> result;
        for (const CanFrame& frame : frames()) {
            const auto message = pylontech::decode(frame);
            if (!message) continue;
            if (const auto* wanted = std::get_if<Message>(&*message)) result = *wanted;
        }
        return result;
    }
    [[nodiscard]] std::size_t count(std::uint32_t id) const {
        const auto all = frames();
        return static_cast<std::size_t>(
            std::count_if(all.begin(), all.end(), [id](const CanFrame& f) { return f.id == id; }));
    }
    [[nodiscard]] bool limits_are(double charge, double discharge) const {
        const auto limits = last<Limits>();
        return limits && charge_a(*limits) == charge && discharge_a(*limits) == discharge;
    }

  private:
    std::string file_;
};

std::string last_of(const Dump& dump, std::uint32_t id) {
    std::string text;
    for (const CanFrame& frame : dump.frames()) {
        if (frame.id == id) text = candump_frame(frame);
    }
    return text;
}

TEST(Gateway, CandumpReadsTheProgramsFramesBitForBit) {
    World world;
    Site site(world, on("vcan0"));
    site.scene().pack.force_soc(Permille(610));
    site.scene().pack.force_current(Milliamps(-12'200));
    for (const Probe probe : {Probe::t1, Probe::t2})
        site.scene().pack.force_temperature(probe, Decicelsius(210));
    for (std::size_t cell = 0; cell < 16; ++cell) site.scene().pack.force_cell(cell, Millivolts(3300));
    const Dump dump("vcan0");
    site.start();
    ASSERT_TRUE(site.until([&] { return dump.limits_are(60, 60); }, guest_patience)) << site.log();
    ASSERT_TRUE(site.until([&] { return dump.count(0x35E) >= 3; }, guest_patience));
    // CVL 16 * 3.45 V, 60.0 A, 60.0 A, DVL 16 * 2.80 V
    EXPECT_EQ(last_of(dump, 0x351), "351#280258025802C001");
    EXPECT_EQ(last_of(dump, 0x355), "355#3D006400");
    EXPECT_EQ(last_of(dump, 0x356), "356#A01486FFD200");  // 52.80 V, -12.2 A, 21.0 C
    EXPECT_EQ(last_of(dump, 0x359), "359#0000000001504E");
    EXPECT_EQ(last_of(dump, 0x35C), "35C#C000");
    EXPECT_EQ(last_of(dump, 0x35E), "35E#50594C4F4E202020");
    EXPECT_EQ(site.status()["can"]["link"]["counters"]["malformed"], 0);
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_ended(guest_patience));
    EXPECT_EQ(site.child->exit_code(), 0);
    ASSERT_TRUE(site.until([&] { return dump.limits_are(0, 0); }, guest_patience));
    EXPECT_EQ(last_of(dump, 0x35C), "35C#0000");
}

TEST(Gateway, D15AnInterfaceThatGoesDownIsToldAtOnceAndUsedAgainWhenItIsUp) {
    World world;
    Site site(world, on("vcan0"));
    const Dump dump("vcan0");
    site.start();
    ASSERT_TRUE(site.until([&] { return dump.limits_are(60, 60); }, guest_patience)) << site.log();
    guest::run("ip link set vcan0 down");
    ASSERT_TRUE(site.until_log("CAN: vcan0 is down")) << site.log();
    EXPECT_EQ(site.status()["can"]["link"]["state"], "down");
    guest::run("ip link set vcan0 up");
    const TimePoint up = io::now();
    const Dump again("vcan0");
    ASSERT_TRUE(site.until([&] { return again.limits_are(60, 60); }, guest_patience)) << site.log();
    EXPECT_LT(io::now() - up, seconds(3));
    EXPECT_FALSE(site.child->ended());
}

TEST(Gateway, D15AnInterfaceThatIsDeletedAndMadeAgainIsUsedAgain) {
    World world;
    Site site(world, on("vcan0"));
    site.start();
    ASSERT_TRUE(site.until([&] { return site.status()["can"]["bursts"] > 3; }, guest_patience)) << site.log();
    guest::run("ip link delete vcan0");
    ASSERT_TRUE(site.until_log("CAN: vcan0 does not exist")) << site.log();
    EXPECT_EQ(site.status()["can"]["link"]["state"], "missing");
    guest::run("ip link add vcan0 type vcan && ip link set vcan0 up");
    const TimePoint up = io::now();
    const Dump dump("vcan0");
    ASSERT_TRUE(site.until([&] { return dump.last<Limits>().has_value(); }, guest_patience)) << site.log();
    EXPECT_LT(io::now() - up, seconds(3));
}

TEST(Gateway, D15AnInterfaceThatIsMissingAtTheStartIsUsedWhenItComes) {
    World world;
    Site site(world, on("vcan5"));
    site.start();
    ASSERT_TRUE(site.until_log("CAN: vcan5 does not exist; CAN interfaces here: vcan0, can0, can1"))
        << site.log();
    guest::run("ip link add vcan5 type vcan && ip link set vcan5 up");
    const TimePoint up = io::now();
    const Dump dump("vcan5");
    ASSERT_TRUE(site.until([&] { return dump.last<Limits>().has_value(); }, guest_patience)) << site.log();
    EXPECT_LT(io::now() - up, seconds(3));
}

TEST(Gateway, ABatteryOfSomebodyElseSilencesOurs) {
    World world;
    Site site(world, on("vcan0"));
    const Dump dump("vcan0");
    site.start();
    ASSERT_TRUE(site.until([&] { return dump.limits_are(60, 60); }, guest_patience)) << site.log();
    guest::run("cansend vcan0 351#1402580258020000");
    ASSERT_TRUE(site.until_log("another battery sends 0x351")) << site.log();
    const std::size_t before = dump.count(0x35E);
    world.pass(seconds(5));
    EXPECT_EQ(dump.count(0x35E), before);
    EXPECT_TRUE(site.until([&] { return dump.count(0x35E) > before; }, guest_patience));
}

TEST(Gateway, AFullDiskIsToldOnceAndControlGoesOn) {
    guest::run("mkdir -p /run/small && mount -t tmpfs -o size=16k tmpfs /run/small");
    guest::run("head -c 16384 /dev/zero >/run/small/fill 2>/dev/null; true");
    World world;
    SiteConfig config = on("vcan0");
    Site site(world, config);
    guest::run("sed -i 's|" + site.file("state.json") + "|/run/small/state.json|' " + site.file("site.toml"));
    const Dump dump("vcan0");
    site.start();
    ASSERT_TRUE(site.until([&] { return dump.limits_are(60, 60); }, guest_patience)) << site.log();
    ASSERT_TRUE(site.until_log("the state file cannot be written")) << site.log();
    EXPECT_THAT(site.log(), HasSubstr("No space left on device"));
    EXPECT_EQ(site.log_count("the state file cannot be written"), 1U);
    site.scene().pack.force_cell(3, Millivolts(3610));
    EXPECT_TRUE(site.until([&] { return dump.limits_are(0, 60); }, guest_patience)) << site.log();
}

// can0 is down and without bitrate; can1, where candump listens, is the inverter's.
TEST(DownGateway, BringsItsInterfaceUpAndSurvivesACutCable) {
    guest::run("ip link set can1 up type can bitrate 500000");
    World world;
    Site site(world, on("can0", true));
    const Dump inverter("can1");
    site.start();
    ASSERT_TRUE(site.until([&] { return inverter.limits_are(60, 60); }, guest_patience)) << site.log();
    guest::run("ip -details link show can0 | grep -q 'bitrate 500000'");
    guest::bus("0 cut");
    ASSERT_TRUE(site.until([&] { return site.status()["can"]["link"]["counters"]["error_passive"] > 0; },
                           guest_patience))
        << site.log();
    // The battery changes while nobody hears it; what arrives first afterwards must not be the old limit.
    site.scene().pack.force_cell(3, Millivolts(3560));
    ASSERT_TRUE(
        site.until([&] { return site.status()["battery"]["charge"]["limit_a"] == 0.0; }, guest_patience));
    const std::size_t before = inverter.frames().size();
    world.pass(seconds(3));
    EXPECT_EQ(inverter.frames().size(), before);
    guest::bus("0 join");
    ASSERT_TRUE(site.until([&] { return inverter.frames().size() >= before + 12; }, guest_patience))
        << site.log();
    const auto frames = inverter.frames();
    for (std::size_t i = before; i < frames.size(); ++i) {
        const auto message = pylontech::decode(frames[i]);
        if (!message) continue;
        if (const auto* limits = std::get_if<Limits>(&*message)) {
            EXPECT_EQ(charge_a(*limits), 0);
        }
    }
    EXPECT_TRUE(inverter.limits_are(0, 60));
}

}  // namespace
}  // namespace jkp::e2e
