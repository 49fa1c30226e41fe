// SPDX-License-Identifier: MIT
#include "io/credentials.hpp"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "io/digest.hpp"
#include "io_files/temporary_folder.hpp"

namespace {

constexpr gid_t group_of_the_service = 54321;
constexpr gid_t some_group = 65534;

}  // namespace

// In place of that of the C library, in this program only: whether this machine has the group must not
// matter.
extern "C" int getgrnam_r(const char* name, group* entry, char*, std::size_t, group** found) {
    *found = nullptr;
    if (std::strcmp(name, "jk-pylon") != 0) return 0;
    entry->gr_gid = group_of_the_service;
    *found = entry;
    return 0;
}

namespace jkp::io {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;

class CredentialsFile : public ::testing::Test {
  protected:
    std::string write(const std::string& text, mode_t mode = 0600) {
        const std::string path = folder_.file("sems");
        std::ofstream(path, std::ios::binary) << text;
        ::chmod(path.c_str(), mode);
        return path;
    }
    std::string error(const std::string& text, mode_t mode = 0600) {
        const auto read = read_credentials(write(text, mode));
        return read ? "" : read.error();
    }
    TemporaryFolder folder_;
};

TEST_F(CredentialsFile, TwoLinesAreUserAndPassword) {
    for (const char* text : {"a@b.example\ng h:ei#m\n", "a@b.example\r\ng h:ei#m\r\n",
                             "a@b.example\ng h:ei#m", "a@b.example\ng h:ei#m\n\n"}) {
        const auto read = read_credentials(write(text));
        ASSERT_TRUE(read) << read.error();
        EXPECT_EQ(read->user, "a@b.example");
        EXPECT_EQ(read->password, "g h:ei#m");
    }
}

TEST_F(CredentialsFile, AModeThatLetsOthersInIsRefused) {
    for (const mode_t mode : {0644U, 0604U, 0660U, 0620U, 0700U, 0666U, 0641U, 04600U}) {
        EXPECT_THAT(error("u\ngeheim\n", mode), AllOf(HasSubstr("chmod 600"), Not(HasSubstr("geheim"))))
            << mode;
    }
    for (const mode_t mode : {0600U, 0400U, 0440U, 0640U}) EXPECT_EQ(error("u\ngeheim\n", mode), "") << mode;
}

TEST_F(CredentialsFile, AFileOfAnotherUserIsRefused) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
    const std::string path = write("u\ngeheim\n");
    ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    EXPECT_THAT(read_credentials(path).error(), HasSubstr("user id 65534"));
}

// Gives this process other supplementary groups for a while.
class OtherGroups {
  public:
    explicit OtherGroups(const std::vector<gid_t>& groups) : before_(64) {
        const int count = ::getgroups(static_cast<int>(before_.size()), before_.data());
        before_.resize(static_cast<std::size_t>(std::max(count, 0)));
        set(groups);
    }
    ~OtherGroups() { set(before_); }
    OtherGroups(const OtherGroups&) = delete;
    OtherGroups& operator=(const OtherGroups&) = delete;

  private:
    static void set(const std::vector<gid_t>& groups) {
        EXPECT_EQ(::setgroups(groups.size(), groups.data()), 0);
    }
    std::vector<gid_t> before_;
};

class CredentialsOfAGroup : public CredentialsFile {
  protected:
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file to a foreign group";
    }
    std::string error_for(gid_t group, mode_t mode) {
        const std::string path = write("u\ngeheim\n", mode);
        EXPECT_EQ(::chown(path.c_str(), 0, group), 0);
        const auto read = read_credentials(path);
        return read ? "" : read.error();
    }
};

TEST_F(CredentialsOfAGroup, AForeignGroupThatMayReadThemIsRefused) {
    const OtherGroups groups({7});
    for (const mode_t mode : {0640U, 0440U}) {
        EXPECT_THAT(error_for(some_group, mode), AllOf(HasSubstr("lets group id 65534 read it"),
                                                       HasSubstr("chmod 600"), Not(HasSubstr("geheim"))))
            << mode;
    }
    for (const mode_t mode : {0600U, 0400U}) EXPECT_EQ(error_for(some_group, mode), "") << mode;
}

TEST_F(CredentialsOfAGroup, AGroupOfThisProcessAndThatOfRootMayReadThem) {
    const OtherGroups groups({7, some_group});
    EXPECT_EQ(error_for(some_group, 0640), "");
    EXPECT_EQ(error_for(::getegid(), 0640), "");
    EXPECT_EQ(error_for(0, 0440), "") << "as systemd hands them over";
}

TEST_F(CredentialsOfAGroup, RootMayTryWhatTheServiceWillRead) {
    const OtherGroups groups({7});
    EXPECT_EQ(error_for(group_of_the_service, 0640), "");
}

TEST_F(CredentialsFile, WhatIsNotTwoLinesIsRefusedWithoutShowingIt) {
    for (const std::string& text :
         {std::string(), std::string("geheim"), std::string("geheim\n"), std::string("\ngeheim\n"),
          std::string("geheim\n\n"), std::string("geheim\ngeheim\ngeheim\n"),
          std::string("geheim\ngeh\0eim\n", 14), "geheim\n" + std::string(2000, 'g')}) {
        EXPECT_THAT(error(text), AllOf(HasSubstr("two lines"), Not(HasSubstr("geheim"))));
    }
}

TEST_F(CredentialsFile, ATokenIsOneLine) {
    EXPECT_EQ(read_token(write("geheim.token-1\n")), "geheim.token-1");
    EXPECT_EQ(read_token(write("geheim\r\n \n")), "geheim");
    for (const std::string& text : {std::string(), std::string("\ngeheim"), std::string("geheim\ngeheim\n"),
                                    std::string("geheim token"), std::string("geh\x01") + "eim",
                                    std::string("geh\0eim", 7), std::string(2000, 'g')}) {
        const auto token = read_token(write(text));
        ASSERT_FALSE(token) << text;
        EXPECT_THAT(token.error(), AllOf(HasSubstr("one line"), Not(HasSubstr("geh"))));
    }
    EXPECT_THAT(read_token(folder_.file("none")).error(), HasSubstr("with a token"));
}

TEST_F(CredentialsFile, WhatIsNoFileIsNamed) {
    EXPECT_THAT(read_credentials(folder_.file("none")).error(), HasSubstr("There is no file"));
    EXPECT_THAT(read_credentials(folder_.path().string()).error(), HasSubstr("no regular file"));
    ASSERT_EQ(::mkfifo(folder_.file("pipe").c_str(), 0600), 0);
    EXPECT_THAT(read_credentials(folder_.file("pipe")).error(), HasSubstr("no regular file"));
}

TEST(CredentialPath, IsInTheFolderOfTheServiceManager) {
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_EQ(credential_path("sems"), std::nullopt);
    ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x.service", 1);
    EXPECT_EQ(credential_path("sems"), "/run/credentials/x.service/sems");
    ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST(Digest, IsThatOfTheStandards) {
    EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace jkp::io
