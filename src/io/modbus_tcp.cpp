// SPDX-License-Identifier: MIT
#include "io/modbus_tcp.hpp"

#include <modbus/modbus.h>

#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <optional>
#include <thread>
#include <utility>

#include "core/ensure.hpp"
#include "io/clock.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using Outcome = ModbusTcp::Outcome;

struct FreeContext {
    void operator()(modbus_t* context) const {
        modbus_close(context);
        modbus_free(context);
    }
};

bool is_exception(int error) {
    return error > MODBUS_ENOBASE && error < EMBBADCRC;
}
bool is_damage(int error) {
    return error >= EMBBADCRC;
}

// Lives on the worker thread.
class Connection {
  public:
    explicit Connection(ModbusTcpSettings settings) : settings_(std::move(settings)) {}

    Outcome read(std::uint16_t first, std::uint16_t count) {
        if (!context_) {
            if (auto fault = connect()) return failure(std::move(*fault));
        }
        std::array<std::uint16_t, MODBUS_MAX_READ_REGISTERS> registers{};
        if (modbus_read_registers(context_.get(), first, count, registers.data()) != count) {
            return failure(fault_of(errno));
        }
        return Stamped<std::vector<std::uint8_t>>{bytes_of(registers.data(), count), io::now()};
    }

    void close() { context_.reset(); }

  private:
    [[nodiscard]] std::string peer() const { return settings_.host + ':' + std::to_string(settings_.port); }

    std::optional<ModbusFault> connect() {
        context_.reset(modbus_new_tcp_pi(settings_.host.c_str(), std::to_string(settings_.port).c_str()));
        const auto micros = settings_.timeout.count();
        const auto seconds = static_cast<std::uint32_t>(micros / 1'000'000);
        const auto rest = static_cast<std::uint32_t>(micros % 1'000'000);
        if (context_ && modbus_set_slave(context_.get(), settings_.unit) == 0 &&
            modbus_set_response_timeout(context_.get(), seconds, rest) == 0 &&
            modbus_set_byte_timeout(context_.get(), seconds, rest) == 0 &&
            modbus_connect(context_.get()) == 0) {
            return std::nullopt;
        }
        const std::string cause = modbus_strerror(errno);
        context_.reset();
        return ModbusFault{ModbusError::unreachable, "no Modbus TCP connection to " + peer() + ": " + cause};
    }

    // An exception is an answer; after anything else a late one could be taken for the next.
    ModbusFault fault_of(int error) {
        const std::string cause = modbus_strerror(error);
        if (is_exception(error)) return {ModbusError::refused, peer() + " refuses the question: " + cause};
        context_.reset();
        if (is_damage(error)) return {ModbusError::damaged, "no good answer from " + peer() + ": " + cause};
        return {ModbusError::silent, "no answer from " + peer() + ": " + cause};
    }

    static std::vector<std::uint8_t> bytes_of(const std::uint16_t* registers, std::size_t count) {
        std::vector<std::uint8_t> bytes;
        bytes.reserve(2 * count);
        for (std::size_t i = 0; i < count; ++i) {
            bytes.push_back(static_cast<std::uint8_t>(registers[i] >> 8));
            bytes.push_back(static_cast<std::uint8_t>(registers[i]));
        }
        return bytes;
    }

    ModbusTcpSettings settings_;
    std::unique_ptr<modbus_t, FreeContext> context_;
};

}  // namespace

// What is posted to the worker touches the connection only, what is posted to the loop the rest.
class ModbusTcp::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& loop, ModbusTcpSettings settings)
        : loop_(loop), connection_(std::move(settings)), thread_([this] { worker_.run(); }) {}

    void read(std::uint16_t first, std::uint16_t count, Done done) {
        ensure(!done_, "one question at a time");
        done_ = std::move(done);
        // The loop must not end while the answer is under way.
        auto alive = std::make_shared<asio::executor_work_guard<asio::io_context::executor_type>>(
            loop_.get_executor());
        asio::post(worker_, [this, first, count, generation = generation_, weak = weak_from_this(), alive] {
            asio::post(loop_, [weak, generation, outcome = connection_.read(first, count)] {
                const auto self = weak.lock();
                if (self && self->generation_ == generation) self->finish(outcome);
            });
        });
    }

    void close() {
        ++generation_;
        done_ = nullptr;
        asio::post(worker_, [this] { connection_.close(); });
    }

    // Called by the owner, on the loop's thread.
    void end() {
        close();
        work_.reset();
        thread_.join();
    }

  private:
    void finish(const Outcome& outcome) {
        ++generation_;
        const Done done = std::exchange(done_, nullptr);
        done(outcome);
    }

    asio::io_context& loop_;
    Connection connection_;
    Done done_;
    std::uint64_t generation_ = 0;
    asio::io_context worker_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_{worker_.get_executor()};
    std::thread thread_;
};

ModbusTcp::ModbusTcp(asio::io_context& loop, ModbusTcpSettings settings)
    : impl_(std::make_shared<Impl>(loop, std::move(settings))) {}
ModbusTcp::~ModbusTcp() {
    impl_->end();
}
void ModbusTcp::read(std::uint16_t first, std::uint16_t count, Done done) {
    impl_->read(first, count, std::move(done));
}
void ModbusTcp::close() {
    impl_->close();
}

}  // namespace jkp::io
