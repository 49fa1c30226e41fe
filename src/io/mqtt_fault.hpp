// SPDX-License-Identifier: MIT
// Why there is no connection to a broker. The sentences are for the owner and for the log; they name host and
// port, what happened and the next step, and never hold a password.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jkp::io {

enum class MqttError : std::uint8_t {
    library,      // libmosquitto is not installed
    credentials,  // the file with the password cannot be used
    certificate,  // a file of TLS cannot be used
    dns,          // the name has no address
    connect,      // nobody listens, or no way there
    tls,          // no trust, or no common encryption
    login,        // user or password refused
    refused,      // the broker refuses for another reason
    unavailable,  // it refuses for now: it starts, is too busy, or has too many clients
    silent,       // it is connected and does not answer
    lost,         // the connection broke
};
inline constexpr std::size_t mqtt_error_count = 11;
std::string_view name(MqttError error);

struct MqttFailure {
    MqttError error = MqttError::lost;
    std::string sentence;
};

// `broker` is "host:port"; `why` is what the system or the library says, may be empty.
MqttFailure mqtt_failure(MqttError error, const std::string& broker, const std::string& why);

}  // namespace jkp::io
