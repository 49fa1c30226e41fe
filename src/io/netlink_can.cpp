// SPDX-License-Identifier: MIT
#include "io/netlink_can.hpp"

#include <linux/can/netlink.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <net/if_arp.h>
#include <netlink/cache.h>
#include <netlink/errno.h>
#include <netlink/route/link.h>
#include <netlink/route/link/can.h>
#include <netlink/socket.h>

#include <memory>

namespace jkp::io {
namespace {

struct Release {
    void operator()(nl_sock* socket) const { nl_socket_free(socket); }
    void operator()(nl_cache* cache) const { nl_cache_free(cache); }
    void operator()(rtnl_link* link) const { rtnl_link_put(link); }
};
using Socket = std::unique_ptr<nl_sock, Release>;
using Cache = std::unique_ptr<nl_cache, Release>;
using Link = std::unique_ptr<rtnl_link, Release>;

Socket connected() {
    Socket socket(nl_socket_alloc());
    if (socket && nl_connect(socket.get(), NETLINK_ROUTE) < 0) socket.reset();
    return socket;
}

Link kernel_link(nl_sock* socket, const std::string& name) {
    rtnl_link* link = nullptr;
    if (rtnl_link_get_kernel(socket, 0, name.c_str(), &link) < 0) return nullptr;
    return Link(link);
}

bool is_can(rtnl_link* link) {
    return rtnl_link_get_arptype(link) == ARPHRD_CAN;
}

CanControllerState controller_state(std::uint32_t raw) {
    switch (raw) {
        case CAN_STATE_ERROR_ACTIVE: return CanControllerState::error_active;
        case CAN_STATE_ERROR_WARNING: return CanControllerState::warning;
        case CAN_STATE_ERROR_PASSIVE: return CanControllerState::passive;
        case CAN_STATE_BUS_OFF: return CanControllerState::bus_off;
        case CAN_STATE_STOPPED: return CanControllerState::stopped;
        default: return CanControllerState::unknown;
    }
}

CanInterface described(rtnl_link* link) {
    CanInterface found;
    found.name = rtnl_link_get_name(link);
    found.index = rtnl_link_get_ifindex(link);
    found.up = (rtnl_link_get_flags(link) & IFF_UP) != 0;
    found.echoes_when_sent = (rtnl_link_get_flags(link) & IFF_ECHO) != 0;
    found.has_controller = rtnl_link_is_can(link) != 0;
    if (!found.has_controller) return found;
    rtnl_link_can_get_bitrate(link, &found.bitrate);
    rtnl_link_can_get_restart_ms(link, &found.restart_ms);
    std::uint32_t state = 0;
    if (rtnl_link_can_state(link, &state) == 0) found.controller = controller_state(state);
    return found;
}

// Applies `change` to an empty request for the interface and sends it. 0 or a negative libnl error.
template <class Change>
int apply(nl_sock* socket, rtnl_link* link, Change change) {
    const Link request(rtnl_link_alloc());
    if (!request) return -NLE_NOMEM;
    if (const int failed = change(request.get()); failed < 0) return failed;
    return rtnl_link_change(socket, link, request.get(), 0);
}

int set_up(nl_sock* socket, rtnl_link* link, bool up) {
    return apply(socket, link, [&](rtnl_link* request) {
        if (up) {
            rtnl_link_set_flags(request, IFF_UP);
        } else {
            rtnl_link_unset_flags(request, IFF_UP);
        }
        return 0;
    });
}

int set_bitrate(nl_sock* socket, rtnl_link* link, std::uint32_t bitrate) {
    return apply(socket, link, [&](rtnl_link* request) {
        const int failed = rtnl_link_set_type(request, "can");
        return failed < 0 ? failed : rtnl_link_can_set_bitrate(request, bitrate);
    });
}

int set_restart(nl_sock* socket, rtnl_link* link, std::uint32_t restart_ms) {
    return apply(socket, link, [&](rtnl_link* request) {
        const int failed = rtnl_link_set_type(request, "can");
        return failed < 0 ? failed : rtnl_link_can_set_restart_ms(request, restart_ms);
    });
}

std::string refused(const std::string& name, const std::string& what, int failed) {
    if (failed == -NLE_PERM || failed == -NLE_NOACCESS)
        return name +
               " may not be configured: give the program CAP_NET_ADMIN, or set manage_interface = false "
               "and bring the interface up at boot";
    return name + ": " + what + " failed: " + nl_geterror(failed);
}

// Bitrate and restart-ms, with the interface taken down for it. What was set is read back: for a driver
// that refuses, libnl tries another kind of request, which succeeds and does nothing.
Result<BringUpNote, std::string> configure(nl_sock* socket, rtnl_link* link, std::uint32_t bitrate,
                                           std::uint32_t restart_ms) {
    const auto before = described(link);
    const auto wish = "setting " + std::to_string(bitrate) + " bit/s";
    if (const int failed = before.up ? set_up(socket, link, false) : 0; failed < 0)
        return failure(refused(before.name, "taking it down", failed));
    if (const int failed = set_bitrate(socket, link, bitrate); failed < 0)
        return failure(refused(before.name, wish, failed));
    const bool restart_refused = set_restart(socket, link, restart_ms) < 0;
    const auto changed = kernel_link(socket, before.name);
    if (!changed) return failure(before.name + " vanished while it was configured");
    const auto after = described(changed.get());
    if (after.bitrate != bitrate) return failure(refused(before.name, wish, -NLE_OPNOTSUPP));
    if (restart_refused || after.restart_ms != restart_ms) return "its driver does not support restart-ms";
    return BringUpNote{};
}

}  // namespace

std::vector<CanInterface> list_can_interfaces() {
    std::vector<CanInterface> found;
    const auto socket = connected();
    nl_cache* raw = nullptr;
    if (!socket || rtnl_link_alloc_cache(socket.get(), AF_UNSPEC, &raw) < 0) return found;
    const Cache cache(raw);
    nl_cache_foreach(
        cache.get(),
        [](nl_object* object, void* list) {
            auto* link = reinterpret_cast<rtnl_link*>(object);
            if (is_can(link)) static_cast<std::vector<CanInterface>*>(list)->push_back(described(link));
        },
        &found);
    return found;
}

std::optional<CanInterface> find_can_interface(const std::string& name) {
    const auto socket = connected();
    if (!socket) return std::nullopt;
    const auto link = kernel_link(socket.get(), name);
    if (!link || !is_can(link.get())) return std::nullopt;
    return described(link.get());
}

std::string missing_can_interface_sentence(const std::string& name) {
    std::string names;
    for (const auto& found : list_can_interfaces()) names += (names.empty() ? "" : ", ") + found.name;
    const auto socket = connected();
    const bool exists = socket && kernel_link(socket.get(), name);
    const auto what = name + (exists ? " is not a CAN interface" : " does not exist");
    if (names.empty())
        return what + "; there is no CAN interface here: plug in the adapter or load the driver of the HAT";
    return what + "; CAN interfaces here: " + names;
}

Result<BringUpNote, std::string> bring_up(const std::string& name, std::uint32_t bitrate,
                                          std::uint32_t restart_ms) {
    const auto socket = connected();
    const auto link = socket ? kernel_link(socket.get(), name) : nullptr;
    if (!link || !is_can(link.get())) return failure(missing_can_interface_sentence(name));
    const auto now = described(link.get());
    if (now.up && (!now.has_controller || now.bitrate == bitrate)) return BringUpNote{};
    BringUpNote note;
    if (now.has_controller) {
        auto configured = configure(socket.get(), link.get(), bitrate, restart_ms);
        if (!configured) return configured;
        note = *configured;
    }
    if (const int failed = set_up(socket.get(), link.get(), true); failed < 0)
        return failure(refused(name, "bringing it up", failed));
    return note;
}

Result<void, std::string> take_down(const std::string& name) {
    const auto socket = connected();
    const auto link = socket ? kernel_link(socket.get(), name) : nullptr;
    if (!link || !is_can(link.get())) return failure(missing_can_interface_sentence(name));
    if (const int failed = set_up(socket.get(), link.get(), false); failed < 0)
        return failure(refused(name, "taking it down", failed));
    return {};
}

}  // namespace jkp::io
