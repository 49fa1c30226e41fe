// SPDX-License-Identifier: MIT
// The answer to `jk-pylon status` and `why`, for a bank of two packs.
#include "report/status_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "control/builders.hpp"

namespace jkp::report {
namespace {

using namespace control::test;
using nlohmann::json;

// 100 Ah and 50 Ah; the small one is close to full.
struct Site {
    control::Config config = two();
    control::State state = control::make_state(config);
    TimePoint now = at(seconds(1000));
    control::Decision decision;

    static control::Config two() {
        control::Config config = config_of_one();
        config.packs.push_back(config.packs[0]);
        config.packs[1].name = "small";
        config.packs[1].capacity = MilliampHours(50'000);
        return config;
    }
    void tick(int highest_of_small = 3430) {
        now += seconds(1);
        const control::Arrival arrivals[] = {{0, {reading_at(mv(3300)), now}},
                                             {1, {reading_between(mv(highest_of_small), mv(3300)), now}}};
        decision = control::step(config, state, {now, arrivals, now});
    }
    [[nodiscard]] json status() const {
        Snapshot s;
        s.decision = decision;
        for (std::size_t i = 0; i < 2; ++i) {
            PackSnapshot pack;
            pack.name = std::string(config.packs[i].name.view());
            pack.part = state.packs[i].part;
            pack.thresholds = state.packs[i].limits;
            pack.path_micro_ohm = state.packs[i].rhat_micro_ohm;
            s.packs.push_back(pack);
        }
        return json::parse(status_json(s, config));
    }
};

const json* find(const json& limiters, const std::string& rule) {
    for (const json& bound : limiters) {
        if (bound["rule"] == rule) return &bound;
    }
    return nullptr;
}

TEST(Status, TheWinningLimiterNamesPackCellShareAndWhatWouldHaveToChange) {
    Site site;
    for (int i = 0; i < 200; ++i) site.tick();
    const json charge = site.status()["battery"]["charge"];
    EXPECT_EQ(charge["rule"], "cell_high_curve");
    EXPECT_EQ(charge["pack"], "small");
    EXPECT_NEAR(charge["limit_a"].get<double>(), 68.9, 0.2);  // 23 A for a third of the current
    EXPECT_NEAR(charge["share_pct"].get<double>(), 33.3, 0.1);
    EXPECT_EQ(charge["reason"],
              "curve of the highest cell: cell 3 at 3.430 V (small, which takes 33 % of the current)");
    EXPECT_EQ(charge["remedy"], "no limit once the cell is below 3.381 V");
}

TEST(Status, WhatTakesNothingAwayHasNoRemedyAndAnUnsetMaximumOfTheBankIsNone) {
    Site site;
    for (int i = 0; i < 200; ++i) site.tick();
    const json limiters = site.status()["battery"]["charge"]["limiters"];
    for (const json& bound : limiters) {
        EXPECT_EQ(bound["remedy"].get<std::string>().empty(), !bound["limiting"].get<bool>()) << bound;
    }
    EXPECT_EQ((*find(limiters, "bank_maximum"))["limiting"], false);
    EXPECT_EQ((*find(limiters, "bank_maximum"))["pack"], nullptr);
    EXPECT_EQ((*find(limiters, "hard_stop"))["limiting"], false);
    EXPECT_EQ((*find(limiters, "user_maximum"))["limiting"], true);
    site.config.bank.max_charge = amps(50);
    site.tick();
    const json now = site.status()["battery"]["charge"];
    EXPECT_EQ(now["rule"], "bank_maximum");
    EXPECT_EQ(now["remedy"], "max_charge_a of [bank] in the configuration");
}

TEST(Status, EachPackTellsItsOwnLimitsAndWhetherItIsPartOfTheBank) {
    Site site;
    EXPECT_EQ(site.status()["battery"], nullptr);
    EXPECT_EQ(site.status()["packs"][0]["part"], nullptr);
    for (int i = 0; i < 200; ++i) site.tick();
    const json s = site.status();
    EXPECT_EQ(s["packs"][0]["part"]["charge_limit_a"], 60.0);
    EXPECT_EQ(s["packs"][1]["part"]["charge_limit_a"], 22.98);
    EXPECT_NEAR(s["packs"][0]["part"]["discharge_share_pct"].get<double>(), 66.7, 0.1);
    EXPECT_EQ(s["battery"]["highest_cell"], (json{{"mv", 3430}, {"pack", "small"}, {"number", 3}}));
    EXPECT_EQ(s["battery"]["lowest_cell"]["pack"], "A");
}

TEST(Status, TheZeroThatControlReckonsWithInOldDataIsNoCurrent) {
    Site site;
    site.tick();
    EXPECT_EQ(site.status()["battery"]["current_a"], 0.0);
    const TimePoint told = site.now;
    for (; site.now < told + seconds(20); site.now += seconds(1)) {
        site.decision = control::step(site.config, site.state, {site.now, {}, site.now});
    }
    const json battery = site.status()["battery"];
    EXPECT_EQ(battery["data"], "zero");
    EXPECT_EQ(battery["current_a"], nullptr);
    EXPECT_EQ(battery["highest_cell"]["mv"], 3430) << "the last cells are told, with their age";
    EXPECT_GE(battery["age_s"], 15.0);
}

TEST(Status, ALearnedResistanceIsToldInMilliohmAndOneNotLearnedIsNull) {
    Site site;
    site.state.packs[1].rhat_micro_ohm = 820;
    const json packs = site.status()["packs"];
    EXPECT_EQ(packs[0]["path_resistance_mohm"], nullptr);
    EXPECT_EQ(packs[1]["path_resistance_mohm"], 0.82);
}

TEST(Status, AWaitingLimitTellsWhereToAndHowLong) {
    Site site;
    for (int i = 0; i < 200; ++i) site.tick();
    site.tick(3440);
    site.tick(3300);
    site.tick(3300);
    const json charge = site.status()["battery"]["charge"];
    EXPECT_EQ(charge["rule"], "hold");
    EXPECT_EQ(charge["remedy"], "rises to 90.0 A in 28.0 s at the earliest");
    EXPECT_EQ(charge["pack"], nullptr);
}

// What `site` of the status says while the second battery does what the test wants.
struct WithPeer : Site {
    std::optional<Stamped<GridReading>> grid;
    std::vector<control::PeerSeen> peers;

    void run(double peer, int power) {
        now += seconds(1);
        PeerReading reading;
        reading.current = amps(peer);
        reading.voltage = mv(50'000);
        grid = {GridReading{Watts(power)}, now - std::chrono::milliseconds(200)};
        peers = {{control::PeerSource::local, {reading, now - std::chrono::milliseconds(500)}}};
        again();
    }
    void again() {
        const control::Arrival arrivals[] = {{0, {reading_at(mv(3300)), now}},
                                             {1, {reading_at(mv(3300)), now}}};
        decision = control::step(config, state, {now, arrivals, now, {}, grid, peers});
    }
};

TEST(Status, ASiteWithoutSourcesSaysSo) {
    Site site;
    EXPECT_TRUE(site.status()["site"].is_null()) << "before the first complete reading";
    site.tick();
    const json told = site.status()["site"];
    EXPECT_EQ(told["mode"], "off");
    EXPECT_TRUE(told["grid"].is_null());
    EXPECT_TRUE(told["peer"].is_null());
    EXPECT_TRUE(told["swing"].is_null());
    EXPECT_EQ(told["oscillation"], false);
    EXPECT_EQ(told["response_s"], 5.0);
}

TEST(Status, ASiteTellsMeterSecondBatteryAndWhatFollows) {
    WithPeer site;
    for (int i = 0; i < 200; ++i) site.run(0, -20);
    site.run(12.3, -640);
    const json told = site.status()["site"];
    EXPECT_EQ(told["mode"], "peer_charging");
    EXPECT_EQ(told["grid"], (json{{"state", "known"}, {"power_w", -640}, {"age_s", 0.2}}));
    EXPECT_EQ(told["peer"], (json{{"state", "known"},
                                  {"source", "local"},
                                  {"current_a", 12.3},
                                  {"power_w", 615},
                                  {"age_s", 0.5},
                                  {"source_ages_s", {{"local", 0.5}}}}));
    EXPECT_EQ(told["transfer_wh"], 0.0);
    EXPECT_EQ(told["moved_wh"], 0.17);
    EXPECT_EQ(told["watchful"], false);
    EXPECT_EQ(told["refused"], 0);
    const json limit = site.status()["battery"]["discharge"];
    EXPECT_EQ(limit["limit_a"], 0.0);
    EXPECT_EQ(limit["rule"], "peer_charging");
    EXPECT_TRUE(limit["pack"].is_null());
    EXPECT_EQ(limit["reason"],
              "the second battery charges, so this one does not discharge: its battery at 12.3 A");
    EXPECT_EQ(limit["remedy"], "the second battery charges with less than 1.0 A for 20.0 s");
    ASSERT_NE(find(limit["limiters"], "peer_charging"), nullptr);
}

TEST(Status, ASourceThatFellSilentIsUnknownAndNotZero) {
    WithPeer site;
    for (int i = 0; i < 10; ++i) site.run(3, 100);
    for (int i = 0; i < 30; ++i) {
        site.now += seconds(1);
        site.again();
    }
    const json told = site.status()["site"];
    EXPECT_EQ(told["mode"], "unknown");
    EXPECT_EQ(told["grid"], (json{{"state", "unknown"}, {"power_w", nullptr}, {"age_s", nullptr}}));
    EXPECT_EQ(told["peer"]["state"], "unknown");
    EXPECT_TRUE(told["peer"]["current_a"].is_null());
    EXPECT_EQ(told["peer"]["source_ages_s"]["local"], 30.5);
}

TEST(Status, AnOscillationComesWithItsEvidence) {
    Site site;
    for (int i = 0; i < 60; ++i) {
        site.tick(3300);
        site.decision.site.swing = control::Swing{.period = std::chrono::milliseconds(9500),
                                                  .swing = Watts(1400),
                                                  .own = Watts(1100),
                                                  .peak = amps(22.5),
                                                  .half_waves = 5,
                                                  .ours = true};
        site.decision.site.oscillation = true;
    }
    const json told = site.status()["site"];
    EXPECT_EQ(told["oscillation"], true);
    EXPECT_EQ(
        told["swing"],
        (json{{"period_s", 9.5}, {"swing_w", 1400}, {"half_waves", 5}, {"peak_a", 22.5}, {"ours", true}}));
}

}  // namespace
}  // namespace jkp::report
