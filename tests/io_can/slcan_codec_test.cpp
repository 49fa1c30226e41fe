// SPDX-License-Identifier: MIT
#include "io/slcan_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "io_can/frames.hpp"

namespace jkp::io {
namespace {

std::vector<SlcanMessage> messages(std::string_view bytes) {
    SlcanDeframer deframer;
    std::vector<SlcanMessage> found;
    for (const char byte : bytes) {
        if (const auto message = deframer.push(byte)) found.push_back(*message);
    }
    return found;
}

std::vector<SlcanInput> kinds(std::string_view bytes) {
    std::vector<SlcanInput> found;
    for (const auto& message : messages(bytes)) found.push_back(message.kind);
    return found;
}

TEST(SlcanCodec, WritesFramesAsTheManualShows) {
    EXPECT_EQ(encode_slcan(numbered_frame(0x305)), "t30580001020304050607\r");
    EXPECT_EQ(encode_slcan(numbered_frame(0x35C, 0xC0, 2)), "t35C2C0C1\r");
    auto extended = numbered_frame(0x305, 0, 0);
    extended.extended = true;
    EXPECT_EQ(encode_slcan(extended), "T000003050\r");
}

TEST(SlcanCodec, ReadsFramesWithAndWithoutTimeStamp) {
    for (const auto* line :
         {"t30580001020304050607", "t30580001020304050607ABCD", "t30580001020304050607abcd"}) {
        const auto message = decode_slcan(line);
        EXPECT_EQ(message.kind, SlcanInput::frame) << line;
        EXPECT_EQ(message.frame, numbered_frame(0x305)) << line;
    }
    EXPECT_TRUE(decode_slcan("T1FFFFFFF0").frame.extended);
    EXPECT_EQ(decode_slcan("T1FFFFFFF0").frame.id, 0x1FFFFFFFU);
}

TEST(SlcanCodec, RecognisesEveryAnswer) {
    const std::vector<std::pair<std::string, SlcanInput>> table{{"", SlcanInput::accepted},
                                                                {"z", SlcanInput::queued},
                                                                {"Z", SlcanInput::queued},
                                                                {"r3058", SlcanInput::remote_frame},
                                                                {"R000003058", SlcanInput::remote_frame},
                                                                {"V1013", SlcanInput::answer},
                                                                {"NA001", SlcanInput::answer},
                                                                {"F00", SlcanInput::answer},
                                                                {"sa000000", SlcanInput::other_state},
                                                                {"sw096000", SlcanInput::other_state},
                                                                {"sp000128", SlcanInput::error_passive},
                                                                {"sb000256", SlcanInput::bus_off},
                                                                {"e1a", SlcanInput::bus_error}};
    for (const auto& [line, kind] : table) EXPECT_EQ(decode_slcan(line).kind, kind) << line;
}

TEST(SlcanCodec, RejectsWhatIsNoLine) {
    for (const auto* line : {"t",           "t305",       "t3059000000000000000000",
                             "t8000",       "tG000",      "t3051GG",
                             "t30510",      "t30511",     "t30510000000",
                             "t305100ABCX", "T200000000", "T0000030",
                             "zz",          "s",          "sx000000",
                             "sb00025",     "e",          "hello",
                             "r30",         "rXYZ0",      " t3050",
                             "t-010"}) {
        EXPECT_EQ(decode_slcan(line).kind, SlcanInput::malformed) << line;
    }
}

TEST(SlcanCodec, KnowsTheNineBitrates) {
    EXPECT_EQ(slcan_bitrate_digit(10'000), '0');
    EXPECT_EQ(slcan_bitrate_digit(500'000), '6');
    EXPECT_EQ(slcan_bitrate_digit(1'000'000), '8');
    EXPECT_FALSE(slcan_bitrate_digit(33'333));
}

TEST(SlcanDeframer, FindsFramesBehindGarbageAndOverlongLines) {
    const std::string overlong(1000, 't');
    EXPECT_EQ(kinds(std::string("\xFF\0\r", 3) + "t3050\r"),
              (std::vector{SlcanInput::malformed, SlcanInput::frame}));
    EXPECT_EQ(kinds("garbage\rt3050\r"), (std::vector{SlcanInput::malformed, SlcanInput::frame}));
    EXPECT_EQ(kinds(overlong + "\rt3050\r"), (std::vector{SlcanInput::malformed, SlcanInput::frame}));
    EXPECT_EQ(kinds("t30\at3050\r"), (std::vector{SlcanInput::refused, SlcanInput::frame}));
    EXPECT_EQ(kinds("\r\n\nt3050\r\nz\r"),
              (std::vector{SlcanInput::accepted, SlcanInput::frame, SlcanInput::queued}));
}

TEST(SlcanDeframer, EveryTruncationOfAFrameIsCountedOnceAndTheNextFrameSurvives) {
    const auto line = encode_slcan(numbered_frame(0x351, 0x10));
    for (std::size_t size = 1; size + 1 < line.size(); ++size) {
        const auto found = messages(line.substr(0, size) + '\r' + encode_slcan(numbered_frame(0x305)));
        ASSERT_EQ(found.size(), 2U) << size;
        EXPECT_EQ(found[0].kind, SlcanInput::malformed) << size;
        EXPECT_EQ(found[1].frame, numbered_frame(0x305)) << size;
    }
}

TEST(SlcanDeframer, ASingleWrongByteNeverCostsMoreThanTheFrameItIsIn) {
    const auto line = encode_slcan(numbered_frame(0x351, 0x10));
    for (std::size_t at = 0; at < line.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            auto damaged = line + line + encode_slcan(numbered_frame(0x305));
            damaged[at] = static_cast<char>(byte);
            const auto found = messages(damaged);
            ASSERT_FALSE(found.empty());
            EXPECT_EQ(found.back().frame, numbered_frame(0x305)) << at << ' ' << byte;
        }
    }
}

RC_GTEST_PROP(SlcanDeframer, ReadsBackEveryFrameItWrites, ()) {
    const auto frames = *rc::gen::container<std::vector<CanFrame>>(any_frame());
    std::string bytes;
    for (const auto& frame : frames) bytes += encode_slcan(frame);
    const auto found = messages(bytes);
    RC_ASSERT(found.size() == frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        RC_ASSERT(found[i].kind == SlcanInput::frame);
        RC_ASSERT(found[i].frame == frames[i]);
    }
}

RC_GTEST_PROP(SlcanDeframer, ArbitraryBytesGiveOnlyFramesInRange, (const std::string& bytes)) {
    for (const auto& message : messages(bytes)) {
        RC_ASSERT(message.frame.size <= 8);
        RC_ASSERT(message.frame.id <= 0x1FFFFFFFU);
    }
}

}  // namespace
}  // namespace jkp::io
