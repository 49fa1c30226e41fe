// SPDX-License-Identifier: MIT
#include "core/candump_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace jkp {
namespace {

using std::chrono::microseconds;

CanFrame frame(std::uint32_t id, std::initializer_list<std::uint8_t> data, bool extended = false) {
    CanFrame f;
    f.id = id;
    f.extended = extended;
    for (const auto byte : data) f.data.at(f.size++) = byte;
    return f;
}

const CanFrame alive = frame(0x305, {0, 1, 2, 3, 4, 5, 6, 7});

void expect_rejected(std::string_view line, CandumpError cause) {
    const auto parsed = parse_candump_line(line);
    ASSERT_FALSE(parsed) << line;
    EXPECT_EQ(parsed.error(), cause) << line << ": " << words(parsed.error());
}

TEST(CandumpText, ReadsALogLine) {
    const auto line = parse_candump_line("(1436509052.249713) can0 305#0001020304050607");
    ASSERT_TRUE(line) << words(line.error());
    EXPECT_EQ(line->frame, alive);
    EXPECT_EQ(line->interface.view(), "can0");
    EXPECT_EQ(line->at, microseconds(1436509052249713));
    EXPECT_EQ(line->direction, CanDirection::unknown);
}

TEST(CandumpText, ReadsTheDirectionOfALogLine) {
    EXPECT_EQ(parse_candump_line("(1.5) can0 305#00 R\n")->direction, CanDirection::received);
    EXPECT_EQ(parse_candump_line("(1.5) can0 305#00 T\r\n")->direction, CanDirection::sent);
}

TEST(CandumpText, ReadsTheBracketForm) {
    for (const auto* text : {"  can0  305   [8]  00 01 02 03 04 05 06 07",
                             " (000.000000)  can0  305   [8]  00 01 02 03 04 05 06 07   '........'",
                             " (2026-01-02 03:04:05.678901)  can0  305   [8]  00 01 02 03 04 05 06 07",
                             "  can0  RX - -  305   [8]  00 01 02 03 04 05 06 07"}) {
        const auto line = parse_candump_line(text);
        ASSERT_TRUE(line) << text << ": " << words(line.error());
        EXPECT_EQ(line->frame, alive) << text;
        EXPECT_EQ(line->interface.view(), "can0") << text;
    }
    EXPECT_EQ(parse_candump_line("can0 TX B E 305 [0]")->direction, CanDirection::sent);
}

TEST(CandumpText, ReadsAFrameAlone) {
    EXPECT_EQ(parse_candump_line("305#00.01.02.03.04.05.06.07")->frame, alive);
    EXPECT_EQ(parse_candump_line("305#")->frame, frame(0x305, {}));
    EXPECT_TRUE(parse_candump_line("305#")->interface.empty());
    EXPECT_FALSE(parse_candump_line("305#")->at);
}

TEST(CandumpText, EightDigitsAreA29BitIdentifier) {
    EXPECT_EQ(parse_candump_line("00000305#AA")->frame, frame(0x305, {0xAA}, true));
    EXPECT_EQ(parse_candump_line("can0 1FFFFFFF [1] aa")->frame, frame(0x1FFFFFFF, {0xAA}, true));
}

TEST(CandumpText, SaysWhyALineIsRejected) {
    expect_rejected("", CandumpError::not_a_frame);
    expect_rejected("hello world", CandumpError::not_a_frame);
    expect_rejected("can0 305", CandumpError::not_a_frame);
    expect_rejected("305#00 R again", CandumpError::not_a_frame);
    expect_rejected("(soon) can0 305#00", CandumpError::bad_time);
    expect_rejected("(1.x) can0 305#00", CandumpError::bad_time);
    expect_rejected("(1.5 can0 305#00", CandumpError::bad_time);
    expect_rejected("can0 800#00", CandumpError::bad_identifier);
    expect_rejected("can0 0305#00", CandumpError::bad_identifier);
    expect_rejected("can0 #00", CandumpError::bad_identifier);
    expect_rejected("can0 40000305#00", CandumpError::bad_identifier);
    expect_rejected("can0 305#0", CandumpError::bad_data);
    expect_rejected("can0 305#0G", CandumpError::bad_data);
    expect_rejected("can0 305#-1", CandumpError::bad_data);
    expect_rejected("can0 305 [2] 00", CandumpError::length_mismatch);
    expect_rejected("can0 305 [1] 00 11", CandumpError::length_mismatch);
    expect_rejected("can0 305#001122334455667788", CandumpError::too_long);
    expect_rejected("can0 305 [9] 00 11 22 33 44 55 66 77 88", CandumpError::too_long);
    expect_rejected("can0 305##100", CandumpError::fd_frame);
    expect_rejected("can0 305 [12] 00", CandumpError::fd_frame);
    expect_rejected("can0 305 [08] 00", CandumpError::fd_frame);
    expect_rejected("can0 305#R8", CandumpError::remote_frame);
    expect_rejected("can0 305 [8] remote request", CandumpError::remote_frame);
    expect_rejected("can0 20000004#0004000000000000", CandumpError::error_frame);
    expect_rejected("can0 20000004 [8] 00 04 00 00 00 00 00 00 ERRORFRAME", CandumpError::error_frame);
}

TEST(CandumpText, WritesALogLineAsCandumpDoes) {
    EXPECT_EQ(candump_line(microseconds(5'000'001), "can0", frame(0x35C, {0xC0, 0x00})),
              "(0000000005.000001) can0 35C#C000");
    EXPECT_EQ(candump_frame(frame(0x305, {}, true)), "00000305#");
}

RC_GTEST_PROP(CandumpText, ReadsBackEveryFrameItWrites, ()) {
    CanFrame f;
    f.extended = *rc::gen::arbitrary<bool>();
    f.id = *rc::gen::inRange<std::uint32_t>(0, f.extended ? 0x20000000 : 0x800);
    f.size = *rc::gen::inRange<std::uint8_t>(0, 9);
    for (auto& byte : f.data) byte = *rc::gen::arbitrary<std::uint8_t>();
    const microseconds at(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000'000));
    const auto line = parse_candump_line(candump_line(at, "vcan0", f));
    RC_ASSERT(line.has_value());
    RC_ASSERT(line->frame == f);
    RC_ASSERT(line->at == at);
    RC_ASSERT(line->interface.view() == "vcan0");
}

RC_GTEST_PROP(CandumpText, NeverFailsOnArbitraryText, (const std::string& text)) {
    const auto line = parse_candump_line(text);
    RC_ASSERT(!line || line->frame.size <= 8);
}

TEST(CandumpText, EveryTruncationIsRejectedOrAShorterFrame) {
    const std::string_view full = "(1436509052.249713) can0 305#0001020304050607";
    for (std::size_t size = 0; size < full.size(); ++size) {
        const auto line = parse_candump_line(full.substr(0, size));
        if (line) {
            EXPECT_LT(line->frame.size, alive.size) << size;
        }
    }
}

}  // namespace
}  // namespace jkp
