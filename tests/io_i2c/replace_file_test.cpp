// SPDX-License-Identifier: MIT
#include "io/replace_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "io_files/temporary_folder.hpp"

namespace jkp::io {
namespace {

using testing::contents;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

std::size_t files_in(const TemporaryFolder& folder) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()),
                                                  std::filesystem::directory_iterator()));
}

TEST(ReplaceFile, KeepsModeAndLeavesNothingBehind) {
    const TemporaryFolder folder;
    const std::string path = folder.file("site.toml");
    std::ofstream(path) << "old";
    ASSERT_EQ(::chmod(path.c_str(), 0604), 0);
    ASSERT_TRUE(replace_file(path, "new"));
    EXPECT_EQ(contents(path), "new");
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0604U);
    EXPECT_EQ(files_in(folder), 1U);
}

TEST(ReplaceFile, KeepsTheOwnerAsFarAsItMay) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const TemporaryFolder folder;
    const std::string path = folder.file("site.toml");
    std::ofstream(path) << "old";
    ASSERT_EQ(::chown(path.c_str(), 12345, 23456), 0);
    ASSERT_TRUE(replace_file(path, "new"));
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_uid, 12345U);
    EXPECT_EQ(info.st_gid, 23456U);
}

TEST(ReplaceFile, FollowsALinkAndLeavesItALink) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("real.toml")) << "old";
    std::filesystem::create_symlink("real.toml", folder.file("link.toml"));
    ASSERT_TRUE(replace_file(folder.file("link.toml"), "new"));
    EXPECT_TRUE(std::filesystem::is_symlink(folder.file("link.toml")));
    EXPECT_EQ(contents(folder.file("real.toml")), "new");
}

TEST(ReplaceFile, RefusesWhatIsMissingOrNoFile) {
    const TemporaryFolder folder;
    const auto missing = replace_file(folder.file("none.toml"), "new");
    ASSERT_FALSE(missing);
    EXPECT_THAT(missing.error(), HasSubstr("none.toml: No such file"));
    const auto directory = replace_file(folder.path().string(), "new");
    ASSERT_FALSE(directory);
    EXPECT_THAT(directory.error(), HasSubstr("is no regular file"));
    EXPECT_EQ(files_in(folder), 0U);
}

TEST(ReplaceFile, WhatAPowerCutLeftBehindIsNoObstacle) {
    const TemporaryFolder folder;
    const std::string path = folder.file("site.toml");
    std::ofstream(path) << "old";
    std::ofstream(path + ".jk-pylon.new") << "half";
    ASSERT_TRUE(replace_file(path, "new"));
    EXPECT_EQ(contents(path), "new");
    EXPECT_EQ(files_in(folder), 1U);
}

}  // namespace
}  // namespace jkp::io
