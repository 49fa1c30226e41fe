// SPDX-License-Identifier: MIT
#include "app/goodwe_line.hpp"

#include <boost/asio/io_context.hpp>
#include <utility>

#include "io/modbus_tcp.hpp"
#include "io/udp_exchange.hpp"

namespace jkp::app {
namespace {

using goodwe::Decoded;
using goodwe::Question;

constexpr std::uint16_t udp_port = 8899;
constexpr std::uint16_t tcp_port = 502;

std::uint16_t port_of(const GoodweAddress& address) {
    return address.port.value_or(address.transport == GoodweTransport::udp ? udp_port : tcp_port);
}

GoodweFault refusal(const goodwe::DecodeFailure& failure) {
    return {GoodweError::refused, goodwe::describe(failure)};
}

// What one datagram means for the question that is open.
class DatagramJudge {
  public:
    explicit DatagramJudge(Question question) : question_(question) {}

    // The answer may be glued to another one, and bytes may follow it.
    io::UdpVerdict judge(Bytes datagram) {
        io::UdpVerdict verdict{io::UdpVerdict::Kind::damaged};
        while (const auto item = goodwe::next_answer(datagram)) {
            if (!item->has_value()) {
                note(verdict, item->error());
            } else if (take(**item)) {
                return {io::UdpVerdict::Kind::answer};
            } else {
                verdict.kind = io::UdpVerdict::Kind::other;
            }
        }
        return verdict;
    }

    std::optional<Result<Decoded, GoodweFault>> found;

  private:
    bool take(const goodwe::Answer& answer) {
        const auto decoded = goodwe::decode(answer);
        const bool asks_modbus = question_ > Question::es_running;
        if (decoded && decoded->question == question_) {
            found = *decoded;
        } else if (!decoded && decoded.error().error == goodwe::DecodeError::refused && asks_modbus) {
            found = failure(refusal(decoded.error()));
        }
        return found.has_value();
    }

    static void note(io::UdpVerdict& verdict, const goodwe::FrameFault& fault) {
        const bool begun = fault.error == goodwe::FrameError::truncated && fault.announced > fault.have;
        if (begun && verdict.kind == io::UdpVerdict::Kind::damaged) {
            verdict = {io::UdpVerdict::Kind::incomplete, fault.announced - fault.have};
        }
    }

    Question question_;
};

GoodweError error_of(io::UdpError error) {
    switch (error) {
        case io::UdpError::unknown_host:
        case io::UdpError::unreachable: return GoodweError::unreachable;
        case io::UdpError::silent: return GoodweError::silent;
        case io::UdpError::no_answer: return GoodweError::no_answer;
    }
    broken("a UdpError of the list", std::source_location::current());
}

class UdpLine final : public GoodweLine {
  public:
    UdpLine(boost::asio::io_context& loop, const GoodweAddress& address)
        : exchange_(loop, {.host = address.host,
                           .port = port_of(address),
                           .timeout = address.timeout,
                           .retries = address.retries}) {}

    void ask(Question question, Done done) override {
        const auto judge = std::make_shared<DatagramJudge>(question);
        exchange_.ask(
            goodwe::request(question), [judge](Bytes datagram) { return judge->judge(datagram); },
            [judge, done = std::move(done)](const auto& outcome) { done(told(*judge, outcome)); });
    }
    void close() override { exchange_.close(); }

    [[nodiscard]] GoodweLineCounters counters() const override {
        const io::UdpCounters& c = exchange_.counters();
        return {.questions = c.questions,
                .answers = c.answers,
                .repeated = c.requests > c.questions ? c.requests - c.questions : 0,
                .late = c.late,
                .other = c.other,
                .damaged = c.damaged};
    }

  private:
    static GoodweOutcome told(const DatagramJudge& judge,
                              const Result<Stamped<std::vector<std::uint8_t>>, io::UdpFault>& outcome) {
        if (!outcome) return failure(GoodweFault{error_of(outcome.error().error), outcome.error().sentence});
        if (!judge.found->has_value()) return failure(judge.found->error());
        return Stamped<Decoded>{**judge.found, outcome->at};
    }

    io::UdpExchange exchange_;
};

GoodweError error_of(io::ModbusError error) {
    switch (error) {
        case io::ModbusError::unreachable: return GoodweError::unreachable;
        case io::ModbusError::silent: return GoodweError::silent;
        case io::ModbusError::damaged: return GoodweError::no_answer;
        case io::ModbusError::refused: return GoodweError::refused;
    }
    broken("a ModbusError of the list", std::source_location::current());
}

class TcpLine final : public GoodweLine {
  public:
    TcpLine(boost::asio::io_context& loop, const GoodweAddress& address)
        : modbus_(loop, {.host = address.host,
                         .port = port_of(address),
                         .unit = goodwe::modbus_unit,
                         .timeout = address.timeout}) {}

    void ask(Question question, Done done) override {
        const goodwe::RegisterBlock block = goodwe::registers_of(question);
        ++counters_.questions;
        modbus_.read(block.first, block.count, [this, done = std::move(done)](const auto& outcome) {
            count(outcome);
            done(told(outcome));
        });
    }
    void close() override { modbus_.close(); }
    [[nodiscard]] GoodweLineCounters counters() const override { return counters_; }

  private:
    void count(const io::ModbusTcp::Outcome& outcome) {
        if (outcome || outcome.error().error == io::ModbusError::refused) {
            ++counters_.answers;
        } else if (outcome.error().error == io::ModbusError::damaged) {
            ++counters_.damaged;
        }
    }

    static GoodweOutcome told(const io::ModbusTcp::Outcome& outcome) {
        if (!outcome) return failure(GoodweFault{error_of(outcome.error().error), outcome.error().sentence});
        const auto decoded = goodwe::decode_et_data(outcome->value);
        if (!decoded) return failure(GoodweFault{GoodweError::no_answer, goodwe::describe(decoded.error())});
        return Stamped<Decoded>{*decoded, outcome->at};
    }

    io::ModbusTcp modbus_;
    GoodweLineCounters counters_;
};

}  // namespace

std::unique_ptr<GoodweLine> make_goodwe_line(boost::asio::io_context& loop, const GoodweAddress& address) {
    if (address.transport == GoodweTransport::tcp) return std::make_unique<TcpLine>(loop, address);
    return std::make_unique<UdpLine>(loop, address);
}

std::string text(const GoodweAddress& address) {
    return address.host + ':' + std::to_string(port_of(address));
}

}  // namespace jkp::app
