// SPDX-License-Identifier: MIT
#include "io/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "io/file_descriptor.hpp"

namespace jkp::io {
namespace {

using Outcome = Result<void, std::string>;

Outcome cannot(const std::string& what, const std::string& path, int errno_value = errno) {
    return failure("cannot " + what + ' ' + path + ": " + std::generic_category().message(errno_value));
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

// The owner before the mode: fchown clears bits of the mode.
Outcome write_beside(const std::string& path, std::string_view text, const struct stat& like) {
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.is_open()) return cannot("create", path);
    const bool foreign = like.st_uid != ::geteuid() || like.st_gid != ::getegid();
    if (foreign && ::fchown(file.fd(), like.st_uid, like.st_gid) != 0)
        return cannot("keep the owner of", path);
    if (::fchmod(file.fd(), like.st_mode & 07777) != 0) return cannot("keep the mode of", path);
    if (!write_all(file.fd(), text)) return cannot("write", path);
    if (::fsync(file.fd()) != 0) return cannot("sync", path);
    return {};
}

// Without this the rename itself may be lost in a power cut.
Outcome sync_folder(const std::string& folder) {
    const FileDescriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle.is_open()) return cannot("open", folder);
    if (::fsync(handle.fd()) != 0) return cannot("sync", folder);
    return {};
}

}  // namespace

Outcome replace_file(const std::string& path, std::string_view text) {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::canonical(path, error);
    if (error) return cannot("find", path, error.value());
    struct stat info{};
    if (::stat(target.c_str(), &info) != 0) return cannot("examine", path);
    if (!S_ISREG(info.st_mode)) return failure(path + " is no regular file");
    const std::string temporary = target.string() + ".jk-pylon.new";
    ::unlink(temporary.c_str());  // left behind by a power cut
    Outcome done = write_beside(temporary, text, info);
    if (done && ::rename(temporary.c_str(), target.c_str()) != 0) done = cannot("replace", path);
    if (!done) {
        ::unlink(temporary.c_str());
        return done;
    }
    return sync_folder(target.parent_path().string());
}

}  // namespace jkp::io
