// SPDX-License-Identifier: MIT
#include "goodwe/sems_session.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include "goodwe/sems_stamp.hpp"

namespace jkp::goodwe {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const std::string login = R"({"code":"00000","data":{"uid":"u","token":"t"}})";
const std::string reading = R"({"code":"00000","data":{"flows":{"pBat":["pConsum"]},"pBat":0.5}})";
const std::string expired = R"({"code":"C0602"})";
const std::string limited = R"({"code":"GY0429"})";
const std::string wrong = R"({"code":"100005"})";

class Portal {
  public:
    explicit Portal(Duration poll = seconds(60))
        : session({SemsApi::semsplus, "https://semsplus.goodwe.com", "s", ""}, poll) {}

    // Goes to when the next request is due and answers it; returns how long that took.
    Duration answer(const std::string& body, int status = 200, std::optional<Duration> retry_after = {}) {
        const Duration waited = wait();
        result = session.answered({status, body, retry_after}, now);
        return waited;
    }
    Duration fail() {
        const Duration waited = wait();
        session.unanswered(now);
        return waited;
    }
    Duration wait() {
        const TimePoint before = now;
        now = std::max(now, session.due().value());
        return now - before;
    }

    SemsSession session;
    TimePoint now{minutes(5)};
    Result<std::optional<SemsReading>, SemsFault> result;
};

TEST(SemsSession, LogsInThenAsksForDataAndThenEveryPoll) {
    Portal portal(seconds(90));
    EXPECT_EQ(portal.session.question(), SemsQuestion::login);
    EXPECT_EQ(portal.answer(login), seconds(0));
    EXPECT_EQ(portal.session.question(), SemsQuestion::data);
    EXPECT_EQ(portal.session.token().token, "t");
    EXPECT_EQ(portal.answer(reading), seconds(0));
    ASSERT_TRUE(portal.result && *portal.result);
    EXPECT_EQ((*portal.result)->readings.battery_power, Watts(-500));
    EXPECT_EQ(portal.answer(reading), seconds(90));
    EXPECT_EQ(portal.answer(reading), seconds(90));
    EXPECT_EQ(portal.session.question(), SemsQuestion::data) << "the token is used again";
}

TEST(SemsSession, AnExpiredSessionLogsInOnceAtOnceAndThenBacksOff) {
    Portal portal;
    portal.answer(login);
    portal.answer(reading);
    EXPECT_EQ(portal.answer(expired), seconds(60));
    EXPECT_EQ(portal.session.question(), SemsQuestion::login);
    EXPECT_EQ(portal.answer(login), seconds(0));
    EXPECT_EQ(portal.answer(expired), seconds(0));
    EXPECT_EQ(portal.session.question(), SemsQuestion::login);
    EXPECT_EQ(portal.answer(login), seconds(60));
    EXPECT_EQ(portal.answer(expired), seconds(0));
    EXPECT_EQ(portal.answer(login), seconds(120));
    EXPECT_EQ(portal.answer(reading), seconds(0));
    portal.answer(expired);
    EXPECT_EQ(portal.answer(login), seconds(0)) << "a reading gives the one login back";
}

TEST(SemsSession, PausesDoubleFromOneMinuteToFifteen) {
    Portal portal;
    portal.answer(login);
    portal.answer(reading);
    std::vector<Duration> pauses;
    portal.answer("", 429);
    for (int i = 0; i < 6; ++i) pauses.push_back(portal.answer("", 429));
    EXPECT_EQ(pauses, (std::vector<Duration>{seconds(60), seconds(120), seconds(240), seconds(480),
                                             seconds(900), seconds(900)}));
    portal.answer(reading);
    EXPECT_EQ(portal.answer("", 429), seconds(60));
    EXPECT_EQ(portal.answer(reading), seconds(60)) << "after a reading it begins anew";
}

TEST(SemsSession, ThePortalsOwnRateLimitWaitsFiveMinutesAtLeast) {
    Portal portal;
    portal.answer(limited);
    EXPECT_EQ(portal.result.error(), SemsFault::rate_limited_hard);
    EXPECT_EQ(portal.answer(limited), seconds(300));
    EXPECT_EQ(portal.answer(login), seconds(300));
}

TEST(SemsSession, RetryAfterIsHonouredUpToAnHour) {
    Portal portal;
    portal.answer("", 429, seconds(1800));
    EXPECT_EQ(portal.answer("", 429, minutes(600)), seconds(1800));
    EXPECT_EQ(portal.answer("", 429, seconds(1)), seconds(3600));
    EXPECT_EQ(portal.answer(login), seconds(240));
}

TEST(SemsSession, AWrongPasswordStopsForGood) {
    for (const int status : {200, 401, 403}) {
        Portal portal;
        portal.answer(wrong, status);
        EXPECT_EQ(portal.result.error(), SemsFault::wrong_password);
        EXPECT_EQ(portal.session.due(), std::nullopt);
        portal.session.unanswered(portal.now);
        EXPECT_FALSE(portal.session.answered({200, login, {}}, portal.now));
        EXPECT_EQ(portal.session.due(), std::nullopt) << "nothing brings it back";
    }
}

TEST(SemsSession, AClosedInterfaceIsAskedOnceAnHour) {
    for (const char* body :
         {R"({"code":"100000"})", R"({"code":"100004"})", R"({"code":"0","data":{"token":""}})"}) {
        Portal portal;
        portal.answer(body);
        EXPECT_EQ(portal.wait(), seconds(3600)) << body;
    }
}

TEST(SemsSession, StatusesOfHttpMeanSomethingWithoutABody) {
    struct Row {
        int status;
        SemsFault fault;
    };
    for (const Row& row : {Row{401, SemsFault::session_expired}, Row{403, SemsFault::session_expired},
                           Row{404, SemsFault::request_refused}, Row{410, SemsFault::request_refused},
                           Row{429, SemsFault::rate_limited}, Row{500, SemsFault::server_error},
                           Row{503, SemsFault::server_error}, Row{204, SemsFault::server_error},
                           Row{0, SemsFault::server_error}}) {
        Portal portal;
        portal.answer(login);
        portal.answer("<html>", row.status);
        ASSERT_FALSE(portal.result);
        EXPECT_EQ(portal.result.error(), row.fault) << row.status;
    }
}

TEST(SemsSession, NoAnswerAtAllKeepsTheTokenAndBacksOff) {
    Portal portal;
    portal.answer(login);
    portal.fail();
    EXPECT_EQ(portal.session.question(), SemsQuestion::data);
    EXPECT_EQ(portal.fail(), seconds(60));
    EXPECT_EQ(portal.answer(reading), seconds(120));
}

TEST(SemsSession, APauseIsNeverShorterThanThePoll) {
    Portal portal(minutes(10));
    portal.answer(login);
    portal.answer(reading);
    portal.answer("rubbish");
    EXPECT_EQ(portal.answer(reading), minutes(10));
}

// ---- whatever the portal says

enum class Say : std::uint8_t {
    a_token,
    data,
    the_end,
    hard_limit,
    garbage,
    http_429,
    http_500,
    http_401,
    nothing,
    no_password
};

rc::Gen<Say> anything_but_wrong() {
    return rc::gen::map(rc::gen::inRange(0, 9), [](int n) { return static_cast<Say>(n); });
}

void say(Portal& portal, Say what) {
    switch (what) {
        case Say::a_token: portal.answer(login); break;
        case Say::data: portal.answer(reading); break;
        case Say::the_end: portal.answer(expired); break;
        case Say::hard_limit: portal.answer(limited); break;
        case Say::garbage: portal.answer("garbage"); break;
        case Say::http_429: portal.answer("", 429, seconds(200)); break;
        case Say::http_500: portal.answer("", 500); break;
        case Say::http_401: portal.answer("", 401); break;
        case Say::nothing: portal.fail(); break;
        case Say::no_password: portal.answer(wrong); break;
    }
}

RC_GTEST_PROP(SemsSession, IsNeverABurdenWhateverThePortalSays, ()) {
    Portal portal(seconds(*rc::gen::inRange(60, 1000)));
    std::deque<TimePoint> logins;
    std::deque<TimePoint> requests;
    for (const Say what : *rc::gen::container<std::vector<Say>>(anything_but_wrong())) {
        const bool is_login = portal.session.question() == SemsQuestion::login;
        say(portal, what);
        requests.push_back(portal.now);
        if (is_login) logins.push_back(portal.now);
        if (logins.size() >= 3) RC_ASSERT(portal.now - logins[logins.size() - 3] >= seconds(60) || !is_login);
        if (requests.size() >= 6) RC_ASSERT(portal.now - requests[requests.size() - 6] >= seconds(60));
        RC_ASSERT(portal.session.due().has_value());
        RC_ASSERT(*portal.session.due() >= portal.now);
        RC_ASSERT(*portal.session.due() <= portal.now + seconds(3600));
        if (what == Say::hard_limit) RC_ASSERT(*portal.session.due() >= portal.now + seconds(300));
        if (what == Say::http_429) RC_ASSERT(*portal.session.due() >= portal.now + seconds(200));
    }
    say(portal, Say::no_password);
    RC_ASSERT(!portal.session.due());
}

RC_GTEST_PROP(SemsSession, IsBackWithinAnHourOnceThePortalIsWell, ()) {
    Portal portal;
    for (const Say what : *rc::gen::container<std::vector<Say>>(anything_but_wrong())) say(portal, what);
    const TimePoint well = portal.now;
    for (int i = 0; i < 3 && !(portal.result && *portal.result); ++i) {
        portal.answer(portal.session.question() == SemsQuestion::login ? login : reading);
    }
    RC_ASSERT(portal.result && *portal.result);
    RC_ASSERT(portal.now - well <= minutes(60));
}

// ---- the age of the data

SemsReading dated(std::optional<std::int64_t> ms, const std::string& mark) {
    return {{}, ms, mark};
}

TEST(SemsStamp, DataWithTheirOwnTimeAreAsOldAsThat) {
    SemsStamp stamp;
    const TimePoint now{minutes(100)};
    EXPECT_EQ(stamp.of(dated(1'000'000, "a"), now, 1'090'000), now - seconds(90));
    EXPECT_EQ(stamp.of(dated(2'000'000, "b"), now, 1'090'000), now) << "never newer than now";
}

TEST(SemsStamp, DataWithTheirOwnTimeThatHaveNotChangedKeepTheirInstantWhenTheClockIsSetBack) {
    SemsStamp stamp;
    const TimePoint now{minutes(100)};
    EXPECT_EQ(stamp.of(dated(1'000'000, "a"), now, 1'090'000), now - seconds(90));
    EXPECT_EQ(stamp.of(dated(1'000'000, "a"), now + seconds(60), 1'000'000), now - seconds(90));
}

TEST(SemsStamp, WithoutATimeOfTheirOwnTheFirstDataSinceTheStartMayBeFromTheMorning) {
    SemsStamp stamp;
    const TimePoint evening{minutes(1200)};
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(stamp.of(dated({}, "07:55"), evening + minutes(i), 5), std::nullopt);
}

TEST(SemsStamp, TheFirstChangeSaysThatTheyAreNotOlderThanTheLookBefore) {
    SemsStamp stamp;
    const TimePoint now{minutes(100)};
    EXPECT_EQ(stamp.of(dated({}, "a"), now, 5), std::nullopt);
    EXPECT_EQ(stamp.of(dated({}, "a"), now + seconds(60), 5), std::nullopt);
    EXPECT_EQ(stamp.of(dated({}, "b"), now + seconds(120), 5), now + seconds(60));
    EXPECT_EQ(stamp.of(dated({}, "b"), now + seconds(180), 5), now + seconds(60)) << "the same data again";
    EXPECT_EQ(stamp.of(dated({}, "c"), now + seconds(240), 5), now + seconds(180));
}

TEST(SemsStamp, DataThatChangedDuringAnOutageMayBeAsOldAsIt) {
    SemsStamp stamp;
    const TimePoint now{minutes(100)};
    EXPECT_EQ(stamp.of(dated({}, "a"), now, 5), std::nullopt);
    EXPECT_EQ(stamp.of(dated({}, "b"), now + minutes(480), 5), now);
}

TEST(SemsStamp, WithoutAMarkNobodyKnows) {
    SemsStamp stamp;
    const TimePoint now{minutes(100)};
    EXPECT_EQ(stamp.of(dated({}, ""), now, 5), std::nullopt);
    EXPECT_EQ(stamp.of(dated({}, ""), now + seconds(60), 5), std::nullopt);
    EXPECT_EQ(stamp.of(dated({}, "a"), now + seconds(120), 5), std::nullopt) << "a first mark is no change";
    EXPECT_EQ(stamp.of(dated({}, "b"), now + seconds(180), 5), now + seconds(120));
    EXPECT_EQ(stamp.of(dated({}, ""), now + seconds(240), 5), std::nullopt);
    EXPECT_EQ(stamp.of(dated({}, "b"), now + seconds(300), 5), now + seconds(120));
}

TEST(SemsStamp, WithoutAClockTheMarkTells) {
    SemsStamp stamp;
    const TimePoint now{minutes(100)};
    EXPECT_EQ(stamp.of(dated(1'000'000, "a"), now, std::nullopt), std::nullopt);
    EXPECT_EQ(stamp.of(dated(2'000'000, "b"), now + seconds(60), std::nullopt), now);
}

}  // namespace
}  // namespace jkp::goodwe
