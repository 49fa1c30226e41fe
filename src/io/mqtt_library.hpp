// SPDX-License-Identifier: MIT
// libmosquitto, loaded when it is first needed: a program that talks to no broker does not pay for it and for
// what it brings along. Thread: any.
#pragma once

#include <mosquitto.h>

#include <string>

#include "core/result.hpp"

namespace jkp::io {

struct MqttLibrary {
    decltype(&::mosquitto_new) create = nullptr;
    decltype(&::mosquitto_destroy) destroy = nullptr;
    decltype(&::mosquitto_int_option) int_option = nullptr;
    decltype(&::mosquitto_will_set) will_set = nullptr;
    decltype(&::mosquitto_username_pw_set) username_pw_set = nullptr;
    decltype(&::mosquitto_tls_set) tls_set = nullptr;
    decltype(&::mosquitto_connect_bind_async) connect_bind_async = nullptr;
    decltype(&::mosquitto_disconnect) disconnect = nullptr;
    decltype(&::mosquitto_socket) socket = nullptr;
    decltype(&::mosquitto_want_write) want_write = nullptr;
    decltype(&::mosquitto_loop_read) loop_read = nullptr;
    decltype(&::mosquitto_loop_write) loop_write = nullptr;
    decltype(&::mosquitto_loop_misc) loop_misc = nullptr;
    decltype(&::mosquitto_publish) publish = nullptr;
    decltype(&::mosquitto_subscribe) subscribe = nullptr;
    decltype(&::mosquitto_subscribe_v5) subscribe_v5 = nullptr;
    decltype(&::mosquitto_connect_v5_callback_set) connect_callback_set = nullptr;
    decltype(&::mosquitto_publish_callback_set) publish_callback_set = nullptr;
    decltype(&::mosquitto_message_callback_set) message_callback_set = nullptr;
    decltype(&::mosquitto_subscribe_callback_set) subscribe_callback_set = nullptr;
    decltype(&::mosquitto_log_callback_set) log_callback_set = nullptr;
    decltype(&::mosquitto_strerror) strerror = nullptr;
    decltype(&::mosquitto_connack_string) connack_string = nullptr;
    decltype(&::mosquitto_reason_string) reason_string = nullptr;
};

inline constexpr const char* usual_mqtt_library = "libmosquitto.so.1";

// Loaded once and never given back. The error is a sentence with the next step. Another name is for tests.
Result<const MqttLibrary*, std::string> mqtt_library(const std::string& name = usual_mqtt_library);

}  // namespace jkp::io
