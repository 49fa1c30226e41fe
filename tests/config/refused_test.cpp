// SPDX-License-Identifier: MIT
// What is refused, and with which words. Each row is one mistake in an otherwise good file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_test_support.hpp"

namespace jkp::config {
namespace {

using namespace testing;
using ::testing::HasSubstr;

struct Mistake {
    const char* text;     // appended to the minimal file, whose last line is 4
    const char* message;  // part of the one error line
};

class Refused : public ::testing::TestWithParam<Mistake> {};

TEST_P(Refused, WithOneErrorThatNamesLineKeyAndWhatIsAllowed) {
    const std::string errors = errors_of(with(GetParam().text));
    EXPECT_THAT(errors, HasSubstr(GetParam().message));
    EXPECT_EQ(std::ranges::count(errors, '\n'), 1) << errors;
}

INSTANTIATE_TEST_SUITE_P(
    Pack, Refused,
    ::testing::Values(
        Mistake{"poll_s = 3\n", "site.toml:5: pack[0].poll_s = 3: must be between 0.25 and 2.5 s"},
        Mistake{"poll_s = nan\n", "pack[0].poll_s = nan: must be a number between 0.25 and 2.5 s"},
        Mistake{"poll_s = inf\n", "must be a number between 0.25 and 2.5 s"},
        Mistake{"cell_count = 2\n", "must be between 3 and 32"},
        Mistake{"cell_count = 16.5\n", "pack[0].cell_count = 16.5: must be a whole number between 3 and 32"},
        Mistake{"capacity_ah = true\n", "must be a number between 5 and 2000 Ah, not true or false"},
        Mistake{"capacity_ah = 2026-01-01\n", "must be a number between 5 and 2000 Ah, not a date or time"},
        Mistake{"name = \"a pack\"\n", "must be a name of letters, digits"},
        Mistake{"name = \"\"\n", "pack[0].name = \"\": must be a name"},
        Mistake{"name = \"a-name-that-is-longer-than-24\"\n", "of 1 to 24 characters"},
        Mistake{"mosfet_sensor = 1\n", "must be true or false, not a whole number"},
        Mistake{"temperature_sensors = []\n", "must be a list of one or more different names"},
        Mistake{"temperature_sensors = [\"t9\"]\n", "\"t1\", \"t2\", \"t3\", \"t4\", \"t5\""},
        Mistake{"temperature_sensors = [\"t1\", \"t1\"]\n", "different names"},
        Mistake{"temperature_sensors = \"t1\"\n", "must be a list"},
        Mistake{"protocol = \"4e58\"\n", "must be one of \"4e57\"; did you mean \"4e57\"?"},
        Mistake{"Port = \"/dev/x\"\n",
                "pack[0].Port = \"/dev/x\": is not a known key; did you mean \"port\"?"},
        Mistake{"fresh_s = 2\n", "is not a key of this table; it belongs to [control.age]"},
        Mistake{"[[pack]]\nport = \"/dev/b\"\nmax_discharge_a = 60\n", "site.toml:5: pack[1].max_charge_a"},
        Mistake{"[bank]\nmax_charge_a = 4000\n", "must be between 1 and 3276.7 A"},
        Mistake{"[control.soc_window]\nwinter_from_month = 13\n", "must be between 1 and 12"},
        Mistake{"[control.resistance]\nfence_shift_v = 0.03\n", "must be between 0 and 0.02 V"}));

INSTANTIATE_TEST_SUITE_P(
    Site, Refused,
    ::testing::Values(
        Mistake{"[can]\nkind = \"slcam\"\n", "did you mean \"slcan\"?"},
        Mistake{"[commands]\nallow = \"pause\"\n",
                "must be a list of some of \"max_charge_a\", \"max_discharge_a\", \"pause\", "},
        Mistake{"[commands]\nallow = [\"max_charge\"]\n", "each once; did you mean \"max_charge_a\"?"},
        Mistake{"[commands]\nallow = [\"pause\", \"pause\"]\n", "must be a list of some of"},
        Mistake{"[commands]\nallow = [true]\n", "must be a list of some of"},
        Mistake{"[can]\nkind = \"cannelloni\"\nremote = \"host\"\n", "must be host:port"},
        Mistake{"[can]\nkind = \"cannelloni\"\nremote = \"host:99999\"\n", "a port between 1 and 65535"},
        Mistake{"[can]\ninterface = \"a-very-long-interface\"\n", "of 1 to 15 characters"},
        Mistake{"[can]\ninterface = \"can 0\"\n", "can.interface = \"can 0\""},
        Mistake{"[can]\nperiod_ms = 100\n", "must be between 200 and 2000 ms"},
        Mistake{"[can]\ninverter_lost = \"ignore\"\n", "must be one of \"report\", \"zero\", \"stop\""},
        Mistake{"[profile]\nname = \"PYLONTECH\"\n", "of 1 to 8 characters"},
        Mistake{"[profile]\nname = \"PYL\\u00f6N\"\n", "a text of ASCII characters"},
        Mistake{"[log]\nlevel = \"warn\"\n", "must be one of \"debug\", \"info\", \"warning\", \"error\""},
        Mistake{"[log]\nfile = \"jk.log\"\n", "must be an absolute path"},
        Mistake{"[log]\nmax_size_kb = 0\n", "must be between 16 and 1048576 kB"},
        Mistake{"[log]\nfiles = -1\n", "log.files = -1: must be between 1 and 100"},
        Mistake{"[state]\nmax_age_h = 0\n", "must be between 1 and 8760 h"},
        Mistake{"[socket]\npath = 5\n", "must be a text, not a whole number"},
        Mistake{"[canbus]\n", "is not a known key"},
        Mistake{"[log.more]\n", "log.more = {}: is not a known key"},
        Mistake{"control = 5\n", "pack[0].control = 5"}));

INSTANTIATE_TEST_SUITE_P(
    Curves, Refused,
    ::testing::Values(
        Mistake{"[control]\npreset = \"smoth\"\n", "did you mean \"smooth\"?"},
        Mistake{"[control]\ncells = 5\n", "control.cells = 5: must be a table: write [control.cells]"},
        Mistake{"[control.curves]\ncharge_by_highest = [[3.4, 1]]\n", "must be a list of 2 to 12 pairs"},
        Mistake{"[control.curves]\ncharge_by_highest = [[3.4, 1], [3.5]]\n",
                "point 2 must be a pair of two numbers"},
        Mistake{"[control.curves]\ncharge_by_highest = [[3.4, 1], [3.5, \"0\"]]\n",
                "must be a pair of two numbers"},
        Mistake{"[control.curves]\ncharge_by_highest = [[3.5, 1], [3.4, 0]]\n",
                "point 2 must be above the one before"},
        Mistake{"[control.curves]\ncharge_by_highest = [[3.4, 2], [3.5, 0]]\n",
                "ends with 2: must be between 0 and 1"},
        Mistake{"[control.curves]\ncharge_by_highest = [[3.4, nan], [3.5, 0]]\n",
                "must be a pair of two numbers"},
        Mistake{"[control.curves]\ncharge_by_highest = [[1.4, 1], [3.5, 0]]\n",
                "begins with 1.4: must be between 2 and 4 V"},
        Mistake{"[control.curves]\ncharge_by_highest = { below_a = 60 }\n",
                "exactly the keys below_a and steps_a"},
        Mistake{"[control.curves]\ncharge_by_highest = { below_a = 900, steps_a = [[3.5, 0]] }\n",
                "below_a must be between 0 and 500 A"},
        Mistake{"[control.curves]\ncharge_by_highest = { below_a = 60, steps_a = [] }\n",
                "steps_a: must be a list of 1 to 12"},
        Mistake{"[control.temperature]\ncharge = { below_a = 1, steps_a = [[1, 0]] }\n",
                "must be a list of 2 to 12 pairs"}));

TEST(Refused, AFileWithoutPacks) {
    EXPECT_EQ(errors_of(""), "site.toml: pack: is missing: at least one [[pack]] is needed\n");
    EXPECT_THAT(errors_of("[pack]\nport = \"/dev/x\"\n"),
                HasSubstr("site.toml:1: pack: is a list of tables: write [[pack]]"));
    EXPECT_THAT(errors_of("pack = []\n"), HasSubstr("at least one [[pack]] is needed"));
    EXPECT_THAT(errors_of("pack = [5]\n"), HasSubstr("pack[0] = 5: must be a table"));
}

TEST(Refused, ASyntaxErrorWithItsLine) {
    EXPECT_THAT(errors_of("[[pack]]\nport = \n"), HasSubstr("site.toml:2: syntax error: "));
    EXPECT_THAT(errors_of(with("poll_s = 1\npoll_s = 2\n")), HasSubstr("site.toml:6: syntax error: "));
}

TEST(Refused, AWrongValueIsNotReportedAgainAsAContradiction) {
    EXPECT_EQ(errors_of(with("[control.cells]\nhard_stop_v = 9\n")),
              "site.toml:6: control.cells.hard_stop_v = 9: must be between 3.4 and 3.65 V\n");
}

TEST(Refused, ControlCharactersInAValueStayOnOneEscapedLine) {
    EXPECT_THAT(errors_of(with("name = \"a\\nb\\u001b[31m\"\n")),
                HasSubstr("= \"a\\x0Ab\\x1B[31m\": must be"));
}

}  // namespace
}  // namespace jkp::config
