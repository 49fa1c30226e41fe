// SPDX-License-Identifier: MIT
// Answers of real boards, when the folder with captures is there. The mapping from the names of
// expected.json to ours is the table below.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "jk/support.hpp"

namespace jkp::jk {
namespace {

using nlohmann::json;

const std::filesystem::path folder = std::filesystem::path(JKP_CAPTURES_DIR) / "jk";

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

json celsius(const PackReading& r, Probe probe) {
    const auto value = r.temperatures[probe];
    return value ? json(value->count() / 10) : json(nullptr);
}

std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == '_' || text.back() == ' ')) text.pop_back();
    return text;
}

double capacity_ah(const json& e) {
    const double measured = e.at("actual_capacity").get<double>();
    return measured != 0 ? measured : e.at("capacity_setting").get<double>();
}

unsigned hex_field(const json& e, const char* key) {
    return static_cast<unsigned>(std::stoul(e.at(key).get<std::string>(), nullptr, 16));
}

std::vector<int> cell_millivolts(const PackReading& r) {
    std::vector<int> all;
    for (const Millivolts cell : r.cells) all.push_back(cell.count());
    return all;
}

int rounded(const json& value, double factor) {
    return static_cast<int>(std::lround(value.get<double>() * factor));
}

struct Mapping {
    const char* what;
    std::function<json(const PackReading&)> ours;
    std::function<json(const json&)> expected;
};

const std::vector<Mapping> mappings{
    {"cells_mv", cell_millivolts, [](const json& e) { return e.at("cells_mv"); }},
    {"pack_v", [](const PackReading& r) { return r.voltage.count(); },
     [](const json& e) { return rounded(e.at("pack_v"), 1000); }},
    {"current", [](const PackReading& r) { return r.current.count(); },
     [](const json& e) { return rounded(e.at("current"), 1000); }},
    {"soc", [](const PackReading& r) { return r.soc.count(); },
     [](const json& e) { return rounded(e.at("soc"), 10); }},
    {"temp_mos", [](const PackReading& r) { return celsius(r, Probe::mosfet); },
     [](const json& e) { return e.at("temp_mos"); }},
    {"temp_box", [](const PackReading& r) { return celsius(r, Probe::t1); },
     [](const json& e) { return e.at("temp_box"); }},
    {"temp_batt", [](const PackReading& r) { return celsius(r, Probe::t2); },
     [](const json& e) { return e.at("temp_batt"); }},
    {"cycles", [](const PackReading& r) { return r.cycles.value(); },
     [](const json& e) { return e.at("cycles"); }},
    {"warnings", [](const PackReading& r) { return r.alarms.bits(); },
     [](const json& e) { return hex_field(e, "warnings") & 0x3FFFU; }},
    {"status",
     [](const PackReading& r) {
         return (r.charge_mos ? 1U : 0U) | (r.discharge_mos ? 2U : 0U) | (r.balancing ? 4U : 0U);
     },
     [](const json& e) { return hex_field(e, "status") & 7U; }},
    {"cell_ovp", [](const PackReading& r) { return r.settings.cell_over_voltage.value().count(); },
     [](const json& e) { return e.at("cell_ovp"); }},
    {"cell_uvp", [](const PackReading& r) { return r.settings.cell_under_voltage.value().count(); },
     [](const json& e) { return e.at("cell_uvp"); }},
    {"dis_oc", [](const PackReading& r) { return r.settings.discharge_over_current.value().count() / 1000; },
     [](const json& e) { return e.at("dis_oc"); }},
    {"chg_oc", [](const PackReading& r) { return r.settings.charge_over_current.value().count() / 1000; },
     [](const json& e) { return e.at("chg_oc"); }},
    {"capacity_setting", [](const PackReading& r) { return r.settings.capacity.value().count() / 1000; },
     [](const json& e) { return e.at("capacity_setting"); }},
    {"capacity", [](const PackReading& r) { return static_cast<double>(r.capacity.value().count()) / 1000; },
     [](const json& e) { return capacity_ah(e); }},
    {"sw_version", [](const PackReading& r) { return std::string(r.firmware.view()); },
     [](const json& e) { return trimmed(e.at("sw_version").get<std::string>()); }},
};

void expect_equal(const Buffer& bytes, const json& expected) {
    const Seen seen = take_apart(bytes);
    ASSERT_EQ(seen.frames.size(), 1U);
    const auto decoded = decode_bytes(seen.frames[0]);
    ASSERT_TRUE(decoded) << describe(decoded.error());
    for (const Mapping& m : mappings) EXPECT_EQ(m.ours(decoded->reading), m.expected(expected)) << m.what;
}

TEST(JkCaptures, AreDecodedAsExpectedOrRefused) {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    const json all = json::parse(text_of(folder / "expected.json"));
    int good = 0;
    int bad = 0;
    for (const auto& [file, expected] : all.items()) {
        SCOPED_TRACE(file);
        const bool is_good = file.starts_with("4e57_");
        const bool is_bad = file.starts_with("bad_4e57_");
        if (!is_good && !is_bad) continue;
        const auto bytes = bytes_from_hex(text_of(folder / file));
        ASSERT_TRUE(bytes);
        if (is_good) {
            ++good;
            expect_equal(*bytes, expected);
        } else {
            ++bad;
            const Seen seen = take_apart(*bytes);
            EXPECT_TRUE(seen.frames.empty());
            EXPECT_EQ(seen.rejections.size(), 1U);
        }
    }
    EXPECT_GT(good, 0);
    EXPECT_GT(bad, 0);
}

// Every register of a real answer is known, in the order in which our encoder writes them.
TEST(JkCaptures, OurRepliesHaveTheSameShapeAsRealOnes) {
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no captures in " << folder;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.path().filename().string().starts_with("4e57_")) continue;
        SCOPED_TRACE(entry.path().filename().string());
        const Buffer real = bytes_from_hex(text_of(entry.path())).value();
        const auto decoded = decode_bytes(real);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->unknown_register, std::nullopt);
        const Buffer ours = encode_reply(decoded->reading);
        EXPECT_EQ(ours.size(), real.size());
        const auto again = decode_bytes(ours);
        ASSERT_TRUE(again);
        EXPECT_EQ(again->reading, decoded->reading);
    }
}

}  // namespace
}  // namespace jkp::jk
