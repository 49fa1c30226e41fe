// SPDX-License-Identifier: MIT
#include "io/mqtt_library.hpp"

#include <dlfcn.h>

#include <map>
#include <mutex>

namespace jkp::io {
namespace {

class Loader {
  public:
    explicit Loader(void* handle) : handle_(handle) {}

    template <class Function>
    void operator()(Function& to, const char* symbol) {
        to = reinterpret_cast<Function>(::dlsym(handle_, symbol));
        if (to == nullptr && missing_.empty()) missing_ = symbol;
    }
    [[nodiscard]] const std::string& missing() const { return missing_; }

  private:
    void* handle_;
    std::string missing_;
};

void load_all(Loader& load, MqttLibrary& library) {
    load(library.create, "mosquitto_new");
    load(library.destroy, "mosquitto_destroy");
    load(library.int_option, "mosquitto_int_option");
    load(library.will_set, "mosquitto_will_set");
    load(library.username_pw_set, "mosquitto_username_pw_set");
    load(library.tls_set, "mosquitto_tls_set");
    load(library.connect_bind_async, "mosquitto_connect_bind_async");
    load(library.disconnect, "mosquitto_disconnect");
    load(library.socket, "mosquitto_socket");
    load(library.want_write, "mosquitto_want_write");
    load(library.loop_read, "mosquitto_loop_read");
    load(library.loop_write, "mosquitto_loop_write");
    load(library.loop_misc, "mosquitto_loop_misc");
    load(library.publish, "mosquitto_publish");
    load(library.subscribe, "mosquitto_subscribe");
    load(library.subscribe_v5, "mosquitto_subscribe_v5");
    load(library.connect_callback_set, "mosquitto_connect_v5_callback_set");
    load(library.publish_callback_set, "mosquitto_publish_callback_set");
    load(library.message_callback_set, "mosquitto_message_callback_set");
    load(library.subscribe_callback_set, "mosquitto_subscribe_callback_set");
    load(library.log_callback_set, "mosquitto_log_callback_set");
    load(library.strerror, "mosquitto_strerror");
    load(library.connack_string, "mosquitto_connack_string");
    load(library.reason_string, "mosquitto_reason_string");
}

Result<MqttLibrary, std::string> load(const std::string& name) {
    void* handle = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
        return failure("MQTT needs the library " + name +
                       ", which is not there. Install it: apt-get install libmosquitto1");
    }
    MqttLibrary library;
    Loader loader(handle);
    load_all(loader, library);
    decltype(&::mosquitto_lib_init) initialise = nullptr;
    loader(initialise, "mosquitto_lib_init");
    if (!loader.missing().empty()) {
        return failure("The library " + name + " has no " + loader.missing() +
                       ": it is too old. Install libmosquitto1 of version 2 or later.");
    }
    if (initialise() != MOSQ_ERR_SUCCESS) return failure("The library " + name + " does not start.");
    return library;
}

}  // namespace

Result<const MqttLibrary*, std::string> mqtt_library(const std::string& name) {
    static std::mutex mutex;
    static std::map<std::string, MqttLibrary> loaded;
    const std::lock_guard lock(mutex);
    if (const auto found = loaded.find(name); found != loaded.end()) return &found->second;
    auto library = load(name);
    if (!library) return failure(library.error());
    return &loaded.emplace(name, *library).first->second;
}

}  // namespace jkp::io
