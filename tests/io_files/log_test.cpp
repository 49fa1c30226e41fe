// SPDX-License-Identifier: MIT
#include "io/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spdlog/logger.h>
#include <sys/resource.h>

#include "io_files/temporary_folder.hpp"

namespace jkp::io {
namespace {

using testing::contents;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;

TEST(Log, TheConsoleGetsLinesFromTheLevelUpwardsAndNoColourWithoutATerminal) {
    ::testing::internal::CaptureStderr();
    const auto log = open_log({.target = LogTarget::console, .level = LogLevel::warning, .file = ""});
    ASSERT_TRUE(log) << log.error();
    log->logger->info("quiet");
    log->logger->warn("pack {} lost", 1);
    const std::string text = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, HasSubstr("warning pack 1 lost\n"));
    EXPECT_THAT(text, Not(HasSubstr("quiet")));
    EXPECT_THAT(text, Not(HasSubstr("\x1B")));
}

TEST(Log, AFileIsRotatedAtItsSizeAndOnlyTheConfiguredNumberIsKept) {
    const TemporaryFolder folder;
    const auto log =
        open_log({.target = LogTarget::file, .file = folder.file("a.log"), .max_size_kb = 1, .files = 2});
    ASSERT_TRUE(log) << log.error();
    for (int i = 0; i < 100; ++i) log->logger->info("line {} {}", i, std::string(100, 'x'));
    EXPECT_THAT(contents(folder.file("a.log")), HasSubstr("line 99"));
    EXPECT_TRUE(std::filesystem::exists(folder.file("a.2.log")));
    EXPECT_FALSE(std::filesystem::exists(folder.file("a.3.log")));
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        EXPECT_LE(entry.file_size(), 1024U);
    EXPECT_EQ(*log->dropped, 0U);
}

TEST(Log, AFullDiskDropsAndCountsMessagesAndNeitherThrowsNorEnds) {
    const TemporaryFolder folder;
    const auto log = open_log({.target = LogTarget::file, .file = folder.file("a.log")});
    ASSERT_TRUE(log) << log.error();
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    auto* const handler = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit tiny{2000, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tiny), 0);
    EXPECT_NO_THROW({
        for (int i = 0; i < 200; ++i) log->logger->info("line {} {}", i, std::string(100, 'x'));
    });
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    EXPECT_GT(*log->dropped, 100U);
    log->logger->info("there is room again");
    EXPECT_THAT(contents(folder.file("a.log")), HasSubstr("there is room again"));
}

TEST(Log, AFileThatCannotBeOpenedIsAnErrorWithItsName) {
    const auto log = open_log({.target = LogTarget::file, .file = "/proc/no/such.log"});
    ASSERT_FALSE(log);
    EXPECT_THAT(log.error(), HasSubstr("cannot open the log"));
    EXPECT_THAT(log.error(), HasSubstr("/proc/no"));
}

TEST(Log, JournaldWithoutAJournalNeitherThrowsNorEnds) {
    const auto log = open_log({.target = LogTarget::journald, .file = ""});
    ASSERT_TRUE(log) << log.error();
    EXPECT_NO_THROW(log->logger->info("for whoever listens"));
}

}  // namespace
}  // namespace jkp::io
