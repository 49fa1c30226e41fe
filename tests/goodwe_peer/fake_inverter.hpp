// SPDX-License-Identifier: MIT
// A GoodWe on a loopback UDP port that answers by its nature and can be made to misbehave.
#pragma once

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "goodwe/encode_answer.hpp"
#include "io/clock.hpp"

namespace jkp::app {

class FakeInverter {
  public:
    using udp = boost::asio::ip::udp;
    using Datagram = std::vector<std::uint8_t>;

    struct Misbehaviour {
        bool silent = false;
        unsigned lost_requests = 0;            // so many are not answered
        std::optional<Duration> delay;         // of the next answer
        std::optional<Duration> slowness;      // of every answer
        std::optional<Datagram> in_front;      // a datagram sent before each answer
        std::optional<Datagram> glued_before;  // bytes in the same datagram
        std::optional<Datagram> glued_behind;
        std::optional<std::size_t> split_at;  // two datagrams
        bool flip_last_byte = false;
        std::set<goodwe::Question> refused;  // et
        std::set<goodwe::Question> unheard;
    };

    explicit FakeInverter(boost::asio::io_context& loop) : loop_(loop), socket_(loop) { switch_on(); }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    void switch_on() {
        socket_.open(udp::v4());
        socket_.bind({boost::asio::ip::address_v4::loopback(), port_});
        port_ = socket_.local_endpoint().port();
        receive();
    }
    void switch_off() { socket_.close(); }

    goodwe::Family family = goodwe::Family::es;
    goodwe::Readings readings;
    Misbehaviour misbehaviour;
    std::vector<Datagram> requests;
    std::vector<TimePoint> asked_at;  // of each of these

    [[nodiscard]] std::size_t asked(goodwe::Question question) const {
        return static_cast<std::size_t>(std::ranges::count(requests, goodwe::request(question)));
    }

  private:
    void receive() {
        socket_.async_receive_from(boost::asio::buffer(buffer_), sender_,
                                   [this](const boost::system::error_code& failed, std::size_t size) {
                                       if (failed) return;
                                       take(Datagram(buffer_.begin(), buffer_.begin() + size));
                                       receive();
                                   });
    }

    void take(const Datagram& request) {
        requests.push_back(request);
        asked_at.push_back(io::now());
        if (misbehaviour.silent) return;
        if (misbehaviour.lost_requests > 0) {
            --misbehaviour.lost_requests;
            return;
        }
        const auto question = goodwe::question_of(request);
        if (question && misbehaviour.unheard.contains(*question)) return;
        auto answer = goodwe::answer_to(request, family, readings);
        if (!answer) return;
        if (question && misbehaviour.refused.contains(*question)) answer = goodwe::modbus_refusal(2);
        if (const auto delay = std::exchange(misbehaviour.delay, std::nullopt)) {
            return send_later(*answer, sender_, *delay);
        }
        if (misbehaviour.slowness) return send_later(*answer, sender_, *misbehaviour.slowness);
        spoil_and_send(*answer);
    }

    void spoil_and_send(Datagram answer) {
        const Misbehaviour& m = misbehaviour;
        if (m.in_front) send(*m.in_front);
        if (m.flip_last_byte) answer.back() ^= 1;
        if (m.glued_before) answer.insert(answer.begin(), m.glued_before->begin(), m.glued_before->end());
        if (m.glued_behind) answer.insert(answer.end(), m.glued_behind->begin(), m.glued_behind->end());
        if (!m.split_at) return send(answer);
        const auto cut = answer.begin() + static_cast<std::ptrdiff_t>(*m.split_at);
        send(Datagram(answer.begin(), cut));
        send(Datagram(cut, answer.end()));
    }

    void send(const Datagram& datagram) { socket_.send_to(boost::asio::buffer(datagram), sender_); }

    void send_later(const Datagram& datagram, const udp::endpoint& to, Duration delay) {
        auto timer = std::make_shared<boost::asio::steady_timer>(loop_, delay);
        timer->async_wait([this, timer, datagram, to](const boost::system::error_code& failed) {
            if (!failed && socket_.is_open()) socket_.send_to(boost::asio::buffer(datagram), to);
        });
    }

    boost::asio::io_context& loop_;
    udp::socket socket_;
    std::uint16_t port_ = 0;
    udp::endpoint sender_;
    std::array<std::uint8_t, 2048> buffer_{};
};

}  // namespace jkp::app
