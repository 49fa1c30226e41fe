// SPDX-License-Identifier: MIT
// Which question an answer belongs to. The far end is in the hands of the test: it answers each request when
// and with what the test says.
#include "io/udp_exchange.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <optional>
#include <string>
#include <vector>

#include "io/clock.hpp"

namespace jkp::io {
namespace {

using boost::asio::ip::udp;
using std::chrono::milliseconds;
using Kind = UdpVerdict::Kind;

class Exchange : public testing::Test {
  protected:
    Exchange() {
        far_end.non_blocking(true);
        exchange.emplace(loop, UdpExchangeSettings{.host = "127.0.0.1",
                                                   .port = far_end.local_endpoint().port(),
                                                   .timeout = milliseconds(100),
                                                   .retries = 3});
    }

    // Whatever comes is an answer, as from a device whose answers do not name their question; "half" is one
    // that lacks four bytes.
    void ask(const std::string& question) {
        outcome.reset();
        exchange->ask({question.begin(), question.end()}, &judge,
                      [this](const auto& told) { outcome = told ? text(told->value) : "nothing"; });
    }
    static UdpVerdict judge(Bytes bytes) {
        if (text(bytes) == "half") return {Kind::incomplete, 4};
        return {Kind::answer};
    }
    static std::string text(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

    template <class Condition>
    bool until(Condition holds) {
        const TimePoint deadline = now() + std::chrono::seconds(10);
        while (!holds() && now() < deadline) {
            loop.run_one_for(milliseconds(5));
            if (loop.stopped()) loop.restart();
            hear();
        }
        return holds();
    }
    bool requests_reach(std::size_t n) {
        return until([this, n] { return senders.size() >= n; });
    }
    bool over() {
        return until([this] { return outcome.has_value(); });
    }
    void answer(std::size_t request, const std::string& words) {
        far_end.send_to(boost::asio::buffer(words), senders.at(request));
    }

    boost::asio::io_context loop;
    udp::socket far_end{loop, {boost::asio::ip::address_v4::loopback(), 0}};
    std::vector<udp::endpoint> senders;  // of each request that came
    std::optional<UdpExchange> exchange;
    std::optional<std::string> outcome;

  private:
    void hear() {
        std::array<char, 64> request{};
        boost::system::error_code nothing;
        udp::endpoint sender;
        while (far_end.receive_from(boost::asio::buffer(request), sender, 0, nothing) > 0) {
            senders.push_back(sender);
        }
    }
};

TEST_F(Exchange, AnAnswerToAnEarlierAttemptOfTheOpenQuestionIsTaken) {
    ask("a");
    ASSERT_TRUE(requests_reach(2));
    answer(0, "one");
    ASSERT_TRUE(over());
    EXPECT_EQ(outcome, "one");
    EXPECT_EQ(exchange->counters().late, 0U);
}

TEST_F(Exchange, AnAnswerToAQuestionThatFailedIsNotTakenForTheNextOne) {
    ask("a");
    ASSERT_TRUE(over());
    EXPECT_EQ(outcome, "nothing");
    const std::size_t old = senders.size();
    ASSERT_EQ(old, 4U);
    ask("b");
    ASSERT_TRUE(requests_reach(old + 1));
    for (std::size_t i = 0; i < old; ++i) answer(i, "old");
    ASSERT_TRUE(until([this] { return exchange->counters().late == 4; }));
    EXPECT_FALSE(outcome) << *outcome;
    answer(old, "new");
    ASSERT_TRUE(over());
    EXPECT_EQ(outcome, "new");
}

TEST_F(Exchange, TheSecondAnswerToAQuestionThatHasOneIsNotTakenForTheNext) {
    ask("a");
    ASSERT_TRUE(requests_reach(2));
    answer(0, "one");
    ASSERT_TRUE(over());
    const std::size_t old = exchange->counters().requests;
    ask("b");
    ASSERT_TRUE(requests_reach(old + 1));
    answer(1, "two");
    ASSERT_TRUE(until([this] { return exchange->counters().late == 1; }));
    EXPECT_FALSE(outcome) << *outcome;
}

TEST_F(Exchange, TheRestOfAnAnswerMayComeWhileTheQuestionIsAskedAgain) {
    ask("a");
    ASSERT_TRUE(requests_reach(1));
    answer(0, "half");
    ASSERT_TRUE(requests_reach(2));
    answer(0, "rest");
    ASSERT_TRUE(over());
    EXPECT_EQ(outcome, "halfrest");
    EXPECT_EQ(exchange->counters().joined, 1U);
    EXPECT_EQ(exchange->counters().damaged, 0U);
}

TEST_F(Exchange, PiecesOfTwoAttemptsAreNotJoined) {
    ask("a");
    ASSERT_TRUE(requests_reach(2));
    answer(0, "half");
    answer(1, "rest");
    ASSERT_TRUE(over());
    EXPECT_EQ(outcome, "rest");
    EXPECT_EQ(exchange->counters().joined, 0U);
    EXPECT_EQ(exchange->counters().damaged, 1U) << "the piece whose rest never came";
}

}  // namespace
}  // namespace jkp::io
