// SPDX-License-Identifier: MIT
// The far end of a serial port: what an adapter would be.
#pragma once

#include <filesystem>
#include <string>

namespace jkp::io {

class Pty {
  public:
    Pty();
    ~Pty() { unplug(); }
    Pty(const Pty&) = delete;
    Pty& operator=(const Pty&) = delete;

    [[nodiscard]] const std::string& path() const { return path_; }
    void write(const std::string& bytes) const;
    // What has arrived since the last call; does not wait.
    std::string read() const;
    void unplug();

  private:
    int master_ = -1;
    std::string path_;
};

// A new empty directory, removed with all its files at the end.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

}  // namespace jkp::io
