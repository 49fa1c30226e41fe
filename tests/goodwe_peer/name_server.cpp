// SPDX-License-Identifier: MIT
#include "goodwe_peer/name_server.hpp"

#include <dlfcn.h>
#include <netdb.h>

#include <cstring>

namespace jkp::test {

NameServer& name_server() {
    static auto& server = *new NameServer;  // a thread may come by at the very end
    return server;
}

}  // namespace jkp::test

// In place of that of the C library, in this program only.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** list) {
    if (node != nullptr && std::strcmp(node, jkp::test::hanging_name) == 0) {
        jkp::test::name_server().hold();
        return EAI_AGAIN;
    }
    using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
    return real(node, service, hints, list);
}
