// SPDX-License-Identifier: MIT
#include "io/credentials.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <vector>

#include "io/file_descriptor.hpp"

namespace jkp::io {
namespace {

constexpr std::size_t max_bytes = 1024;
constexpr mode_t allowed_mode = 0640;
constexpr const char* service_group = "jk-pylon";  // packaging/jk-pylon.sysusers.conf

// What a file holds, in words.
struct Form {
    std::string_view what;
    std::string_view lines;
};
constexpr Form account{"user and password", "two lines in it: the user, the password"};
constexpr Form only_password{"a password", "one line in it: the password"};
constexpr Form token{"a token", "one line in it: the token"};

std::string open_fault(const std::string& path, const Form& form, int error) {
    if (error == ENOENT) {
        return "There is no file " + path + " with " + std::string(form.what) +
               ". Create it with mode 0600 and " + std::string(form.lines) + ".";
    }
    if (error == EACCES) {
        return "No permission to read " + path +
               ". It must belong to the user who runs this program, or to its group with mode 0640.";
    }
    return "Cannot read " + path + " with " + std::string(form.what) + ": " +
           std::generic_category().message(error) + ".";
}

std::string octal(mode_t mode) {
    std::array<char, 8> text{};
    std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode));
    return text.data();
}

bool is_service_group(gid_t group) {
    std::array<char, 4096> buffer{};
    struct group entry{};
    struct group* found = nullptr;
    const int error = ::getgrnam_r(service_group, &entry, buffer.data(), buffer.size(), &found);
    return error == 0 && found != nullptr && found->gr_gid == group;
}

// Root's, because systemd shows the right it gives a user by an access list as one of this group; those of
// this process; and for root, who tries what the service will read, that of the service.
bool is_trusted(gid_t group) {
    if (group == 0 || group == ::getegid()) return true;
    std::vector<gid_t> groups(static_cast<std::size_t>(std::max(::getgroups(0, nullptr), 0)));
    const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
    groups.resize(static_cast<std::size_t>(std::max(count, 0)));
    if (std::ranges::find(groups, group) != groups.end()) return true;
    return ::geteuid() == 0 && is_service_group(group);
}

// Why the file cannot be trusted with a password; empty = it can.
std::string file_fault(const std::string& path, const struct stat& file) {
    if (!S_ISREG(file.st_mode)) return path + " is no regular file; secrets are read from a file.";
    const mode_t mode = file.st_mode & 07777U;
    if ((mode & ~allowed_mode) != 0) {
        return path + " holds a password and has mode " + octal(mode) +
               ", which lets others read or change it. Run chmod 600 " + path +
               ", and change the password if others use this machine.";
    }
    if (file.st_uid != 0 && file.st_uid != ::geteuid()) {
        return path + " holds a password and belongs to user id " + std::to_string(file.st_uid) +
               ". It must belong to root or to the user who runs this program.";
    }
    if ((mode & S_IRGRP) != 0 && !is_trusted(file.st_gid)) {
        return path + " holds a password, and mode " + octal(mode) + " lets group id " +
               std::to_string(file.st_gid) + " read it, which is no group of this program. Run chmod 600 " +
               path +
               ", or chgrp to a group of the user who runs it, and change the password if others use "
               "this machine.";
    }
    return {};
}

// Up to one byte more than allowed; nullopt with errno set when it cannot be read.
std::optional<std::string> read_all(int fd) {
    std::string text(max_bytes + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const ssize_t got = ::read(fd, text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    text.resize(size);
    return text;
}

std::string take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return std::string(line);
}

Result<Credentials, std::string> parsed(const std::string& path, std::string_view text) {
    const std::string form = path + " must hold two lines, the user and the password";
    if (text.size() > max_bytes)
        return failure(form + "; it is longer than " + std::to_string(max_bytes) + " bytes.");
    if (text.find('\0') != std::string_view::npos) return failure(form + "; it holds binary data.");
    Credentials credentials;
    credentials.user = take_line(text);
    credentials.password = take_line(text);
    if (credentials.user.empty()) return failure(form + "; the first line is empty.");
    if (credentials.password.empty()) return failure(form + "; the second line is missing or empty.");
    if (text.find_first_not_of(" \t\r\n") != std::string_view::npos)
        return failure(form + "; it holds more.");
    return credentials;
}

Result<std::string, std::string> read_protected(const std::string& path, const Form& form) {
    // Not blocking: a pipe in place of the file must not hold the program.
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) return failure(open_fault(path, form, errno));
    struct stat status{};
    if (::fstat(file.fd(), &status) != 0) return failure(open_fault(path, form, errno));
    if (std::string fault = file_fault(path, status); !fault.empty()) return failure(std::move(fault));
    auto text = read_all(file.fd());
    if (!text) return failure(open_fault(path, form, errno));
    return std::move(*text);
}

}  // namespace

std::optional<std::string> credential_path(const std::string& name) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr || *folder == '\0') return std::nullopt;
    return std::string(folder) + '/' + name;
}

Result<Credentials, std::string> read_credentials(const std::string& path) {
    const auto text = read_protected(path, account);
    if (!text) return failure(text.error());
    return parsed(path, *text);
}

Result<std::string, std::string> read_password(const std::string& path) {
    const auto text = read_protected(path, only_password);
    if (!text) return failure(text.error());
    std::string_view rest = *text;
    std::string line = take_line(rest);
    const bool printable =
        std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) >= ' '; });
    if (line.empty() || !printable || text->size() > max_bytes ||
        rest.find_first_not_of(" \t\r\n") != std::string_view::npos) {
        return failure(path + " must hold one line, the password, and nothing else.");
    }
    return line;
}

Result<std::string, std::string> read_token(const std::string& path) {
    const auto text = read_protected(path, token);
    if (!text) return failure(text.error());
    std::string_view rest = *text;
    std::string line = take_line(rest);
    const bool visible = std::ranges::all_of(line, [](char c) { return c > ' ' && c < 0x7F; });
    if (line.empty() || !visible || text->size() > max_bytes ||
        rest.find_first_not_of(" \t\r\n") != std::string_view::npos) {
        return failure(path + " must hold one line, the token, and nothing else.");
    }
    return line;
}

}  // namespace jkp::io
