// SPDX-License-Identifier: MIT
// When the state is written, and that nothing of it is lost.
#include "app/state_store.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/requests.hpp"
#include "app/virtual_bank.hpp"
#include "io_files/temporary_folder.hpp"
#include "report/saved_json.hpp"

namespace jkp::app::test {
namespace {

namespace fs = std::filesystem;

// A controller and its store, without any file.
struct Kept {
    explicit Kept(bool written = true)
        : controller(bank.controller.settings(), control::make_state(config())),
          store({.write =
                     [this](const std::string& text) {
                         texts.push_back(report::saved_from_json(text).value());
                     },
                 .take_error = [this] { return std::exchange(error, {}); },
                 .wall = [this] { return wall; },
                 .boot = "run 1"},
                controller, written) {}

    [[nodiscard]] const control::Config& config() const { return bank.controller.settings().control; }
    // How many texts the next `time` writes.
    std::size_t written(Duration time) {
        const std::size_t before = texts.size();
        for (const TimePoint end = now + time; now < end;) {
            now += seconds(1);
            if (wall) ++wall->seconds;
            if (answers) controller.on_reading(0, {bank.reading, now});
            controller.cycle(now);
            store.keep(config(), controller, now);
        }
        return texts.size() - before;
    }
    void pause(std::optional<std::int32_t> value = 1) {
        controller.order({control::CommandKind::pause, value, {}, "test"}, now);
    }

    VirtualBank bank;
    Controller controller;
    std::vector<control::Saved> texts;
    std::string error;
    std::optional<WallTime> wall = WallTime{1'800'000'000};
    bool answers = true;
    TimePoint now{seconds(1000)};
    StateStore store;
};

TEST(StateStore, WritesWithTheFirstReadingThenEachFiveMinutes) {
    Kept kept;
    EXPECT_EQ(kept.written(seconds(1)), 1U);
    (void)kept.written(seconds(30));  // phases
    const std::size_t periodic = kept.written(minutes(15));
    EXPECT_TRUE(periodic == 3 || periodic == 4) << periodic << ", one for a phase";
    EXPECT_EQ(kept.texts.back().boot, "run 1");
    EXPECT_FALSE(kept.texts.back().orderly);
}

TEST(StateStore, BeforeTheFirstReadingTheFileIsTheTruth) {
    Kept kept;
    kept.answers = false;
    EXPECT_EQ(kept.written(minutes(10)), 0U);
    kept.store.farewell(kept.config(), kept.controller, kept.now);
    EXPECT_TRUE(kept.texts.empty());
}

TEST(StateStore, WhatIsOrderedOrLatchedBeforeTheBankIsCompleteIsWrittenAllTheSame) {
    Kept kept;
    kept.answers = false;
    kept.pause();
    EXPECT_EQ(kept.written(seconds(5)), 1U);

    ControllerSettings two = kept.bank.controller.settings();
    two.control.packs.push_back(two.control.packs[0]);
    two.control.packs[1].name = "absent";
    Controller controller(two, control::make_state(two.control));
    std::vector<std::string> texts;
    StateStore store({.write = [&](std::string text) { texts.push_back(std::move(text)); },
                      .take_error = [] { return std::string(); },
                      .wall = [] { return std::optional<WallTime>(); },
                      .boot = {}},
                     controller, true);
    PackReading reading = kept.bank.reading;
    reading.cells[3] = Millivolts(2600);
    reading.voltage = Millivolts(0);
    for (const Millivolts cell : reading.cells) reading.voltage += cell;
    for (int i = 0; i < 5; ++i) {
        const TimePoint now{seconds(1000 + i)};
        controller.on_reading(0, {reading, now});
        controller.cycle(now);
        store.keep(two.control, controller, now);
    }
    ASSERT_FALSE(controller.decision().complete);
    ASSERT_TRUE(controller.state().packs[0].latches.lockout);
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_TRUE(report::saved_from_json(texts[0])->packs[0].lockout);
}

TEST(StateStore, WhatCouldNotBeWrittenIsWrittenAgainAfterTenSeconds) {
    Kept kept;
    (void)kept.written(minutes(4));
    kept.pause();
    EXPECT_EQ(kept.written(seconds(1)), 1U);
    kept.error = "no space";
    EXPECT_EQ(kept.written(seconds(9)), 0U);
    EXPECT_EQ(kept.written(seconds(1)), 1U);
    EXPECT_EQ(kept.texts.back().orders.size(), 1U);
    EXPECT_EQ(kept.written(seconds(30)), 0U) << "that one was";
}

TEST(StateStore, TheErrorIsHandedOnOnce) {
    Kept kept;
    kept.error = "no space";
    EXPECT_EQ(kept.store.keep(kept.config(), kept.controller, kept.now), "no space");
    EXPECT_EQ(kept.store.keep(kept.config(), kept.controller, kept.now), "");
}

TEST(StateStore, AnOrderlyStopWritesWhatEarlierCouldNotBeWritten) {
    Kept kept;
    kept.answers = false;
    kept.pause();
    (void)kept.written(seconds(1));
    kept.error = "no space";
    kept.store.farewell(kept.config(), kept.controller, kept.now);
    ASSERT_EQ(kept.texts.size(), 2U);
    EXPECT_TRUE(kept.texts.back().orderly);
    EXPECT_EQ(kept.texts.back().orders.size(), 1U);
}

TEST(StateStore, AStateThatIsNotInTheFileYetIsWrittenWithTheFirstCycle) {
    Kept kept(false);
    kept.answers = false;
    EXPECT_EQ(kept.written(seconds(1)), 1U);
    EXPECT_EQ(kept.written(seconds(30)), 0U);
}

TEST(StateStore, AClockThatIsSetIsWrittenAtOnceInBothDirections) {
    Kept kept;
    (void)kept.written(minutes(4));
    for (const std::int64_t step : {6 * 3600, -3, 3}) {
        kept.wall->seconds += step;
        EXPECT_EQ(kept.written(seconds(1)), 1U) << step;
        EXPECT_EQ(kept.texts.back().at, kept.wall);
    }
    for (const std::int64_t slew : {2, -2}) {
        kept.wall->seconds += slew;
        EXPECT_EQ(kept.written(seconds(1)), 0U) << slew;
    }
    kept.wall.reset();
    EXPECT_EQ(kept.written(seconds(1)), 1U);
    EXPECT_EQ(kept.written(seconds(5)), 0U);
    kept.wall = WallTime{1'800'100'000};
    EXPECT_EQ(kept.written(seconds(1)), 1U);
}

// A file in a folder of its own.
struct OnDisk {
    OnDisk() {
        settings.control = settings_of_one().control;
        settings.state.file = folder.file("state.json");
    }
    [[nodiscard]] Restored restored(const std::string& text) const {
        std::ofstream(settings.state.file) << text;
        return restored_state(settings);
    }

    io::testing::TemporaryFolder folder;
    config::Settings settings;
};

TEST(StateStore, WithoutAFileItIsAFirstStart) {
    const OnDisk disk;
    const Restored restored = restored_state(disk.settings);
    EXPECT_EQ(restored.state, control::make_state(disk.settings.control));
    EXPECT_TRUE(restored.written);
    EXPECT_EQ(restored.trouble, "");
}

TEST(StateStore, AFileThatCannotBeUsedIsKeptBesideAndHoldsEveryPackAlsoAtTheNextStart) {
    const OnDisk disk;
    control::Saved newer;
    newer.version = 2;
    for (const std::string& text : {report::saved_json(newer), std::string("{\xFF"), std::string()}) {
        const Restored restored = disk.restored(text);
        EXPECT_TRUE(restored.state.packs.at(0).latches.unknown);
        EXPECT_TRUE(restored.written);
        EXPECT_NE(restored.trouble.find("cannot be used"), std::string::npos);
        EXPECT_NE(restored.trouble.find("`jk-pylon ack`"), std::string::npos);
        EXPECT_EQ(restored.trouble.find('\xFF'), std::string::npos);
        EXPECT_NE(restored.trouble_de.find("nicht verwendbar"), std::string::npos);
        std::ifstream aside(disk.settings.state.file + ".unusable-1");
        EXPECT_EQ(std::string(std::istreambuf_iterator<char>(aside), {}), text);
        const Restored again = restored_state(disk.settings);
        EXPECT_TRUE(again.state.packs.at(0).latches.unknown);
        EXPECT_EQ(again.trouble, "");
    }
}

TEST(StateStore, AFileThatCannotBeReplacedIsToldAndWhatIsHeldIsNotWrittenYet) {
    const OnDisk disk;
    fs::create_directories(disk.settings.state.file + ".new/full");
    const Restored restored = disk.restored("x");
    EXPECT_TRUE(restored.state.packs.at(0).latches.unknown);
    EXPECT_FALSE(restored.written);
    EXPECT_NE(restored.trouble.find("it stays where it is"), std::string::npos);
}

TEST(StateStore, AnOrderThatThisVersionDoesNotKnowIsToldAndTheLatchesStay) {
    const OnDisk disk;
    control::Saved saved;
    saved.packs.resize(1);
    saved.packs[0].name = "A";
    saved.packs[0].lockout = true;
    saved.orders = {{.kind = control::CommandKind::pause, .value = 1, .who = "x"}};
    std::string text = report::saved_json(saved);
    text.replace(text.find("\"pause\""), 7, "\"sleep\"");
    const Restored restored = disk.restored(text);
    EXPECT_TRUE(restored.state.packs.at(0).latches.lockout);
    EXPECT_FALSE(restored.state.packs.at(0).latches.unknown);
    EXPECT_NE(restored.trouble.find("not in force: sleep"), std::string::npos);
    EXPECT_FALSE(fs::exists(disk.settings.state.file + ".unusable-1"));
}

TEST(StateStore, WhileTheProgramStopsOnlyTheStatusIsAnswered) {
    Kept kept;
    RequestContext context{kept.controller, kept.config(), kept.now, [] { return report::Snapshot{}; },
                           [](const std::string&) {}};
    bool asked = false;
    context.command = [&](const CommandRequest&) {
        asked = true;
        return Answer{};
    };
    context.stopping = true;
    for (const char* const request : {R"({"command":"order","order":{"command":"pause","value":true}})",
                                      R"({"command":"ack"})", R"({"command":"recover","confirm":"x"})"}) {
        const std::string answer = answer_request(request, context);
        EXPECT_NE(answer.find("the gateway is stopping"), std::string::npos) << answer;
    }
    EXPECT_FALSE(asked || context.changed);
    EXPECT_NE(answer_request(R"({"command":"status"})", context).find("\"version\""), std::string::npos);
}

}  // namespace
}  // namespace jkp::app::test
