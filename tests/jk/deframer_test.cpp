// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "jk/support.hpp"

namespace jkp::jk {
namespace {

Buffer good(std::size_t cells = 16) {
    return encode_reply(sample(cells));
}

TEST(Deframer, FindsAFrameBehindGarbage) {
    const Buffer garbage{0x00, 0x4E, 0x4E, 0x68, 0x0A};
    Deframer deframer;
    const Seen seen = take_apart(deframer, joined({garbage, good(), garbage}));
    ASSERT_EQ(seen.frames.size(), 1U);
    EXPECT_EQ(seen.frames[0], good());
    EXPECT_TRUE(seen.rejections.empty());
    EXPECT_EQ(deframer.counters().skipped_bytes, 2 * garbage.size());
}

TEST(Deframer, FindsTwoFramesInOneRead) {
    const Seen seen = take_apart(joined({good(16), good(8)}));
    ASSERT_EQ(seen.frames.size(), 2U);
    EXPECT_EQ(seen.frames[0], good(16));
    EXPECT_EQ(seen.frames[1], good(8));
}

TEST(Deframer, FindsOneFrameInReadsOfEverySize) {
    const Buffer stream = joined({{0x4E}, good(), {0x55}, good(8)});
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        const Seen seen = take_apart(stream, step);
        ASSERT_EQ(seen.frames.size(), 2U) << step;
        EXPECT_EQ(seen.frames[1], good(8)) << step;
        EXPECT_TRUE(seen.rejections.empty()) << step;
    }
}

TEST(Deframer, GivesTheEnvelopeOfAFrame) {
    const Buffer info{0x85, 0x32};
    const Buffer bytes = wrap(Command::read, Transport::upload, info);
    Deframer deframer;
    deframer.feed(bytes);
    const auto item = deframer.next();
    ASSERT_TRUE(item && item->has_value());
    EXPECT_EQ((*item)->command, 0x03);
    EXPECT_EQ((*item)->source, 0);
    EXPECT_EQ((*item)->transport, Transport::upload);
    EXPECT_EQ(Buffer((*item)->info.begin(), (*item)->info.end()), info);
}

TEST(Deframer, RefusesEveryTruncationAfterAGapAndRecovers) {
    const Buffer frame = good();
    for (std::size_t size = 2; size < frame.size(); ++size) {
        Deframer deframer;
        const Seen cut = take_apart(deframer, Bytes(frame).first(size));
        ASSERT_TRUE(cut.frames.empty()) << size;
        ASSERT_FALSE(cut.rejections.empty()) << size;
        EXPECT_EQ(cut.rejections[0].error, FrameError::truncated) << size;
        EXPECT_EQ(cut.rejections[0].have, size);
        EXPECT_EQ(cut.rejections[0].announced, size < 4 ? 0 : frame.size());
        EXPECT_FALSE(deframer.mid_frame());
        EXPECT_EQ(take_apart(deframer, frame).frames.size(), 1U) << size;
        EXPECT_EQ(deframer.counters().skipped_bytes, size);
    }
}

TEST(Deframer, RefusesEverySingleBitFlipAndKeepsTheFramesAround) {
    const Buffer frame = good();
    for (std::size_t at = 0; at < frame.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            Buffer bad = frame;
            bad[at] = static_cast<std::uint8_t>(bad[at] ^ (1U << bit));
            Deframer deframer;
            const Seen seen = take_apart(deframer, joined({good(8), bad, good(4), good(24)}));
            ASSERT_EQ(seen.frames.size(), 3U) << at << " bit " << bit;
            EXPECT_EQ(seen.frames[0], good(8));
            EXPECT_EQ(seen.frames[1], good(4));
            EXPECT_EQ(seen.frames[2], good(24));
            const bool start_lost = at < 2;
            EXPECT_EQ(seen.rejections.empty(), start_lost) << at << " bit " << bit;
            EXPECT_EQ(deframer.counters().skipped_bytes, bad.size()) << at << " bit " << bit;
        }
    }
}

TEST(Deframer, RefusesEveryOtherValueOfEveryByte) {
    const Buffer frame = good(4);
    for (std::size_t at = 0; at < frame.size(); ++at) {
        for (unsigned change = 1; change < 256; ++change) {
            Buffer bad = frame;
            bad[at] = static_cast<std::uint8_t>(bad[at] + change);
            ASSERT_TRUE(take_apart(bad).frames.empty()) << at << " + " << change;
        }
    }
}

TEST(Deframer, ACorruptLengthDoesNotSwallowTheNextFrame) {
    Buffer bad = good();
    bad[2] = 0x03;  // 801 bytes: waits far into what follows
    Deframer deframer;
    const Seen seen = take_apart(deframer, joined({bad, good(8)}));
    ASSERT_EQ(seen.frames.size(), 1U);
    EXPECT_EQ(seen.frames[0], good(8));
    ASSERT_EQ(seen.rejections.size(), 1U);
    EXPECT_EQ(seen.rejections[0].error, FrameError::truncated);
    EXPECT_EQ(deframer.counters().truncated, 1U);
    EXPECT_EQ(deframer.counters().frames, 1U);
}

TEST(Deframer, WaitsForMoreBytesUntilTheLineFallsSilent) {
    const Buffer frame = good();
    Deframer deframer;
    deframer.feed(Bytes(frame).first(61));
    EXPECT_FALSE(deframer.next());
    EXPECT_TRUE(deframer.mid_frame());
    deframer.gap();
    const auto item = deframer.next();
    ASSERT_TRUE(item && !item->has_value());
    EXPECT_EQ(describe(item->error()), "truncated: 61 of 291 bytes");
}

TEST(Deframer, ALoneFirstHalfOfTheStartMarkerIsKeptUntilAGap) {
    Deframer deframer;
    deframer.feed(Buffer{0x4E});
    EXPECT_FALSE(deframer.next());
    EXPECT_TRUE(deframer.mid_frame());
    deframer.gap();
    EXPECT_FALSE(deframer.next());
    EXPECT_FALSE(deframer.mid_frame());
    EXPECT_EQ(deframer.counters().skipped_bytes, 1U);
}

TEST(Deframer, ResetForgetsTheBytesAndKeepsTheCounters) {
    Deframer deframer;
    take_apart(deframer, good());
    deframer.feed(Bytes(good()).first(100));
    EXPECT_FALSE(deframer.next());
    deframer.reset();
    EXPECT_FALSE(deframer.mid_frame());
    EXPECT_EQ(take_apart(deframer, good()).frames.size(), 1U);
    EXPECT_EQ(deframer.counters().frames, 2U);
    EXPECT_EQ(deframer.counters().skipped_bytes, 0U);
}

TEST(Deframer, TakesWhatFitsAndTheRestLater) {
    const Buffer stream(20000, 0x4E);
    Deframer deframer;
    const std::size_t taken = deframer.feed(stream);
    EXPECT_LT(taken, stream.size());
    EXPECT_GE(taken, frame_maximum);
    EXPECT_FALSE(deframer.next());
    EXPECT_GT(deframer.feed(Bytes(stream).subspan(taken)), 0U);
}

struct LengthCase {
    std::uint16_t length;
    bool accepted;
};

TEST(Deframer, TheLengthMustBeWithin18And1000) {
    for (const auto& [length, accepted] :
         {LengthCase{0, false}, {17, false}, {18, true}, {1000, true}, {1001, false}, {0xFFFF, false}}) {
        const std::size_t info = length < 18 || length > 1000 ? 0 : length - 18U;
        Buffer bytes = wrap(Command::read_all, Transport::reply, Buffer(info, 0x11));
        bytes[2] = static_cast<std::uint8_t>(length >> 8);
        bytes[3] = static_cast<std::uint8_t>(length);
        Deframer deframer;
        const Seen seen = take_apart(deframer, bytes);
        EXPECT_EQ(seen.frames.size(), accepted ? 1U : 0U) << length;
        EXPECT_EQ(deframer.counters().bad_length, accepted ? 0U : 1U) << length;
    }
}

void restore_checksum(Buffer& frame) {
    unsigned sum = 0;
    for (std::size_t i = 0; i + 4 < frame.size(); ++i) sum += frame[i];
    frame[frame.size() - 2] = static_cast<std::uint8_t>(sum >> 8);
    frame[frame.size() - 1] = static_cast<std::uint8_t>(sum);
}

TEST(Deframer, EveryFaultHasItsNameItsCounterAndItsSentence) {
    Buffer end = good();
    end[end.size() - 5] = 0x67;
    Buffer transport = good();
    transport[10] = 7;
    restore_checksum(transport);
    Buffer sum = good();
    sum.back() = static_cast<std::uint8_t>(sum.back() + 1);
    Buffer length = good();
    length[2] = 0xFF;
    Deframer deframer;
    const Seen seen = take_apart(deframer, joined({end, transport, sum, length}));
    ASSERT_EQ(seen.rejections.size(), 4U);
    EXPECT_EQ(describe(seen.rejections[0]), "67 where the end marker 68 of a frame of 291 bytes should be");
    EXPECT_EQ(describe(seen.rejections[1]), "transport byte 07 is neither request, reply nor upload");
    EXPECT_EQ(describe(seen.rejections[2]).substr(0, 9), "checksum ");
    EXPECT_EQ(describe(seen.rejections[3]), "length 65313 is not within 18..1000");
    const auto& count = deframer.counters();
    EXPECT_EQ(count.bad_end, 1U);
    EXPECT_EQ(count.bad_transport, 1U);
    EXPECT_EQ(count.bad_checksum, 1U);
    EXPECT_EQ(count.bad_length, 1U);
    EXPECT_EQ(name(FrameError::truncated), "truncated");
}

TEST(Deframer, TheChecksumWrapsAt16Bits) {
    const Buffer frame = wrap(Command::read_all, Transport::reply, Buffer(600, 0xFF));
    EXPECT_EQ(take_apart(frame).frames.size(), 1U);
}

}  // namespace
}  // namespace jkp::jk
