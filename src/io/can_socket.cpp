// SPDX-License-Identifier: MIT
#include "io/can_socket.hpp"

#include <linux/can.h>
#include <linux/can/error.h>
#include <linux/can/raw.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "io/can_filter.hpp"

namespace jkp::io {
namespace {

template <class Value>
bool set(int socket, int level, int option, const Value& value) {
    return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

can_filter kernel_filter(const CanFilter& filter) {
    can_filter raw{};
    raw.can_id = filter.id | (filter.extended ? CAN_EFF_FLAG : 0U);
    raw.can_mask = filter.mask | CAN_EFF_FLAG | CAN_RTR_FLAG;
    return raw;
}

bool set_filters(int socket) {
    std::array<can_filter, can_filters.size()> raw{};
    std::transform(can_filters.begin(), can_filters.end(), raw.begin(), kernel_filter);
    return set(socket, SOL_CAN_RAW, CAN_RAW_FILTER, raw);
}

bool prepare(int socket, bool receive_all) {
    // No CAN_ERR_BUSERROR, CAN_ERR_PROT or CAN_ERR_ACK: one per frame and more on a broken bus.
    const can_err_mask_t errors =
        CAN_ERR_TX_TIMEOUT | CAN_ERR_CRTL | CAN_ERR_TRX | CAN_ERR_BUSOFF | CAN_ERR_RESTARTED;
    const int on = 1;
    // Room for one burst (about 770 bytes of kernel memory a frame, doubled by the kernel): what waits
    // longer than that is an old limit.
    const int send_buffer_bytes = 4096;
    return set(socket, SOL_CAN_RAW, CAN_RAW_ERR_FILTER, errors) &&
           set(socket, SOL_CAN_RAW, CAN_RAW_RECV_OWN_MSGS, on) &&
           set(socket, SOL_SOCKET, SO_SNDBUF, send_buffer_bytes) && (receive_all || set_filters(socket));
}

bool bind_to(int socket, int interface_index) {
    sockaddr_can address{};
    address.can_family = AF_CAN;
    address.can_ifindex = interface_index;
    return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

CanReceived received(const can_frame& raw, int flags) {
    CanReceived input;
    std::array<std::uint8_t, 8> data{};
    std::copy_n(raw.data, data.size(), data.begin());
    if ((raw.can_id & CAN_ERR_FLAG) != 0) {
        input.kind = CanInput::error;
        input.error = read_error_frame(raw.can_id, data);
    } else if ((flags & MSG_CONFIRM) != 0) {
        input.kind = CanInput::echo;
    } else if ((raw.can_id & CAN_RTR_FLAG) != 0) {
        input.kind = CanInput::other;
    } else {
        input.kind = CanInput::frame;
        input.frame.extended = (raw.can_id & CAN_EFF_FLAG) != 0;
        input.frame.id = raw.can_id & (input.frame.extended ? CAN_EFF_MASK : CAN_SFF_MASK);
        input.frame.size = std::min<std::uint8_t>(raw.can_dlc, 8);
        input.frame.data = data;
    }
    return input;
}

}  // namespace

CanErrorReport read_error_frame(std::uint32_t id, const std::array<std::uint8_t, 8>& data) {
    CanErrorReport report;
    report.bus_off = (id & CAN_ERR_BUSOFF) != 0;
    report.restarted = (id & CAN_ERR_RESTARTED) != 0;
    report.error_passive =
        (id & CAN_ERR_CRTL) != 0 && (data[1] & (CAN_ERR_CRTL_RX_PASSIVE | CAN_ERR_CRTL_TX_PASSIVE)) != 0;
    return report;
}

Result<int, int> open_can_socket(int interface_index, bool receive_all) {
    const int socket = ::socket(PF_CAN, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, CAN_RAW);
    if (socket < 0) return failure(errno);
    if (prepare(socket, receive_all) && bind_to(socket, interface_index)) return socket;
    const int code = errno;
    ::close(socket);
    return failure(code);
}

CanReceived receive_can(int socket) {
    can_frame raw{};
    iovec place{&raw, sizeof raw};
    msghdr message{};
    message.msg_iov = &place;
    message.msg_iovlen = 1;
    const auto size = ::recvmsg(socket, &message, MSG_DONTWAIT);
    if (size == static_cast<ssize_t>(sizeof raw)) return received(raw, message.msg_flags);
    if (size >= 0) return {.kind = CanInput::other, .frame = {}, .error = {}, .code = 0};
    if (errno == EAGAIN || errno == EINTR) return {};
    return {.kind = CanInput::lost, .frame = {}, .error = {}, .code = errno};
}

CanWrite send_can(int socket, const CanFrame& frame) {
    can_frame raw{};
    raw.can_id = frame.id | (frame.extended ? CAN_EFF_FLAG : 0U);
    raw.can_dlc = frame.size;
    std::copy(frame.data.begin(), frame.data.end(), std::begin(raw.data));
    if (::send(socket, &raw, sizeof raw, MSG_DONTWAIT) == static_cast<ssize_t>(sizeof raw))
        return CanWrite::taken;
    return errno == EAGAIN || errno == ENOBUFS || errno == EINTR ? CanWrite::full : CanWrite::lost;
}

}  // namespace jkp::io
