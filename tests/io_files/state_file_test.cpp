// SPDX-License-Identifier: MIT
#include "io/state_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "io_files/temporary_folder.hpp"

namespace jkp::io {
namespace {

using testing::contents;
using ::testing::HasSubstr;
using testing::TemporaryFolder;
namespace fs = std::filesystem;

TEST(StateFile, WhatWasWrittenIsReadBack) {
    const TemporaryFolder folder;
    const std::string text("{\"version\":1}\n\0x", 16);
    ASSERT_TRUE(write_state(folder.file("s"), "old and longer than the new text"));
    ASSERT_TRUE(write_state(folder.file("s"), text));
    EXPECT_EQ(read_state(folder.file("s")).value(), text);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1) << "the temporary file is gone";
}

TEST(StateFile, AMissingFileIsNoError) {
    const TemporaryFolder folder;
    EXPECT_EQ(read_state(folder.file("s")).value(), std::nullopt);
}

TEST(StateFile, IsReadableForOwnerAndGroupOnly) {
    const TemporaryFolder folder;
    const mode_t before = ::umask(0);
    ASSERT_TRUE(write_state(folder.file("s"), "x"));
    ::umask(before);
    EXPECT_EQ(fs::status(folder.file("s")).permissions(), fs::perms(0640));
}

TEST(StateFile, ATextThatIsTooLargeIsNeitherWrittenNorRead) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_state(folder.file("s"), std::string(max_state_bytes, 'a')));
    EXPECT_EQ(read_state(folder.file("s")).value()->size(), max_state_bytes);
    EXPECT_THAT(write_state(folder.file("s"), std::string(max_state_bytes + 1, 'b')).error(),
                HasSubstr("larger than 64 KiB"));
    std::ofstream(folder.file("s"), std::ios::app) << 'a';
    EXPECT_THAT(read_state(folder.file("s")).error(), HasSubstr("larger than 64 KiB"));
}

TEST(StateFile, AMissingFolderIsNamedInTheError) {
    const TemporaryFolder folder;
    const auto written = write_state(folder.file("no/s"), "x");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), "cannot create " + folder.file("no/s.new") + ": No such file or directory");
}

TEST(StateFile, AFolderOrFifoInItsPlaceIsAnErrorAndDoesNotBlock) {
    const TemporaryFolder folder;
    fs::create_directory(folder.file("d"));
    EXPECT_THAT(read_state(folder.file("d")).error(), HasSubstr("is no regular file"));
    EXPECT_THAT(write_state(folder.file("d"), "x").error(), HasSubstr("cannot replace"));
    EXPECT_FALSE(fs::exists(folder.file("d.new")));
    ASSERT_EQ(::mkfifo(folder.file("f").c_str(), 0600), 0);
    EXPECT_THAT(read_state(folder.file("f")).error(), HasSubstr("is no regular file"));
}

TEST(StateFile, ALinkInPlaceOfTheTemporaryFileIsNotFollowed) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("victim")) << "precious";
    fs::create_symlink(folder.file("victim"), folder.file("s.new"));
    ASSERT_TRUE(write_state(folder.file("s"), "x"));
    EXPECT_EQ(contents(folder.file("victim")), "precious");
}

TEST(StateFile, ALinkAtThePathIsReplacedAndNotFollowed) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("victim")) << "precious";
    fs::create_symlink(folder.file("victim"), folder.file("s"));
    ASSERT_TRUE(write_state(folder.file("s"), "x"));
    EXPECT_EQ(contents(folder.file("victim")), "precious");
    EXPECT_TRUE(fs::is_regular_file(fs::symlink_status(folder.file("s"))));
}

TEST(StateFile, ADiskThatIsFullLeavesTheOldFileUntouched) {
    const TemporaryFolder folder;
    ASSERT_TRUE(write_state(folder.file("s"), "old"));
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    auto* const handler = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit tiny{100, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tiny), 0);
    const auto written = write_state(folder.file("s"), std::string(1000, 'n'));
    ::setrlimit(RLIMIT_FSIZE, &before);
    ::signal(SIGXFSZ, handler);
    ASSERT_FALSE(written);
    EXPECT_THAT(written.error(), HasSubstr("cannot write"));
    EXPECT_EQ(read_state(folder.file("s")).value(), "old");
    EXPECT_FALSE(fs::exists(folder.file("s.new")));
}

TEST(StateFile, ThreeThatCouldNotBeUsedAreKeptBesideTheNewestFirst) {
    const TemporaryFolder folder;
    for (const char* const text : {"one", "two", "three", "four"}) {
        std::ofstream(folder.file("s")) << text;
        EXPECT_EQ(replace_unusable(folder.file("s"), "good").value(), folder.file("s.unusable-1"));
        EXPECT_EQ(read_state(folder.file("s")).value(), "good");
        fs::remove(folder.file("s"));
    }
    EXPECT_EQ(contents(folder.file("s.unusable-1")), "four");
    EXPECT_EQ(contents(folder.file("s.unusable-2")), "three");
    EXPECT_EQ(contents(folder.file("s.unusable-3")), "two");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 3);
}

// There are no hard links to folders, as there are none to the files of others.
TEST(StateFile, WhatCannotBeLinkedIsMovedAside) {
    const TemporaryFolder folder;
    fs::create_directory(folder.file("s"));
    ASSERT_TRUE(replace_unusable(folder.file("s"), "good"));
    EXPECT_TRUE(fs::is_directory(folder.file("s.unusable-1")));
    EXPECT_EQ(read_state(folder.file("s")).value(), "good");
}

TEST(StateFile, WithoutANewTextTheUnusableOneStaysWhereItWas) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("s")) << "bad";
    fs::create_directories(folder.file("s.new/full"));
    EXPECT_THAT(replace_unusable(folder.file("s"), "good").error(), HasSubstr("cannot create"));
    EXPECT_EQ(contents(folder.file("s")), "bad");
    EXPECT_FALSE(fs::exists(folder.file("s.unusable-1")));
}

}  // namespace
}  // namespace jkp::io
