// SPDX-License-Identifier: MIT
// jk-pylon status in words: what it prints of an answer of the daemon.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "cli/commands.hpp"
#include "io/local_socket.hpp"
#include "io_files/temporary_folder.hpp"
#include "report/status_json.hpp"

namespace jkp::cli {
namespace {

using io::testing::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::Not;

// What is printed while a daemon answers with this snapshot.
std::string words_of(const report::Snapshot& snapshot) {
    TemporaryFolder folder;
    const std::string path = folder.file("control.sock");
    boost::asio::io_context loop;
    const std::string answer = report::status_json(snapshot, control::Config{});
    auto socket = io::LocalSocket::listen(
        loop, path, [&](std::string_view, const io::PeerCredentials&) { return answer; });
    EXPECT_TRUE(socket);
    auto work = boost::asio::make_work_guard(loop);
    std::thread daemon([&] { loop.run(); });
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(status(path, false), bad) << "without a reading";
    const std::string words = ::testing::internal::GetCapturedStdout();
    work.reset();
    loop.stop();
    daemon.join();
    return words;
}

TEST(StatusCommand, ShowsEachOutletWithItsSentenceAndItsCounters) {
    report::Snapshot snapshot;
    snapshot.outlets = {{"history",
                         "stalled",
                         report::LinkHealth::bad,
                         "nothing is recorded: the disk is full",
                         {{"batches", 7}, {"failures", 0}}},
                        {"mqtt", "down", report::LinkHealth::bad, "Cannot reach the broker nas:1883.", {}},
                        {"notify", "off", report::LinkHealth::off, "", {}},
                        {"web", "good", report::LinkHealth::good, "", {{"requests", 12}, {"refused", 3}}}};
    const std::string words = words_of(snapshot);
    EXPECT_THAT(words,
                HasSubstr("Outlets\n"
                          "  outlet             history: stalled - nothing is recorded: the disk is full\n"
                          "                     batches 7\n"
                          "  outlet             mqtt: down - Cannot reach the broker nas:1883.\n"
                          "  outlet             notify: off\n"
                          "  outlet             web: good\n"
                          "                     requests 12, refused 3\n"));
}

TEST(StatusCommand, WithoutOutletsItHasNoHeadingForThem) {
    EXPECT_THAT(words_of({}), Not(HasSubstr("Outlets")));
}

}  // namespace
}  // namespace jkp::cli
