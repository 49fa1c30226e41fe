// SPDX-License-Identifier: MIT
// The edges of what teaches how long our inverter takes to follow a limit.
#include <gtest/gtest.h>

#include "builders.hpp"
#include "control/response.hpp"

namespace jkp::control::test {
namespace {

constexpr TimePoint start = at(seconds(1000));
constexpr Duration standard = seconds(5);

// A cut of the charge limit to 10 A while 20 A flow.
Response waiting() {
    Response response;
    expect_answer(response, true, amps(10), amps(20), start);
    return response;
}

TEST(Response, MoreThanFiveAmperesAboveTheTargetTeach) {
    Response response;
    expect_answer(response, true, amps(10), amps(15), start);
    EXPECT_EQ(response, Response{});
    expect_answer(response, true, amps(10), Milliamps(15'001), start);
    EXPECT_EQ(response.cut_at, start);
    EXPECT_EQ(response.target, amps(10));
    EXPECT_TRUE(response.charging);
}

TEST(Response, ACutOfTheDischargeCountsTheCurrentTheOtherWayRound) {
    Response response;
    expect_answer(response, false, amps(10), Milliamps(15'001), start);
    EXPECT_EQ(response, Response{});
    expect_answer(response, false, amps(10), Milliamps(-15'001), start);
    EXPECT_EQ(response.cut_at, start);
    EXPECT_FALSE(response.charging);
    learn_answer(response, standard, Milliamps(-12'001), start + seconds(9));
    EXPECT_FALSE(response.learned);
    learn_answer(response, standard, Milliamps(-12'000), start + seconds(9));
    EXPECT_EQ(response.learned, seconds(6));
}

TEST(Response, ASecondCutDoesNotBeginAnew) {
    Response response = waiting();
    expect_answer(response, false, amps(0), amps(-30), start + seconds(1));
    EXPECT_EQ(response, waiting());
}

TEST(Response, WithinTwoAmperesOfTheTargetIsTheAnswer) {
    Response response = waiting();
    learn_answer(response, standard, Milliamps(12'001), start + seconds(9));
    EXPECT_EQ(response, waiting());
    learn_answer(response, standard, Milliamps(12'000), start + seconds(9));
    EXPECT_EQ(response.learned, seconds(6));
    EXPECT_FALSE(response.cut_at) << "the next cut teaches again";
}

TEST(Response, ASampleOfTheCutItselfIsNoAnswer) {
    Response response = waiting();
    learn_answer(response, standard, amps(0), start);
    EXPECT_EQ(response, waiting());
    learn_answer(response, standard, amps(0), start + milliseconds(1));
    EXPECT_EQ(response.learned, seconds(4)) << "1 s at least";
}

TEST(Response, AfterMoreThanThirtySecondsItIsGivenUp) {
    Response response = waiting();
    learn_answer(response, standard, amps(20), start + seconds(30));
    EXPECT_EQ(response, waiting());
    learn_answer(response, standard, amps(20), start + seconds(30) + milliseconds(1));
    EXPECT_FALSE(response.cut_at);
    EXPECT_FALSE(response.learned);
}

}  // namespace
}  // namespace jkp::control::test
