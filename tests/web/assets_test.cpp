// SPDX-License-Identifier: MIT
#include "web/assets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace jkp::web {
namespace {

TEST(Assets, ThereIsAnIndex) {
    EXPECT_TRUE(std::ranges::any_of(assets(), [](const Asset& a) { return a.path == "index.html"; }));
}

TEST(Assets, AreSortedAndEachIsThereOnce) {
    const auto list = assets();
    for (std::size_t i = 1; i < list.size(); ++i) EXPECT_LT(list[i - 1].path, list[i].path);
}

TEST(Assets, AreCompressedAndNamedForABrowser) {
    for (const Asset& a : assets()) {
        ASSERT_GT(a.gzip.size(), 18U) << a.path;
        EXPECT_EQ(a.gzip[0], std::byte{0x1f}) << a.path;
        EXPECT_EQ(a.gzip[1], std::byte{0x8b}) << a.path;
        EXPECT_FALSE(a.path.starts_with('/')) << a.path;
        EXPECT_NE(a.content_type.find('/'), std::string_view::npos) << a.path;
        EXPECT_TRUE(a.etag.size() > 2 && a.etag.starts_with('"') && a.etag.ends_with('"')) << a.path;
    }
}

TEST(Assets, HaveDifferentTagsForDifferentFiles) {
    std::set<std::string_view> tags;
    for (const Asset& a : assets()) EXPECT_TRUE(tags.insert(a.etag).second) << a.path;
}

TEST(Assets, TakeLessThan150KilobytesInAll) {
    std::size_t total = 0;
    for (const Asset& a : assets()) total += a.gzip.size();
    EXPECT_LT(total, 150'000U);
}

TEST(Assets, ThoseBelowAssetsHaveADigestInTheirName) {
    for (const Asset& a : assets()) {
        if (!a.path.starts_with("assets/")) continue;
        const auto dot = a.path.rfind('.');  // "assets/index-B4TMczuQ.js"
        ASSERT_GE(dot, 16U) << a.path;
        EXPECT_EQ(a.path[dot - 9], '-') << a.path;
    }
}

}  // namespace
}  // namespace jkp::web
