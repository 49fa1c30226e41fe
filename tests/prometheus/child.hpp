// SPDX-License-Identifier: MIT
// A program of this machine as a child: with its own input, output in one text, ended by its number.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "io/file_descriptor.hpp"

namespace jkp::testing {

class Child {
  public:
    // `input` is given at once. Empty `arguments` beyond the first are passed as they are.
    explicit Child(const std::vector<std::string>& arguments, const std::string& input = "");
    ~Child();  // ends it
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    // Reads what it says until `end` is in it; false when it ended or the time was over.
    bool says(std::string_view end, std::chrono::seconds patience);
    [[nodiscard]] const std::string& output() const { return output_; }
    // Waits for its end and tells its exit code; absent: it was ended because it took too long.
    std::optional<int> exit_code(std::chrono::seconds patience);

  private:
    bool read_until(std::string_view end, std::chrono::seconds patience);
    pid_t pid_ = -1;
    io::FileDescriptor from_;
    std::string output_;
    bool ended_ = false;
};

// Whether there is such a program.
bool is_installed(const std::string& path);

}  // namespace jkp::testing
