// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "decode/support.hpp"

namespace jkp::report {
namespace {

struct Ended {
    int code;
    std::string out;
    std::string err;
};

Ended decode_path(cli::DecodeKind kind, const std::string& path) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = cli::decode_file(kind, path, out, err, cli::DecodeFormat::json);
    return {code, out.str(), err.str()};
}

TEST(DecodeFile, AnUnreadableFileIsNamedWithTheReason) {
    const Ended missing = decode_path(cli::DecodeKind::jk, "/nonexistent/file");
    EXPECT_EQ(missing.code, 2);
    EXPECT_EQ(missing.err, "cannot read /nonexistent/file: No such file or directory\n");
    EXPECT_TRUE(missing.out.empty());
    const Ended folder = decode_path(cli::DecodeKind::can, JKP_SOURCE_DIR);
    EXPECT_EQ(folder.code, 2);
    EXPECT_NE(folder.err.find("Is a directory"), std::string::npos);
}

TEST(DecodeFile, AnEmptyFileIsAnEmptyInput) {
    const auto path = std::filesystem::temp_directory_path() / "jk-pylon-empty-decode-test";
    std::ofstream{path};
    EXPECT_EQ(decode_path(cli::DecodeKind::can, path).code, 1);
    std::filesystem::remove(path);
}

TEST(DecodeCaptures, EveryCanLogIsDecoded) {
    const auto folder = std::filesystem::path(JKP_CAPTURES_DIR) / "can";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        EXPECT_EQ(decode_path(cli::DecodeKind::can, entry.path()).code, 0) << entry.path();
    }
}

TEST(DecodeCaptures, EveryJkFileEndsWithTheRightCode) {
    const auto folder = std::filesystem::path(JKP_CAPTURES_DIR) / "jk";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string file = entry.path().filename();
        if (!file.ends_with(".hex")) continue;
        const Ended ended = decode_path(cli::DecodeKind::jk, entry.path());
        EXPECT_EQ(ended.code, file.starts_with("4e57_") ? 0 : 1) << file << "\n" << ended.out;
    }
}

}  // namespace
}  // namespace jkp::report
