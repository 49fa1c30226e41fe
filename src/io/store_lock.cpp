// SPDX-License-Identifier: MIT
#include "io/store_lock.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include "io/sqlite.hpp"

namespace jkp::io {
namespace {

constexpr mode_t file_mode = 0640;

// " (process 1234)", or nothing when the file does not say.
std::string holder(int file) {
    std::array<char, 16> text{};
    const ssize_t size = ::pread(file, text.data(), text.size(), 0);
    std::string number;
    for (ssize_t i = 0; i < size; ++i) {
        const char c = text.at(static_cast<std::size_t>(i));
        if (c < '0' || c > '9') break;
        number += c;
    }
    return number.empty() ? number : " (process " + number + ')';
}

}  // namespace

StoreLock::StoreLock(const std::string& path) {
    const std::string name = path + "-lock";
    file_ = FileDescriptor(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, file_mode));
    if (!file_.is_open()) {
        const int code = errno == ENOSPC ? SQLITE_FULL : SQLITE_CANTOPEN;
        throw SqliteError(code, "cannot open " + name + ": " + std::generic_category().message(errno));
    }
    if (::flock(file_.fd(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            throw std::runtime_error(
                "another program" + holder(file_.fd()) +
                " writes into this file. Stop one of the two, or give history.file another "
                "name");
        }
        file_.reset();
        return;
    }
    const std::string text = std::to_string(::getpid()) + '\n';
    // For people only: on a full card the lock holds without it.
    if (::ftruncate(file_.fd(), 0) == 0) (void)!::pwrite(file_.fd(), text.data(), text.size(), 0);
}

}  // namespace jkp::io
