// SPDX-License-Identifier: MIT
#include "io/mqtt_fault.hpp"

#include "core/ensure.hpp"

namespace jkp::io {
namespace {

std::string sentence_of(MqttError error, const std::string& broker, const std::string& why) {
    switch (error) {
        case MqttError::library:
        case MqttError::credentials: return why;
        case MqttError::certificate:
            return "A file for the encrypted connection to the broker " + broker + " cannot be used" + why +
                   ". Look at ca_file, cert_file and key_file: PEM, readable by this program, the key "
                   "without "
                   "a passphrase and belonging to the certificate.";
        case MqttError::dns:
            return "The name of the broker " + broker + " has no address" + why +
                   ". Look at the spelling and at the network's name server.";
        case MqttError::connect:
            return "Cannot reach the broker " + broker + why + ". Is it running, and is the port right?";
        case MqttError::tls:
            return "No encrypted connection to the broker " + broker + why +
                   ". Look at the clock of this machine, at the name in the broker's certificate and at "
                   "ca_file; does this port speak TLS, and does the broker ask for cert_file and key_file?";
        case MqttError::login:
            return "The broker " + broker + " refuses user or password" + why +
                   ". Correct username and password_file.";
        case MqttError::refused: return "The broker " + broker + " refuses the connection" + why + ".";
        case MqttError::unavailable:
            return "The broker " + broker + " takes nobody now" + why + ". It is tried again and again.";
        case MqttError::silent:
            return "The broker " + broker + " is connected and does not answer" + why +
                   ". It may be hung or overloaded.";
        case MqttError::lost: return "The broker " + broker + " ended the connection" + why + ".";
    }
    broken("an MqttError of the list", std::source_location::current());
}

}  // namespace

std::string_view name(MqttError error) {
    switch (error) {
        case MqttError::library: return "library";
        case MqttError::credentials: return "credentials";
        case MqttError::certificate: return "certificate";
        case MqttError::dns: return "dns";
        case MqttError::connect: return "connect";
        case MqttError::tls: return "tls";
        case MqttError::login: return "login";
        case MqttError::refused: return "refused";
        case MqttError::unavailable: return "unavailable";
        case MqttError::silent: return "silent";
        case MqttError::lost: return "lost";
    }
    broken("an MqttError of the list", std::source_location::current());
}

MqttFailure mqtt_failure(MqttError error, const std::string& broker, const std::string& why) {
    const bool whole = error == MqttError::library || error == MqttError::credentials;
    return {error, sentence_of(error, broker, whole || why.empty() ? why : " (" + why + ")")};
}

}  // namespace jkp::io
