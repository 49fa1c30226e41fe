// SPDX-License-Identifier: MIT
#include "io/web_target.hpp"

#include <gtest/gtest.h>

namespace jkp::io {
namespace {

TEST(WebTarget, PathAndQueryAreDecodedOnce) {
    const auto target = read_target("/a%20b/c?x=1&&y=%26%3d&z&=w&a+b=c%2B", "/");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "a b/c");
    EXPECT_EQ(target->query, (WebFields{{"x", "1"}, {"y", "&="}, {"z", ""}, {"", "w"}, {"a b", "c+"}}));
    EXPECT_EQ(read_target("/a+b", "/")->path, "a+b");
    EXPECT_EQ(read_target("/a#?x=1", "/")->query, WebFields{});
    EXPECT_EQ(read_target("/a?x=1#y=2", "/")->query, (WebFields{{"x", "1"}}));
}

TEST(WebTarget, TheLimitsHoldExactly) {
    EXPECT_TRUE(read_target("/" + std::string(max_target - 1, 'a'), "/"));
    EXPECT_EQ(read_target("/" + std::string(max_target, 'a'), "/").error(), TargetError::too_long);
    std::string many = "/?";
    for (std::size_t i = 0; i < max_parameters; ++i) many += "a=b&";
    EXPECT_TRUE(read_target(many, "/"));
    EXPECT_EQ(read_target(many + "a=b", "/").error(), TargetError::too_many_parameters);
}

TEST(WebTarget, EscapesAtTheEndAreNotReadBeyondIt) {
    for (const char* text : {"/%", "/%4", "/a%", "/?x=%", "/?x=%4", "/%g0", "/%0g"})
        EXPECT_EQ(read_target(text, "/").error(), TargetError::bad_escape) << text;
    EXPECT_EQ(read_target("/%41", "/")->path, "A");
}

TEST(WebTarget, ABaseIsCutOffOnlyAtAWholePart) {
    EXPECT_EQ(read_target("/b/x", "/b")->path, "x");
    EXPECT_EQ(read_target("/bx/y", "/b")->path, "bx/y");
    EXPECT_EQ(read_target("/%62/x", "/b")->path, "x");
    EXPECT_TRUE(read_target("/b?x=1", "/b")->is_bare_base);
    EXPECT_FALSE(read_target("/b/", "/b")->is_bare_base);
    EXPECT_EQ(read_target("/b//x", "/b").error(), TargetError::not_canonical);
    EXPECT_EQ(read_target("/b/../x", "/b").error(), TargetError::not_canonical);
}

TEST(WebTarget, EveryErrorHasWords) {
    for (int i = 0; i <= static_cast<int>(TargetError::too_many_parameters); ++i)
        EXPECT_FALSE(describe(static_cast<TargetError>(i)).empty());
}

TEST(WebHost, IsTheNameWithoutThePort) {
    EXPECT_EQ(host_of("a.b:80"), "a.b");
    EXPECT_EQ(host_of("a.b"), "a.b");
    EXPECT_EQ(host_of("[::1]:80"), "[::1]");
    EXPECT_EQ(host_of("[::1]"), "[::1]");
    EXPECT_EQ(host_of("a:"), "a");
    for (const char* bad : {"", ":80", "a:b", "a:80:80", "a:123456", "[::1", "[::1]x"})
        EXPECT_EQ(host_of(bad), "") << bad;
}

TEST(WebHost, NamesAreAListWithCommas) {
    EXPECT_EQ(host_names(" a, b.c ,,d"), (std::vector<std::string>{"a", "b.c", "d"}));
    EXPECT_TRUE(host_names("").empty());
}

}  // namespace
}  // namespace jkp::io
