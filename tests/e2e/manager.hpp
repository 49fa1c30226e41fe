// SPDX-License-Identifier: MIT
// A datagram socket in the place of the service manager.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jkp::e2e {

class Manager {
  public:
    explicit Manager(const std::string& path);  // NOTIFY_SOCKET
    ~Manager();
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;

    // How many messages so far hold this text.
    std::size_t count(std::string_view text);

  private:
    int fd_;
    std::vector<std::string> messages_;
};

}  // namespace jkp::e2e
