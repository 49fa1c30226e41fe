// SPDX-License-Identifier: MIT
// `jk-pylon simulate` as a person calls it: exit codes and files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "support.hpp"

namespace jkp::scenario::test {
namespace {

using testing::HasSubstr;

class Simulate : public testing::Test {
  protected:
    Simulate() {
        std::string pattern = (std::filesystem::temp_directory_path() / "jkp-simulate-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = pattern;
    }
    ~Simulate() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }
    void file(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }

    // Exit code; both outputs in `output`.
    int call(const std::string& arguments) {
        const std::string line = std::string(JKP_PROGRAM) + " simulate " + arguments + " 2>&1";
        FILE* pipe = popen(line.c_str(), "r");
        if (pipe == nullptr) throw std::runtime_error("cannot start the program");
        output.clear();
        for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
        return WEXITSTATUS(pclose(pipe));
    }

    std::string output;

  private:
    std::filesystem::path folder_;
};

constexpr const char* rises = "[[expect]]\nquantity = \"ccl_a\"\nfrom = \"2min\"\nequals = 60\n";

TEST_F(Simulate, EndsWith0WhenTheExpectationsHoldAnd1WhenOneDoesNot) {
    file("good.toml", with(rises));
    EXPECT_EQ(call(path("good.toml")), 0) << output;
    EXPECT_THAT(output, HasSubstr("OK      ccl_a is 60 from 2min to 5min\nresult: good\n"));

    std::string flipped = with(rises);
    flipped.replace(flipped.find("equals = 60"), 11, "equals = 59");
    file("bad.toml", flipped);
    EXPECT_EQ(call(path("bad.toml")), 1);
    EXPECT_THAT(output, HasSubstr("FAILED  ccl_a is 59 from 2min to 5min: it was 60 after 2min (line 11)\n"));
}

TEST_F(Simulate, EndsWith2WhenTheFileIsWrongOrMissing) {
    EXPECT_EQ(call(path("nowhere.toml")), 2);
    EXPECT_THAT(output, HasSubstr("No such file"));
    file("wrong.toml", with("[[expect]]\nquantity = \"ccl\"\nequals = 1\n"));
    EXPECT_EQ(call(path("wrong.toml")), 2);
    EXPECT_THAT(output, HasSubstr("wrong.toml:12: expect[0].quantity = \"ccl\""));
    EXPECT_EQ(call("--json --quiet " + path("wrong.toml")), 2);
    EXPECT_EQ(call(""), 2);
}

TEST_F(Simulate, EndsWith2WhenAFileCannotBeWritten) {
    file("good.toml", with(rises));
    EXPECT_EQ(call(path("good.toml") + " --csv " + path("no/such/folder.csv")), 2);
    EXPECT_THAT(output, HasSubstr("cannot write"));
}

TEST_F(Simulate, IsQuietOnRequestExceptAboutFailures) {
    file("good.toml", with(rises));
    EXPECT_EQ(call("--quiet " + path("good.toml")), 0);
    EXPECT_EQ(output, "");
}

TEST_F(Simulate, WritesTheRecordAndThePlot) {
    file("good.toml", with(rises));
    ASSERT_EQ(call(path("good.toml") + " --csv " + path("r.csv") + " --plot " + path("r.svg")), 0);
    const std::string csv = contents(path("r.csv"));
    EXPECT_EQ(csv.find("time_s,ccl_a,dcl_a,cvl_v,"), 0U);
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 300 / 10 + 1);
    EXPECT_EQ(contents(path("r.svg")).find("<svg "), 0U);
}

TEST_F(Simulate, TellsEverythingAsJson) {
    file("good.toml", with(rises));
    ASSERT_EQ(call("--json " + path("good.toml")), 0);
    const auto object = nlohmann::json::parse(output);
    EXPECT_EQ(object["ok"], true);
    EXPECT_EQ(object["duration_s"], 300);
    EXPECT_EQ(object["expectations"][0]["demand"], "ccl_a is 60 from 2min to 5min");
    EXPECT_EQ(object["phases"].back()["phase"], "bulk");
}

TEST_F(Simulate, FindsTheConfigurationBesideTheScenario) {
    file("site.toml", "[[pack]]\nport = \"/dev/ttyUSB0\"\nmax_charge_a = 30\nmax_discharge_a = 30\n");
    file("s.toml",
         "[scenario]\ntitle = \"t\"\nduration = \"5min\"\nconfig = \"site.toml\"\n[[wish]]\nat = \"0s\"\n"
         "amps = 10\n[[expect]]\nquantity = \"ccl_a\"\nfrom = \"3min\"\nequals = 30\n");
    EXPECT_EQ(call(path("s.toml")), 0) << output;
}

}  // namespace
}  // namespace jkp::scenario::test
