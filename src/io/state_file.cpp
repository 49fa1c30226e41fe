// SPDX-License-Identifier: MIT
#include "io/state_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "io/file_descriptor.hpp"

namespace jkp::io {
namespace {

constexpr mode_t file_mode = 0640;
constexpr int kept_aside = 3;  // files that could not be used

std::string cause() {
    return std::generic_category().message(errno);
}

auto cannot(const std::string& what, const std::string& path) {
    return failure("cannot " + what + ' ' + path + ": " + cause());
}

bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

Result<void, std::string> write_temporary(const std::string& path, std::string_view text) {
    ::unlink(path.c_str());  // left behind by a power cut
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file_mode));
    if (!file.is_open()) return cannot("create", path);
    if (!write_all(file.fd(), text)) return cannot("write", path);
    if (::fsync(file.fd()) != 0) return cannot("sync", path);
    return {};
}

// Without this the rename itself may be lost in a power cut.
Result<void, std::string> sync_folder_of(const std::string& path) {
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const std::string name = folder.empty() ? "." : folder;
    const FileDescriptor handle(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle.is_open()) return cannot("open", name);
    if (::fsync(handle.fd()) != 0) return cannot("sync", name);
    return {};
}

}  // namespace

Result<void, std::string> write_state(const std::string& path, std::string_view text) {
    if (text.size() > max_state_bytes) return failure("the state for " + path + " is larger than 64 KiB");
    const std::string temporary = path + ".new";
    if (auto written = write_temporary(temporary, text); !written) {
        ::unlink(temporary.c_str());
        return written;
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        const auto fault = cannot("replace", path);
        ::unlink(temporary.c_str());
        return fault;
    }
    return sync_folder_of(path);
}

Result<std::string, std::string> replace_unusable(const std::string& path, std::string_view text) {
    const auto aside = [&](int number) { return path + ".unusable-" + std::to_string(number); };
    const std::string temporary = path + ".new";
    if (auto written = write_temporary(temporary, text); !written) {
        ::unlink(temporary.c_str());
        return failure(written.error());
    }
    for (int number = kept_aside; number > 1; --number) {
        ::rename(aside(number - 1).c_str(), aside(number).c_str());
    }
    // A link first: with a rename alone a power cut could leave no file at all, which is a first start. Some
    // file systems have no links, and the kernel allows none to the file of somebody else.
    const bool kept =
        ::link(path.c_str(), aside(1).c_str()) == 0 || ::rename(path.c_str(), aside(1).c_str()) == 0;
    if (!kept || ::rename(temporary.c_str(), path.c_str()) != 0) {
        const auto fault = cannot("replace", path);
        ::unlink(temporary.c_str());
        return fault;
    }
    if (auto synced = sync_folder_of(path); !synced) return failure(synced.error());
    return aside(1);
}

Result<std::optional<std::string>, std::string> read_state(const std::string& path) {
    // O_NONBLOCK: a FIFO in its place must not stop the start.
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open() && errno == ENOENT) return std::optional<std::string>();
    if (!file.is_open()) return cannot("open", path);
    struct stat info{};
    if (::fstat(file.fd(), &info) != 0) return cannot("examine", path);
    if (!S_ISREG(info.st_mode)) return failure(path + " is no regular file");
    std::string text(max_state_bytes + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t count = ::read(file.fd(), text.data() + size, text.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return cannot("read", path);
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    if (size > max_state_bytes) return failure(path + " is larger than 64 KiB");
    text.resize(size);
    return std::optional(std::move(text));
}

}  // namespace jkp::io
