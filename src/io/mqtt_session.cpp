// SPDX-License-Identifier: MIT
#include "io/mqtt_session.hpp"

#include <mqtt_protocol.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "core/ensure.hpp"
#include "io/clock.hpp"
#include "io/credentials.hpp"

namespace jkp::io {
namespace {

constexpr int keep_alive_s = 10;
// Of a broker that speaks MQTT 3.1.1 and of one that speaks 5.
constexpr std::array login_codes{4, 5, 134, 135};
// Server unavailable, busy, quota exceeded, connection rate exceeded: all of them end by themselves.
constexpr std::array passing_codes{3, 136, 137, 151, 159};

MqttError refusal_of(int code) {
    const auto among = [code](const auto& codes) { return std::ranges::find(codes, code) != codes.end(); };
    if (among(login_codes)) return MqttError::login;
    return among(passing_codes) ? MqttError::unavailable : MqttError::refused;
}

std::string system_text(int error) {
    return std::generic_category().message(error);
}

MqttSession& session(void* object) {
    return *static_cast<MqttSession*>(object);
}

// A key with a passphrase must not make the library ask on a terminal.
int no_passphrase(char*, int, int, void*) {
    return 0;
}

std::string_view trimmed(std::string_view text) {
    while (text.ends_with('\n') || text.ends_with(' ')) text.remove_suffix(1);
    return text;
}

}  // namespace

MqttSession::MqttSession(const MqttLibrary& library, const MqttClientSettings& settings, OnMessage on_message)
    : library_(library), settings_(settings), on_message_(std::move(on_message)) {}

MqttSession::~MqttSession() {
    if (mosquitto_ != nullptr) library_.destroy(mosquitto_);
}

void MqttSession::prepare() {
    mosquitto_ = library_.create(settings_.client_id.c_str(), true, this);
    ensure(mosquitto_ != nullptr, "libmosquitto gives a client");
    library_.connect_callback_set(mosquitto_,
                                  [](mosquitto*, void* object, int code, int, const mqtt5__property*) {
                                      session(object).on_connect(code);
                                  });
    library_.publish_callback_set(
        mosquitto_, [](mosquitto*, void* object, int id) { session(object).on_acknowledged(id); });
    library_.subscribe_callback_set(mosquitto_, [](mosquitto*, void* object, int id, int, const int*) {
        session(object).on_acknowledged(id);
    });
    library_.message_callback_set(mosquitto_, [](mosquitto*, void* object, const mosquitto_message* m) {
        const auto* bytes = static_cast<const char*>(m->payload);
        const auto size = static_cast<std::size_t>(m->payloadlen);
        session(object).on_message_(m->topic,
                                    bytes == nullptr ? std::string_view() : std::string_view(bytes, size),
                                    m->retain, now());
    });
    library_.log_callback_set(mosquitto_, [](mosquitto*, void* object, int level, const char* text) {
        if ((level & MOSQ_LOG_ERR) != 0) session(object).log_ = trimmed(text);
    });
}

std::optional<MqttFailure> MqttSession::open(bool only_ipv4) {
    std::string password;
    if (!settings_.password_file.empty()) {
        auto read = read_password(settings_.password_file);
        if (!read) return fault(MqttError::credentials, read.error());
        password = std::move(*read);
    }
    prepare();
    if (auto failed = set_up(password)) return failed;
    const int code = library_.connect_bind_async(mosquitto_, settings_.host.c_str(), settings_.port,
                                                 keep_alive_s, only_ipv4 ? "0.0.0.0" : nullptr);
    const int error = errno;
    opened_ = now();
    heard_ = opened_;
    if (code == MOSQ_ERR_SUCCESS) return std::nullopt;
    // The library leaves the code of getaddrinfo in errno.
    // A broker that wants a certificate may have ended it by now; the library sets EPROTO for faults of TLS
    // only.
    if (code == MOSQ_ERR_ERRNO && error == EPROTO) return ended_early(system_text(error));
    if (code == MOSQ_ERR_EAI) return fault(MqttError::dns, ::gai_strerror(error));
    if (code == MOSQ_ERR_ERRNO) return fault(MqttError::connect, system_text(error));
    return ended(code);
}

std::optional<MqttFailure> MqttSession::set_up(const std::string& password) {
    library_.int_option(mosquitto_, MOSQ_OPT_PROTOCOL_VERSION,
                        settings_.version == MqttVersion::v5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311);
    library_.int_option(mosquitto_, MOSQ_OPT_TCP_NODELAY, 1);
    if (!settings_.username.empty()) {
        library_.username_pw_set(mosquitto_, settings_.username.c_str(),
                                 settings_.password_file.empty() ? nullptr : password.c_str());
    }
    if (const MqttMessage& will = settings_.will; !will.topic.empty()) {
        library_.will_set(mosquitto_, will.topic.c_str(), static_cast<int>(will.payload.size()),
                          will.payload.data(), will.qos, will.retain);
    }
    return settings_.tls ? use_tls() : std::nullopt;
}

std::optional<MqttFailure> MqttSession::use_tls() {
    const auto or_none = [](const std::string& path) { return path.empty() ? nullptr : path.c_str(); };
    const int code = library_.tls_set(
        mosquitto_, or_none(settings_.ca_file), settings_.ca_file.empty() ? "/etc/ssl/certs" : nullptr,
        or_none(settings_.cert_file), or_none(settings_.key_file), no_passphrase);
    if (code == MOSQ_ERR_SUCCESS) return std::nullopt;
    return fault(MqttError::certificate, library_.strerror(code));
}

std::optional<MqttFailure> MqttSession::turn(int wake, std::chrono::milliseconds longest) {
    std::array<pollfd, 2> wait{};
    wait[0].fd = library_.socket(mosquitto_);
    if (wait[0].fd < 0) return ended(MOSQ_ERR_CONN_LOST);
    wait[0].events = POLLIN;
    if (library_.want_write(mosquitto_)) wait[0].events = POLLIN | POLLOUT;
    wait[1].fd = wake;
    wait[1].events = POLLIN;
    const int found = ::poll(wait.data(), wait.size(), static_cast<int>(longest.count()));
    if (found > 0 && wait[0].revents != 0) {
        if (auto failed = socket_fault(wait[0].revents)) return failed;
        int code = MOSQ_ERR_SUCCESS;
        if ((wait[0].revents & (POLLIN | POLLHUP | POLLERR)) != 0) code = library_.loop_read(mosquitto_, 16);
        if (refusal_) return refusal_;
        if (code != MOSQ_ERR_SUCCESS) return ended(code);
        if ((wait[0].revents & POLLOUT) != 0) code = library_.loop_write(mosquitto_, 16);
        if (code != MOSQ_ERR_SUCCESS) return ended(code);
    }
    if (const int code = library_.loop_misc(mosquitto_); code != MOSQ_ERR_SUCCESS) return ended(code);
    return overdue(now());
}

// Before the connection stands, the system's own word is clearer than the library's.
std::optional<MqttFailure> MqttSession::socket_fault(int events) {
    if (connected_) return std::nullopt;
    const int fd = library_.socket(mosquitto_);
    int error = 0;
    socklen_t size = sizeof(error);
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    // The other end heard our first word and did not like it.
    if (error == ECONNRESET || error == EPIPE) return ended_early(system_text(error));
    if (error != 0) return fault(MqttError::connect, system_text(error));
    connected_ = (events & (POLLOUT | POLLIN)) != 0;
    return std::nullopt;
}

std::optional<MqttFailure> MqttSession::overdue(TimePoint now) {
    const auto passed = [&](TimePoint since, std::chrono::milliseconds limit) { return now - since > limit; };
    if (!connected_ && passed(opened_, settings_.connect_timeout)) {
        return fault(MqttError::connect, system_text(ETIMEDOUT));
    }
    if (!ready_ && passed(opened_, settings_.answer_timeout)) return fault(MqttError::silent, "");
    if (ready_ && !acknowledged() && passed(heard_, settings_.answer_timeout)) {
        return fault(MqttError::silent, "");
    }
    return std::nullopt;
}

void MqttSession::on_connect(int code) {
    if (code == 0) {
        ready_ = true;
        heard_ = now();
        return;
    }
    const bool v5 = settings_.version == MqttVersion::v5;
    const std::string why = v5 ? library_.reason_string(code) : library_.connack_string(code);
    refusal_ = fault(refusal_of(code), why);
}

void MqttSession::on_acknowledged(int id) {
    if (unacknowledged_.erase(id) > 0) heard_ = now();
}

MqttFailure MqttSession::ended(int code) const {
    if (code == MOSQ_ERR_TLS || code == MOSQ_ERR_TLS_HANDSHAKE) {
        return fault(MqttError::tls, log_.empty() ? library_.strerror(code) : log_);
    }
    if (!ready_) return ended_early(library_.strerror(code));
    return fault(MqttError::lost, library_.strerror(code));
}

// Without the client certificate that it wants, a broker ends the connection after the handshake.
MqttFailure MqttSession::ended_early(const std::string& why) const {
    if (settings_.tls) return fault(MqttError::tls, why);
    return fault(MqttError::lost,
                 why + "; is this its port for encrypted connections, which need tls = true?");
}

MqttFailure MqttSession::fault(MqttError error, const std::string& why) const {
    return mqtt_failure(error, settings_.broker(), why);
}

void MqttSession::publish(const MqttMessage& message, bool confirmed) {
    if (acknowledged()) heard_ = now();
    const int qos = confirmed ? std::max(message.qos, 1) : message.qos;
    int id = 0;
    const int code =
        library_.publish(mosquitto_, &id, message.topic.c_str(), static_cast<int>(message.payload.size()),
                         message.payload.data(), qos, message.retain);
    if (code == MOSQ_ERR_SUCCESS && qos > 0) unacknowledged_.insert(id);
}

void MqttSession::subscribe(const MqttSubscription& to) {
    if (acknowledged()) heard_ = now();
    int id = 0;
    const int code =
        settings_.version == MqttVersion::v5
            ? library_.subscribe_v5(mosquitto_, &id, to.filter.c_str(), to.qos,
                                    to.as_published ? MQTT_SUB_OPT_RETAIN_AS_PUBLISHED : 0, nullptr)
            : library_.subscribe(mosquitto_, &id, to.filter.c_str(), to.qos);
    if (code == MOSQ_ERR_SUCCESS) unacknowledged_.insert(id);
}

void MqttSession::leave() {
    library_.disconnect(mosquitto_);
}

bool MqttSession::drained() const {
    return library_.socket(mosquitto_) < 0 || !library_.want_write(mosquitto_);
}

}  // namespace jkp::io
