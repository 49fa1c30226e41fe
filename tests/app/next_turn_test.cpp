// SPDX-License-Identifier: MIT
#include "app/next_turn.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace jkp::app {
namespace {

struct Turns {
    boost::asio::io_context loop{1};
    int done = 0;
    std::optional<NextTurn> work{std::in_place, loop, [this] { ++done; }};
};

TEST(NextTurn, DoesItOnceHoweverOftenItWasAskedAndNotAtOnce) {
    Turns t;
    for (int i = 0; i < 100; ++i) t.work->ask();
    EXPECT_EQ(t.done, 0);
    t.loop.run();
    EXPECT_EQ(t.done, 1);
    t.work->ask();
    t.loop.restart();
    t.loop.run();
    EXPECT_EQ(t.done, 2);
}

TEST(NextTurn, DoesNotWhatWasDoneMeanwhileUnlessItIsAskedAgain) {
    Turns t;
    t.work->ask();
    t.work->forget();
    t.loop.run();
    EXPECT_EQ(t.done, 0);
    t.work->ask();
    t.work->forget();
    t.work->ask();
    t.loop.restart();
    t.loop.run();
    EXPECT_EQ(t.done, 1);
}

TEST(NextTurn, DoesNothingForAnOwnerThatIsGone) {
    Turns t;
    t.work->ask();
    t.work.reset();
    t.loop.run();
    EXPECT_EQ(t.done, 0);
}

TEST(NextTurn, WhatIsAskedDuringTheWorkIsDoneInATurnOfItsOwn) {
    boost::asio::io_context loop(1);
    int done = 0;
    NextTurn* self = nullptr;
    NextTurn work(loop, [&] {
        if (++done < 3) self->ask();
    });
    self = &work;
    work.ask();
    loop.run_one();
    EXPECT_EQ(done, 1);
    loop.run();
    EXPECT_EQ(done, 3);
}

}  // namespace
}  // namespace jkp::app
