// SPDX-License-Identifier: MIT
// User and password from a file that others cannot read: one that systemd hands over (LoadCredential=) or one
// of the owner's. They are never on a command line, in the configuration, in a log or in an error text.
// Thread: any.
#pragma once

#include <optional>
#include <string>

#include "core/result.hpp"

namespace jkp::io {

struct Credentials {
    std::string user;
    std::string password;
};

// $CREDENTIALS_DIRECTORY/NAME; nullopt when systemd hands nothing over.
std::optional<std::string> credential_path(const std::string& name);

// One line: a token. The same is asked of the file as below.
Result<std::string, std::string> read_token(const std::string& path);

// One line: a password, which may hold spaces and letters of any language.
Result<std::string, std::string> read_password(const std::string& path);

// Two lines: user, password. The file must be a regular one, not readable by others than owner and group
// (mode 0640 or less), and belong to root or to the user who runs this. A group that may read it must be
// root's or one of this process; for root also that of the service, jk-pylon. The error is a sentence with
// the next step.
Result<Credentials, std::string> read_credentials(const std::string& path);

}  // namespace jkp::io
