// SPDX-License-Identifier: MIT
#include "io/serial_port.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>

#include "io/clock.hpp"
#include "io/pty_pair.hpp"
#include "io/serial_names.hpp"

namespace jkp::io {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class Serial : public testing::Test {
  protected:
    Serial() { fs::create_directories(folder); }
    ~Serial() override { fs::remove_all(folder); }

    template <class Condition>
    bool until(Condition holds) {
        const TimePoint deadline = now() + std::chrono::seconds(5);
        while (!holds() && now() < deadline) {
            loop.restart();
            loop.run_one_for(std::chrono::milliseconds(50));
        }
        return holds();
    }

    const fs::path folder = fs::temp_directory_path() / ("jkp-serial-" + std::to_string(getpid()));
    boost::asio::io_context loop;
    PtyPair pty{loop, (folder / "by-id-name").string()};
    SerialPort port{loop};
    std::vector<std::uint8_t> received;
    std::optional<SerialFault> lost;

    SerialHandlers handlers() {
        return {
            [this](Bytes bytes, TimePoint) { received.insert(received.end(), bytes.begin(), bytes.end()); },
            [this](const SerialFault& fault) { lost = fault; }};
    }
};

const std::vector<std::uint8_t> awkward{0x00, 0x03, 0x04, 0x0A, 0x0D, 0x11, 0x13, 0x1A, 0x7F, 0xFF};

TEST_F(Serial, CarriesEveryByteUnchangedBothWays) {
    std::vector<std::uint8_t> written;
    pty.on_bytes([&](Bytes b, TimePoint) { written.insert(written.end(), b.begin(), b.end()); });
    pty.plug();
    ASSERT_FALSE(port.open(pty.path(), handlers()));
    ASSERT_TRUE(port.write(awkward));
    ASSERT_TRUE(pty.write(awkward));
    EXPECT_TRUE(until([&] { return received == awkward && written == awkward; }));
}

TEST_F(Serial, OpeningThrowsAwayWhatCameBefore) {
    pty.plug();
    ASSERT_TRUE(pty.write(awkward));
    ASSERT_FALSE(port.open(pty.path(), handlers()));
    const std::vector<std::uint8_t> fresh{1, 2, 3};
    ASSERT_TRUE(pty.write(fresh));
    EXPECT_TRUE(until([&] { return received.size() >= fresh.size(); }));
    EXPECT_EQ(received, fresh);
}

TEST_F(Serial, DrainingReturnsHowManyBytesNobodyWillSee) {
    pty.plug();
    ASSERT_FALSE(port.open(pty.path(), handlers()));
    ASSERT_TRUE(pty.write(awkward));
    std::size_t drained = 0;
    const TimePoint deadline = now() + std::chrono::seconds(5);
    while (drained < awkward.size() && now() < deadline) drained += port.drain();
    EXPECT_EQ(drained, awkward.size());
    loop.poll();
    EXPECT_TRUE(received.empty());
}

TEST_F(Serial, APulledPlugIsALossAndTheSameNameOpensAgain) {
    pty.plug();
    ASSERT_FALSE(port.open(pty.path(), handlers()));
    pty.unplug();
    ASSERT_TRUE(until([&] { return lost.has_value(); }));
    EXPECT_EQ(lost->error, SerialError::lost);
    EXPECT_THAT(lost->sentence, HasSubstr("by-id-name"));
    EXPECT_FALSE(port.is_open());
    EXPECT_EQ(port.open(pty.path(), handlers())->error, SerialError::missing);
    pty.plug();
    ASSERT_FALSE(port.open(pty.path(), handlers()));
    ASSERT_TRUE(pty.write(awkward));
    EXPECT_TRUE(until([&] { return received == awkward; }));
}

TEST_F(Serial, ASecondOpenIsRefusedAndNamesTheProcessThatHoldsThePort) {
    pty.plug();
    ASSERT_FALSE(port.open(pty.path(), handlers()));
    SerialPort second(loop);
    const auto fault = second.open(pty.path(), handlers());
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->error, SerialError::busy);
    EXPECT_THAT(fault->sentence, HasSubstr("process " + std::to_string(getpid())));
    port.close();
    EXPECT_FALSE(second.open(pty.path(), handlers()));
}

TEST_F(Serial, AMissingPortSaysWhatWasTriedAndWhatExists) {
    const auto fault = port.open("/dev/serial/by-id/no-such-adapter", handlers());
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->error, SerialError::missing);
    EXPECT_THAT(fault->sentence, HasSubstr("/dev/serial/by-id/no-such-adapter"));
    EXPECT_THAT(fault->sentence, HasSubstr(words(list_serial_ports())));
}

TEST_F(Serial, AFileThatIsNoTerminalIsRefused) {
    const fs::path file = folder / "file";
    std::ofstream(file) << "text";
    EXPECT_EQ(port.open(file.string(), handlers())->error, SerialError::not_a_port);
    EXPECT_EQ(port.open(folder.string(), handlers())->error, SerialError::not_a_port);
}

TEST(SerialFault, MissingRightsNameTheGroup) {
    const SerialFault fault = serial_fault("/dev/ttyUSB0", EACCES);
    EXPECT_EQ(fault.error, SerialError::permission);
    EXPECT_THAT(fault.sentence, HasSubstr("dialout"));
}

TEST_F(Serial, TheListHasStableNamesFirstAndNoPortWithoutAChip) {
    for (const char* name :
         {"dev/serial/by-id/usb-Silicon_Labs_CP2102-if00", "dev/ttyUSB1", "dev/ttyUSB0", "dev/ttyACM0",
          "dev/ttyAMA0", "dev/ttyS0", "dev/ttyS1", "dev/tty1", "dev/null"}) {
        fs::create_directories((folder / name).parent_path());
        std::ofstream(folder / name) << "";
    }
    fs::create_directories(folder / "sys/class/tty/ttyS0");
    fs::create_directories(folder / "sys/class/tty/ttyS1");
    std::ofstream(folder / "sys/class/tty/ttyS0/type") << "0\n";
    std::ofstream(folder / "sys/class/tty/ttyS1/type") << "4\n";
    EXPECT_THAT(list_serial_ports(folder),
                ElementsAre("/dev/serial/by-id/usb-Silicon_Labs_CP2102-if00", "/dev/ttyUSB0", "/dev/ttyUSB1",
                            "/dev/ttyACM0", "/dev/ttyAMA0", "/dev/ttyS1"));
    EXPECT_THAT(words({}), HasSubstr("no serial port exists"));
}

}  // namespace
}  // namespace jkp::io
