// SPDX-License-Identifier: MIT
#include "goodwe/answer.hpp"

#include <gtest/gtest.h>

#include "goodwe/support.hpp"

namespace jkp::goodwe {
namespace {

TEST(Request, AsksInTheWordsThatRealInvertersAnswer) {
    EXPECT_EQ(hex_from_bytes(request(Question::es_device_info)), "AA55C07F0102000241");
    EXPECT_EQ(hex_from_bytes(request(Question::es_running)), "AA55C07F0106000245");
    EXPECT_EQ(hex_from_bytes(request(Question::et_device_info)), "F70388B800213AC1");
    EXPECT_EQ(hex_from_bytes(request(Question::et_running)), "F703891C007D7AE7");
    EXPECT_EQ(hex_from_bytes(request(Question::et_meter)), "F7038CA0002DBBF3");
    EXPECT_EQ(hex_from_bytes(request(Question::et_battery)), "F70390880018FC7C");
}

TEST(Request, OfAnyKindOnlyReads) {
    for (const Question question : every_question) {
        const Buffer bytes = request(question);
        if (bytes[0] == 0xAA) {
            EXPECT_EQ(bytes[4], 0x01) << "the control byte of reading";
            EXPECT_EQ(bytes[6], 0) << "no data";
        } else {
            EXPECT_EQ(bytes[1], 0x03) << "the Modbus function of reading";
        }
    }
}

TEST(Answer, GivesTypeAndDataOfEveryKind) {
    const Buffer payload{1, 2, 3};
    Buffer bytes = aa55_answer(0x0186, payload);
    Bytes rest = bytes;
    auto item = next_answer(rest);
    ASSERT_TRUE(item && item->has_value());
    EXPECT_EQ((*item)->kind, Kind::aa55);
    EXPECT_EQ((*item)->type, 0x0186);
    EXPECT_EQ(Buffer((*item)->data.begin(), (*item)->data.end()), payload);
    EXPECT_TRUE(rest.empty());

    bytes = modbus_answer(payload);
    rest = bytes;
    item = next_answer(rest);
    ASSERT_TRUE(item && item->has_value());
    EXPECT_EQ((*item)->kind, Kind::modbus);
    EXPECT_EQ((*item)->type, 0xF703);
    EXPECT_EQ(Buffer((*item)->data.begin(), (*item)->data.end()), payload);

    bytes = modbus_refusal(2);
    rest = bytes;
    item = next_answer(rest);
    ASSERT_TRUE(item && item->has_value());
    EXPECT_EQ((*item)->kind, Kind::refusal);
    EXPECT_EQ((*item)->data[0], 2);
}

TEST(Answer, EveryTruncationIsRefused) {
    for (const Question question : every_question) {
        const Buffer frame = answer(question);
        for (std::size_t size = 2; size < frame.size(); ++size) {
            const Seen seen = take_apart(Bytes(frame).first(size));
            ASSERT_TRUE(seen.frames.empty()) << size;
            ASSERT_FALSE(seen.faults.empty()) << size;
            EXPECT_EQ(seen.faults[0].error, FrameError::truncated) << size;
            EXPECT_EQ(seen.faults[0].have, size);
        }
    }
}

TEST(Answer, NoOtherValueOfAnyByteGivesAFrame) {
    for (const Question question : every_question) {
        const Buffer frame = answer(question);
        for (std::size_t at = 0; at < frame.size(); ++at) {
            for (unsigned change = 1; change < 256; ++change) {
                Buffer bad = frame;
                bad[at] = static_cast<std::uint8_t>(bad[at] + change);
                ASSERT_TRUE(take_apart(bad).frames.empty()) << at << " + " << change;
            }
        }
    }
}

TEST(Answer, ADamagedFrameDoesNotHideTheOneGluedBehindIt) {
    for (const Question question : every_question) {
        Buffer bad = answer(question);
        bad.back() ^= 1;
        const Seen seen = take_apart(joined({bad, answer(Question::es_running)}));
        ASSERT_EQ(seen.frames.size(), 1U);
        EXPECT_EQ(seen.frames[0], answer(Question::es_running));
        ASSERT_FALSE(seen.faults.empty());
        EXPECT_EQ(seen.faults[0].error, FrameError::bad_checksum);
    }
}

TEST(Answer, TwoGluedTogetherAreBothFound) {
    const Seen seen = take_apart(joined({answer(Question::et_running), answer(Question::et_meter)}));
    ASSERT_EQ(seen.frames.size(), 2U);
    EXPECT_EQ(seen.frames[0], answer(Question::et_running));
    EXPECT_EQ(seen.frames[1], answer(Question::et_meter));
    EXPECT_TRUE(seen.faults.empty());
}

TEST(Answer, BytesBeforeAndBehindAreSkipped) {
    const Seen seen = take_apart(joined({{0x00, 0xAA}, answer(Question::et_meter), {0x01, 0x02, 0x55}}));
    ASSERT_EQ(seen.frames.size(), 1U);
    EXPECT_TRUE(seen.faults.empty());
}

TEST(Answer, BytesWithoutAStartMarkerAreNone) {
    EXPECT_TRUE(take_apart(Buffer{}).faults.empty());
    EXPECT_TRUE(take_apart(Buffer{0x55, 0xAA, 0x54}).faults.empty());
    const Buffer whole = answer(Question::et_meter);
    const Buffer without_prefix(whole.begin() + 2, whole.end());
    EXPECT_TRUE(take_apart(without_prefix).frames.empty());
}

TEST(Answer, AFaultIsToldInOneSentence) {
    Buffer bytes = answer(Question::es_running);
    EXPECT_EQ(describe(take_apart(Bytes(bytes).first(50)).faults[0]), "truncated: 50 of 149 bytes");
    EXPECT_EQ(describe(take_apart(Bytes(bytes).first(5)).faults[0]), "truncated: 5 bytes, no length yet");
    bytes[bytes.size() - 2] = 0x12;
    bytes.back() = 0x34;
    EXPECT_TRUE(describe(take_apart(bytes).faults[0]).starts_with("checksum 1234 does not match "));
}

TEST(Answer, OurOwnRequestIsAFrameAndNoAnswer) {
    const auto decoded = decode_bytes(request(Question::es_running));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().error, DecodeError::not_an_answer);
    EXPECT_EQ(describe(decoded.error()), "a request, not an answer");
}

}  // namespace
}  // namespace jkp::goodwe
