// SPDX-License-Identifier: MIT
// Every pair of files in files/ is a test: the input is decoded as `jk-pylon decode --json` does and must
// give exactly the objects of the .json file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/decode_command.hpp"

namespace jkp {
namespace {

using nlohmann::json;

const std::filesystem::path folder = JKP_SOURCE_DIR "/tests/golden/files";

const std::map<std::string, cli::DecodeKind> kinds{{".hex", cli::DecodeKind::jk},
                                                   {".log", cli::DecodeKind::can},
                                                   {".sma", cli::DecodeKind::sma},
                                                   {".goodwe", cli::DecodeKind::goodwe},
                                                   {".sems", cli::DecodeKind::sems}};

std::vector<std::string> inputs() {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".json") found.push_back(entry.path().filename());
    }
    std::ranges::sort(found);
    return found;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
    std::string name = info.param;
    std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
    return name;
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, IsDecodedAsRecorded) {
    const std::filesystem::path path = folder / GetParam();
    std::ifstream expected_file(std::filesystem::path(path).replace_extension(".json"));
    ASSERT_TRUE(expected_file) << "no .json beside " << path;
    const json expected = json::parse(expected_file);

    const auto kind = kinds.find(path.extension());
    ASSERT_NE(kind, kinds.end()) << path << " has no ending of a kind";
    std::ifstream input(path);
    std::ostringstream out;
    const int code = cli::decode_command(kind->second, input, out, cli::DecodeFormat::json);
    json seen = json::array();
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) seen.push_back(json::parse(line));

    EXPECT_EQ(seen, expected) << "difference: " << json::diff(expected, seen).dump(1);
    const bool all_ok = std::ranges::all_of(expected, [](const json& o) { return o.at("ok").get<bool>(); });
    EXPECT_EQ(code, all_ok ? 0 : 1);
}

INSTANTIATE_TEST_SUITE_P(Files, Golden, testing::ValuesIn(inputs()), test_name);

}  // namespace
}  // namespace jkp
