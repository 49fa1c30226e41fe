// SPDX-License-Identifier: MIT
#include "io/signals.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <chrono>

namespace jkp::io {
namespace {

using namespace std::chrono_literals;

TEST(Signals, HangupReloadsAsOftenAsItComesAndTermStopsOnce) {
    boost::asio::io_context loop;
    int stops = 0;
    int reloads = 0;
    const Signals signals(loop, {[&] { ++stops; }, [&] { ++reloads; }});
    ::raise(SIGHUP);
    loop.run_one_for(5s);
    ::raise(SIGHUP);
    while (reloads < 2 && loop.run_one_for(5s) > 0) continue;
    EXPECT_EQ(reloads, 2);
    EXPECT_EQ(stops, 0);
    ::raise(SIGTERM);
    while (stops < 1 && loop.run_one_for(5s) > 0) continue;
    EXPECT_EQ(stops, 1);
}

TEST(Signals, ASecondTermEndsTheProcessAtOnce) {
    EXPECT_EXIT(
        {
            boost::asio::io_context loop;
            bool stopped = false;
            const Signals signals(loop, {[&] { stopped = true; }, [] {}});
            ::raise(SIGTERM);
            while (!stopped && loop.run_one_for(5s) > 0) continue;
            if (stopped) ::raise(SIGTERM);
        },
        ::testing::KilledBySignal(SIGTERM), "");
}

TEST(Signals, ABrokenPipeIsIgnored) {
    boost::asio::io_context loop;
    const Signals signals(loop, {[] {}, [] {}});
    EXPECT_EQ(::raise(SIGPIPE), 0);
}

}  // namespace
}  // namespace jkp::io
