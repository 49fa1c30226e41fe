// SPDX-License-Identifier: MIT
#include "io/cannelloni_codec.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "io_can/frames.hpp"

namespace jkp::io {
namespace {

using Octets = std::vector<std::uint8_t>;

const Octets two_frames = *bytes_from_hex(
    "02 00 2A 0002"
    " 0000035C 02 C000"
    " 80000305 08 0001020304050607");

std::vector<CanFrame> expected() {
    auto limits = numbered_frame(0x35C, 0, 2);
    limits.data = {0xC0, 0x00};
    auto alive = numbered_frame(0x305);
    alive.extended = true;
    return {limits, alive};
}

void expect_rejected(const char* hex, CannelloniError cause) {
    const auto packet = decode_cannelloni(*bytes_from_hex(hex));
    ASSERT_FALSE(packet) << hex;
    EXPECT_EQ(packet.error(), cause) << hex << ": " << words(packet.error());
}

TEST(CannelloniCodec, ReadsAndWritesAPacketOfTwoFrames) {
    const auto packet = decode_cannelloni(two_frames);
    ASSERT_TRUE(packet) << words(packet.error());
    EXPECT_EQ(packet->sequence, 0x2A);
    EXPECT_EQ(packet->frames, expected());
    EXPECT_EQ(encode_cannelloni(0x2A, expected()), two_frames);
}

TEST(CannelloniCodec, PassesOverRemoteAndErrorFrames) {
    const auto packet =
        decode_cannelloni(*bytes_from_hex("0200000003 40000305 08 20000004 01 FF 00000305 01 AA"));
    ASSERT_TRUE(packet) << words(packet.error());
    ASSERT_EQ(packet->frames.size(), 1U);
    EXPECT_EQ(packet->frames[0], numbered_frame(0x305, 0xAA, 1));
}

TEST(CannelloniCodec, SaysWhyAPacketIsRejected) {
    expect_rejected("", CannelloniError::too_short);
    expect_rejected("02000000", CannelloniError::too_short);
    expect_rejected("0100000000", CannelloniError::wrong_version);
    expect_rejected("0201000000", CannelloniError::no_data);
    expect_rejected("0200000001", CannelloniError::truncated);
    expect_rejected("0200000000 00", CannelloniError::left_over);
    expect_rejected("0200000001 00000305 81 00 AA", CannelloniError::fd_frame);
    expect_rejected("0200000001 00000305 09 000000000000000000", CannelloniError::bad_length);
    expect_rejected("0200000001 00000800 00", CannelloniError::bad_identifier);
}

TEST(CannelloniCodec, EveryTruncationIsRejected) {
    for (std::size_t size = 0; size < two_frames.size(); ++size)
        EXPECT_FALSE(decode_cannelloni(Bytes(two_frames).first(size))) << size;
}

TEST(CannelloniCodec, EverySingleWrongByteIsRejectedOrGivesFramesInRange) {
    for (std::size_t at = 0; at < two_frames.size(); ++at) {
        for (int flip = 1; flip < 256; ++flip) {
            auto damaged = two_frames;
            damaged[at] = static_cast<std::uint8_t>(damaged[at] ^ flip);
            const auto packet = decode_cannelloni(damaged);
            if (!packet) continue;
            EXPECT_LE(packet->frames.size(), 2U);
            for (const auto& frame : packet->frames) {
                EXPECT_LE(frame.size, 8);
                EXPECT_LE(frame.id, frame.extended ? 0x1FFFFFFFU : 0x7FFU);
            }
        }
    }
}

RC_GTEST_PROP(CannelloniCodec, ReadsBackEveryPacketItWrites, (std::uint8_t sequence)) {
    const auto frames = *rc::gen::container<std::vector<CanFrame>>(any_frame());
    const auto packet = decode_cannelloni(encode_cannelloni(sequence, frames));
    RC_ASSERT(packet.has_value());
    RC_ASSERT(packet->sequence == sequence);
    RC_ASSERT(packet->frames == frames);
}

RC_GTEST_PROP(CannelloniCodec, ArbitraryBytesDoNoHarm, (Octets bytes)) {
    // The header is made right so that the frames are reached.
    if (bytes.size() > 1) bytes[0] = 2, bytes[1] = 0;
    const auto packet = decode_cannelloni(bytes);
    RC_ASSERT(!packet || packet->frames.size() <= bytes.size() / 5);
}

}  // namespace
}  // namespace jkp::io
