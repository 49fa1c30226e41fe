// SPDX-License-Identifier: MIT
#include "io/group_socket.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "io/clock.hpp"

namespace jkp::io {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

int set_int(int fd, int level, int option, int value) {
    return ::setsockopt(fd, level, option, &value, sizeof value) == 0 ? 0 : errno;
}

int change_membership(int fd, int option, const std::string& group, unsigned interface) {
    ip_mreqn request{};
    if (::inet_pton(AF_INET, group.c_str(), &request.imr_multiaddr) != 1) return EINVAL;
    request.imr_ifindex = static_cast<int>(interface);
    return ::setsockopt(fd, IPPROTO_IP, option, &request, sizeof request) == 0 ? 0 : errno;
}

bool wanted(const ifaddrs& entry) {
    constexpr unsigned needed = IFF_UP | IFF_MULTICAST;
    return entry.ifa_addr != nullptr && entry.ifa_addr->sa_family == AF_INET &&
           (entry.ifa_flags & needed) == needed && (entry.ifa_flags & IFF_LOOPBACK) == 0;
}

nanoseconds since_epoch(const timespec& time) {
    return seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
}

// The kernel stamps by the wall clock. A step of it between arrival and now would give nonsense; what is left
// of that is an age between 0 and an hour.
TimePoint arrival(const timespec& stamp) {
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME, &wall);
    const auto age =
        std::clamp<nanoseconds>(since_epoch(wall) - since_epoch(stamp), seconds(0), seconds(3600));
    return now() - std::chrono::duration_cast<Duration>(age);
}

std::optional<timespec> stamp_of(msghdr& message) {
    for (cmsghdr* part = CMSG_FIRSTHDR(&message); part != nullptr; part = CMSG_NXTHDR(&message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec stamp{};
        std::memcpy(&stamp, CMSG_DATA(part), sizeof stamp);
        return stamp;
    }
    return std::nullopt;
}

}  // namespace

std::vector<NetworkInterface> multicast_interfaces() {
    std::vector<NetworkInterface> found;
    ifaddrs* list = nullptr;
    if (::getifaddrs(&list) != 0) return found;
    for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
        if (!wanted(*entry)) continue;
        const auto interface = interface_named(entry->ifa_name);
        // An interface is listed once for each of its addresses.
        if (interface && std::ranges::find(found, *interface) == found.end()) found.push_back(*interface);
    }
    ::freeifaddrs(list);
    return found;
}

std::optional<NetworkInterface> interface_named(const std::string& name) {
    const unsigned index = ::if_nametoindex(name.c_str());
    if (index == 0) return std::nullopt;
    return NetworkInterface{name, index};
}

int prepare_group_socket(int fd) {
    if (const int error = set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1); error != 0) return error;
    if (const int error = set_int(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0); error != 0) return error;
    return set_int(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
}

int join_group(int fd, const std::string& group, unsigned interface) {
    const int error = change_membership(fd, IP_ADD_MEMBERSHIP, group, interface);
    return error == EADDRINUSE ? 0 : error;  // joined already
}

int leave_group(int fd, const std::string& group, unsigned interface) {
    return change_membership(fd, IP_DROP_MEMBERSHIP, group, interface);
}

std::optional<Received> receive_stamped(int fd, std::span<std::uint8_t> buffer, int& error) {
    iovec data{buffer.data(), buffer.size()};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control{};
    msghdr message{};
    message.msg_iov = &data;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = ::recvmsg(fd, &message, MSG_DONTWAIT);
    if (size < 0) {
        error = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : errno;
        return std::nullopt;
    }
    const auto stamp = stamp_of(message);
    return Received{static_cast<std::size_t>(size), stamp ? arrival(*stamp) : now()};
}

}  // namespace jkp::io
