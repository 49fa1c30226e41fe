// SPDX-License-Identifier: MIT
// Runs the tests; with JKP_MUTATION_TRACE also writes to that file, for each test, how long it took and which
// places of the program it reached.
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>

#include "mutation.hpp"

namespace {

class Tracer : public testing::EmptyTestEventListener {
  public:
    explicit Tracer(const char* file) : out_(file) { write("static", 0); }

  private:
    void OnTestStart(const testing::TestInfo&) override {
        std::memset(jkp::mutation::reached, 0, sizeof jkp::mutation::reached);
    }
    void OnTestEnd(const testing::TestInfo& test) override {
        write(std::string(test.test_suite_name()) + "." + test.name(), test.result()->elapsed_time());
    }
    void write(const std::string& name, long long ms) {
        out_ << name << ' ' << ms;
        for (unsigned i = 0; i < jkp::mutation::most_mutants; ++i) {
            if (jkp::mutation::reached[i]) out_ << ' ' << i;
        }
        out_ << '\n';
    }

    std::ofstream out_;
};

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    if (const char* const file = std::getenv("JKP_MUTATION_TRACE")) {
        testing::UnitTest::GetInstance()->listeners().Append(new Tracer(file));
    }
    return RUN_ALL_TESTS();
}
