// SPDX-License-Identifier: MIT
// jk-pylon meter sma as a child process, with a meter on the loopback interface.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "e2e/child.hpp"
#include "sma_meter/support.hpp"

namespace jkp {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

constexpr std::uint32_t ours = 3'000'000'042;
constexpr std::uint32_t neighbour = 1'900'000'017;

std::uint16_t free_port() {
    boost::asio::io_context context;
    return udp::socket(context, {boost::asio::ip::address_v4::any(), 0}).local_endpoint().port();
}

std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

struct Ended {
    int code = -1;
    std::string out;
    std::string err;
};

// Runs the command while `meters` send every 20 ms, until it ends by itself.
Ended run(std::vector<std::string> arguments, const std::vector<std::uint32_t>& meters,
          std::uint16_t port = free_port()) {
    const std::string folder = testing::TempDir() + "jkp-meter-" + std::to_string(::getpid());
    std::filesystem::create_directories(folder);
    arguments.insert(arguments.begin(), {"meter", "sma", "--port", std::to_string(port)});
    e2e::Child child({.arguments = arguments, .output = folder + "/out", .errors = folder + "/err"});
    Sender sender;
    boost::asio::io_context clock;
    std::uint32_t ticker = 0;
    TimePoint next = io::now();
    EXPECT_TRUE(run_until(
        clock,
        [&] {
            if (io::now() >= next) {
                next += 20ms;
                ticker += 200;
                for (const std::uint32_t serial : meters) {
                    sender.to_group(port, datagram(serial, ticker, serial == ours ? -690 : 1200));
                }
            }
            return child.ended();
        },
        20s));
    Ended ended{child.exit_code(), text_of(folder + "/out"), text_of(folder + "/err")};
    std::filesystem::remove_all(folder);
    return ended;
}

TEST(MeterCommand, ShowsThePowerWithItsDirectionInWordsAndEveryMeterItHears) {
    const Ended ended = run({"--serial", "3000000042", "--interface", "lo", "--for", "1"}, {neighbour, ours});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("3000000042  690.0 W import  (L1 230.0 W import, L2"));
    EXPECT_THAT(ended.out, testing::Not(HasSubstr("1900000017")));
    EXPECT_THAT(ended.err, HasSubstr("heard Sunny Home Manager 2, serial 1900000017: "));
    EXPECT_THAT(ended.err, HasSubstr("readings (shown)"));
}

TEST(MeterCommand, WritesOneObjectALineAndASummary) {
    const Ended ended = run({"--interface", "lo", "--for", "1", "--json"}, {neighbour});
    EXPECT_EQ(ended.code, 0) << ended.err;
    std::istringstream lines(ended.out);
    std::vector<json> objects;
    for (std::string line; std::getline(lines, line);) objects.push_back(json::parse(line));
    ASSERT_GE(objects.size(), 2U);
    EXPECT_EQ(objects[0].at("serial"), neighbour);
    EXPECT_EQ(objects[0].at("grid_w"), 1200.0);
    EXPECT_EQ(objects.back().at("ok"), true);
    EXPECT_EQ(objects.back().at("heard").at(0).at("serial"), neighbour);
    EXPECT_EQ(objects.back().at("counters").at("shown"), objects.size() - 1);
}

TEST(MeterCommand, EndsWith1WhenNothingIsHeard) {
    const Ended ended = run({"--interface", "lo", "--for", "0.3"}, {});
    EXPECT_EQ(ended.code, 1);
    EXPECT_THAT(ended.err, HasSubstr("no meter was heard; 0 datagrams of other kinds"));
    const Ended other = run({"--serial", "5", "--interface", "lo", "--for", "0.5", "--json"}, {ours});
    EXPECT_EQ(other.code, 1);
    EXPECT_EQ(json::parse(other.out).at("ok"), false);
    EXPECT_EQ(json::parse(other.out).at("heard").at(0).at("serial"), ours);
}

TEST(MeterCommand, EndsWith2WhenItCannotListen) {
    const Ended ended = run({"--interface", "jkp-none0"}, {});
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.err, HasSubstr("there is no network interface jkp-none0"));
    boost::asio::io_context context;
    const udp::socket selfish(context, {boost::asio::ip::address_v4::any(), 0});
    const Ended taken = run({"--interface", "lo"}, {}, selfish.local_endpoint().port());
    EXPECT_EQ(taken.code, 2);
    EXPECT_THAT(taken.err, HasSubstr("Address already in use"));
}

}  // namespace
}  // namespace jkp
