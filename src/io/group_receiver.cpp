// SPDX-License-Identifier: MIT
#include "io/group_receiver.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "io/can_guard.hpp"
#include "io/group_socket.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

constexpr int datagrams_per_turn = 512;  // a flood must not keep the loop from its other work
constexpr std::size_t longest_datagram = 2048;

error_code from_errno(int number) {
    return {number, boost::system::system_category()};
}

}  // namespace

class GroupReceiver::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& loop, GroupReceiverSettings settings, GroupReceiverHandlers handlers)
        : settings_(std::move(settings)), handlers_(std::move(handlers)), timer_(loop), socket_(loop) {}

    void start() {
        if (running_) return;
        running_ = true;
        asio::post(timer_.get_executor(), guard_([self = shared_from_this()] { self->look(); }));
    }

    void stop() {
        running_ = false;
        guard_.renew();
        timer_.cancel();
        drop();
        state_ = GroupReceiverState::closed;
        sentence_.clear();
    }

    void rejoin() {
        std::erase_if(joined_, [this](const NetworkInterface& each) {
            leave_group(socket_.native_handle(), settings_.group, each.index);
            return join_group(socket_.native_handle(), settings_.group, each.index) != 0;
        });
    }

    [[nodiscard]] GroupReceiverState state() const { return state_; }
    [[nodiscard]] const std::vector<NetworkInterface>& joined() const { return joined_; }
    [[nodiscard]] std::uint16_t port() const {
        error_code none;
        return socket_.is_open() ? socket_.local_endpoint(none).port() : std::uint16_t{0};
    }

  private:
    void look();
    [[nodiscard]] error_code open();
    void join_all();
    void join(const NetworkInterface& interface);
    void tell_joined();
    void change(GroupReceiverState state, const std::string& sentence);
    void wait_readable();
    void read_all();
    void drop();
    [[nodiscard]] std::string where() const { return "UDP port " + std::to_string(settings_.port); }

    GroupReceiverSettings settings_;
    GroupReceiverHandlers handlers_;
    asio::steady_timer timer_;
    udp::socket socket_;
    CanGuard guard_;
    bool running_ = false;
    GroupReceiverState state_ = GroupReceiverState::closed;
    std::string sentence_;
    std::vector<NetworkInterface> joined_;
    error_code last_refusal_;
    std::array<std::uint8_t, longest_datagram> buffer_{};
};

// Again and again: opens what is closed, joins what has come.
void GroupReceiver::Impl::look() {
    timer_.expires_after(settings_.look_period);
    timer_.async_wait(guard_([self = shared_from_this()](const error_code& error) {
        if (!error) self->look();
    }));
    if (!socket_.is_open()) {
        if (const error_code failed = open()) {
            drop();
            return change(GroupReceiverState::failed,
                          "cannot listen at " + where() + ": " + failed.message() +
                              "; look for another program that uses the port: ss -ulpn");
        }
        wait_readable();
    }
    join_all();
    tell_joined();
}

error_code GroupReceiver::Impl::open() {
    error_code failed;
    socket_.open(udp::v4(), failed);
    if (failed) return failed;
    if (const int error = prepare_group_socket(socket_.native_handle()); error != 0) return from_errno(error);
    // Any address: bound to one of this machine, multicast would not arrive; bound to the group, nothing
    // else.
    socket_.bind({asio::ip::address_v4::any(), settings_.port}, failed);
    return failed;
}

void GroupReceiver::Impl::join_all() {
    std::erase_if(joined_, [](const NetworkInterface& each) { return interface_named(each.name) != each; });
    last_refusal_ = {};
    if (settings_.interface.empty()) {
        for (const NetworkInterface& each : multicast_interfaces()) join(each);
    } else if (const auto named = interface_named(settings_.interface)) {
        join(*named);
    } else {
        last_refusal_ = from_errno(ENODEV);
    }
}

void GroupReceiver::Impl::join(const NetworkInterface& interface) {
    if (std::ranges::find(joined_, interface) != joined_.end()) return;
    const int error = join_group(socket_.native_handle(), settings_.group, interface.index);
    if (error == 0) {
        joined_.push_back(interface);
    } else {
        last_refusal_ = from_errno(error);
    }
}

void GroupReceiver::Impl::tell_joined() {
    if (joined_.empty()) {
        const std::string which = settings_.interface.empty()
                                      ? "no network interface with multicast is up"
                                      : "interface " + settings_.interface + " cannot be used yet";
        const std::string why = last_refusal_ ? " (" + last_refusal_.message() + ")" : "";
        return change(GroupReceiverState::waiting, which + why + "; it is looked for again: ip -br address");
    }
    std::string names;
    for (const NetworkInterface& each : joined_) names += (names.empty() ? "" : ", ") + each.name;
    change(GroupReceiverState::joined, "listening to " + settings_.group + " at " + where() + " on " + names);
}

void GroupReceiver::Impl::change(GroupReceiverState state, const std::string& sentence) {
    if (state == state_ && sentence == sentence_) return;
    state_ = state;
    sentence_ = sentence;
    if (handlers_.on_state) handlers_.on_state(state, sentence);
}

void GroupReceiver::Impl::wait_readable() {
    socket_.async_wait(udp::socket::wait_read, guard_([self = shared_from_this()](const error_code& error) {
                           if (!error) self->read_all();
                       }));
}

void GroupReceiver::Impl::read_all() {
    int error = 0;
    bool any = false;
    for (int i = 0; i < datagrams_per_turn && socket_.is_open(); ++i) {
        const auto received = receive_stamped(socket_.native_handle(), buffer_, error);
        if (!received) break;
        any = true;
        handlers_.on_datagram(Bytes(buffer_).first(received->size), received->at);
    }
    if (any && handlers_.on_drained) handlers_.on_drained();
    if (!socket_.is_open()) return;
    if (error == 0) return wait_readable();
    drop();  // opened again at the next look
    change(GroupReceiverState::failed, "receiving at " + where() + " failed: " + from_errno(error).message());
}

void GroupReceiver::Impl::drop() {
    error_code ignored;
    if (socket_.is_open()) socket_.close(ignored);
    joined_.clear();
}

GroupReceiver::GroupReceiver(asio::io_context& loop, GroupReceiverSettings settings,
                             GroupReceiverHandlers handlers)
    : impl_(std::make_shared<Impl>(loop, std::move(settings), std::move(handlers))) {}
GroupReceiver::~GroupReceiver() {
    impl_->stop();
}

void GroupReceiver::start() {
    impl_->start();
}
void GroupReceiver::stop() {
    impl_->stop();
}
void GroupReceiver::rejoin() {
    impl_->rejoin();
}
GroupReceiverState GroupReceiver::state() const {
    return impl_->state();
}
std::uint16_t GroupReceiver::port() const {
    return impl_->port();
}
std::vector<std::string> GroupReceiver::interfaces() const {
    std::vector<std::string> names;
    for (const NetworkInterface& each : impl_->joined()) names.push_back(each.name);
    return names;
}

}  // namespace jkp::io
