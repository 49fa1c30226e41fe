// SPDX-License-Identifier: MIT
// jk-pylon history and jk-pylon events, from the database file to the words, while a daemon writes into it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/history_command.hpp"
#include "store/support.hpp"

namespace jkp::cli {
namespace {

using namespace io::testing;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Ended {
    int code;
    std::string out;
    std::string err;
};

template <class Command, class Options>
Ended run(Command command, const Options& options) {
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = command(options);
    return {code, ::testing::internal::GetCapturedStdout(), ::testing::internal::GetCapturedStderr()};
}

class HistoryCommand : public ::testing::Test {
  protected:
    HistoryCommand() : file_(folder_.file("history.db")), recording_(file_) {
        for (int i = 0; i < 60; ++i) recording_.store.add(minute(i));
        recording_.store.add(event(1));
        recording_.store.add(
            io::StoredEvent{2, std::nullopt, 9, "pack_joined", 0, "garage", "joined", "dabei"});
        recording_.store.add(20270115, Energy{1'234'000, 500'000, 0, std::nullopt, 7'000'000});
        EXPECT_TRUE(recording_.flush());
    }
    HistoryOptions options() const {
        HistoryOptions o;
        o.file = file_;
        o.from = std::to_string(some_time);
        o.to = std::to_string(some_time + 3600);
        o.points = 60;
        return o;
    }
    TemporaryFolder folder_;
    std::string file_;
    Recording recording_;  // the daemon: it has the file open
};

TEST_F(HistoryCommand, PrintsCsvAndATableAndJson) {
    HistoryOptions o = options();
    o.series = {"voltage_v", "pack.attic.soc_pct_max"};
    o.csv = true;
    const Ended csv = run(history, o);
    EXPECT_EQ(csv.code, good) << csv.err;
    EXPECT_THAT(csv.out,
                HasSubstr("time,voltage_v,pack.attic.soc_pct_max\n2027-01-15T07:45:00Z,52.000,20.0\n"));
    EXPECT_EQ(std::ranges::count(csv.out, '\n'), 61);
    o.csv = false;
    EXPECT_THAT(run(history, o).out, HasSubstr("2027-01-15T07:45:00Z      52.000                    20.0\n"));
    o.json = true;
    EXPECT_EQ(nlohmann::json::parse(run(history, o).out).at("step_s"), 60);
}

TEST_F(HistoryCommand, TakesTimesAsAPersonWritesThem) {
    HistoryOptions o = options();
    o.csv = true;
    o.from = "2027-01-15T07:45:00Z";
    o.to = "2027-01-15T08:00:00Z";
    EXPECT_EQ(std::ranges::count(run(history, o).out, '\n'), 16);
    o.from = "2027-01-15";
    o.to = "2027-01-16";
    EXPECT_EQ(run(history, o).code, good);
    o.from = "-24h";
    o.to = "now";
    EXPECT_EQ(run(history, o).code, bad) << "long after all that was recorded";
    for (const char* bad :
         {"yesterday", "2027-02-30", "2027-01-15T25:00:00Z", "2027-01-15 07:00", "-", "-5x"}) {
        o.from = bad;
        const Ended ended = run(history, o);
        EXPECT_EQ(ended.code, unable) << bad;
        EXPECT_THAT(ended.err, HasSubstr(bad));
    }
    o = options();
    o.series = {"nonsense"};
    EXPECT_THAT(run(history, o).err, HasSubstr("no such series"));
}

TEST_F(HistoryCommand, ShowsTheEnergyOfEachDay) {
    HistoryOptions o = options();
    o.energy = true;
    const Ended words = run(history, o);
    EXPECT_THAT(words.out,
                HasSubstr("2027-01-15          1.23        0.50           -        7.00        0.00\n"));
    o.json = true;
    EXPECT_EQ(nlohmann::json::parse(run(history, o).out).at("total").at("charged_kwh"), 1.234);
}

TEST_F(HistoryCommand, ShowsEventsOldestFirstInBothLanguages) {
    EventsOptions o;
    o.file = file_;
    const Ended words = run(events, o);
    EXPECT_EQ(words.code, good) << words.err;
    EXPECT_EQ(words.out,
              "2027-01-15T07:45:00Z    error  the CAN interface is gone, check the cable\n"
              "(clock not set)          info  joined\n");
    o.language = "de";
    o.limit = 1;
    EXPECT_THAT(run(events, o).out, HasSubstr("dabei"));
    o.json = true;
    EXPECT_EQ(nlohmann::json::parse(run(events, o).out).at("code"), "pack_joined");
}

TEST_F(HistoryCommand, ItsExitCodeSaysWhetherThereIsAnything) {
    HistoryOptions o = options();
    EXPECT_EQ(run(history, o).code, good);
    o.from = std::to_string(some_time + 7200);
    o.to = std::to_string(some_time + 10800);
    for (const bool json : {false, true}) {
        o.json = json;
        const Ended nothing = run(history, o);
        EXPECT_EQ(nothing.code, bad);
        EXPECT_THAT(nothing.err, IsEmpty());
    }
    o.energy = true;
    EXPECT_EQ(run(history, o).code, good);

    const std::string empty = folder_.file("empty.db");
    {
        Recording nothing(empty);
    }
    o.file = empty;
    EXPECT_EQ(run(history, o).code, bad);
    EventsOptions e;
    e.file = empty;
    EXPECT_EQ(run(events, e).code, bad);
    e.file = file_;
    EXPECT_EQ(run(events, e).code, good);
}

TEST_F(HistoryCommand, APackThatWasNeverRecordedIsNamedBesideThoseThatWere) {
    HistoryOptions o = options();
    o.series = {"pack.attic.soc_pct", "pack.atic.soc_pct"};
    const Ended ended = run(history, o);
    EXPECT_EQ(ended.code, unable);
    EXPECT_THAT(ended.err, HasSubstr("no pack \"atic\" was ever recorded"));
    EXPECT_THAT(ended.err, HasSubstr("garage, attic"));
    EXPECT_THAT(ended.out, IsEmpty());
    o.series = {"pack.attic.soc_pct"};
    EXPECT_EQ(run(history, o).code, good);
}

TEST_F(HistoryCommand, TakesTheFileFromTheConfiguration) {
    const std::string config = folder_.file("site.toml");
    std::ofstream(config) << "[[pack]]\nport = \"/dev/ttyUSB0\"\nmax_charge_a = 60\nmax_discharge_a = 60\n"
                          << "[history]\nfile = \"" << file_ << "\"\n";
    EventsOptions o;
    o.config = config;
    EXPECT_THAT(run(events, o).out, HasSubstr("joined"));
    std::ofstream(config) << "nonsense";
    EXPECT_EQ(run(events, o).code, unable);
    o.file = folder_.file("none.db");
    const Ended ended = run(events, o);
    EXPECT_EQ(ended.code, unable);
    EXPECT_THAT(ended.err, HasSubstr("none.db"));
    EXPECT_THAT(ended.out, IsEmpty());
}

}  // namespace
}  // namespace jkp::cli
