// SPDX-License-Identifier: MIT
#include "io/modbus_tcp.hpp"

#include <modbus/modbus.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <condition_variable>
#include <mutex>
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
            modbus_set_byte_timeout(context_.get(), 0, 0) ==
                0 &&  // the other timeout is for the whole answer
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

// Shared by the loop and the thread: whoever is last, deletes it. A name server or a driver may hold the
// thread for long; nobody waits for it.
class ModbusTcp::Worker : public std::enable_shared_from_this<Worker> {
  public:
    struct Task {
        std::uint16_t first = 0;
        std::uint16_t count = 0;
        std::function<void(const Outcome&)> done;  // called on the loop; holds nothing but a weak pointer
    };

    Worker(asio::io_context& loop, ModbusTcpSettings settings)
        : loop_(loop), connection_(std::move(settings)) {}

    void start() {
        std::thread([self = shared_from_this()] { self->work(); }).detach();
    }

    void ask(Task task) {
        const std::lock_guard lock(mutex_);
        task_ = std::move(task);
        wake_.notify_one();
    }
    // Forgets a task that was not begun, and closes the connection as soon as nobody uses it.
    void close() {
        const std::lock_guard lock(mutex_);
        task_.reset();
        closing_ = true;
        wake_.notify_one();
    }
    // Nothing is posted to the loop after it.
    void stop() {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
        wake_.notify_one();
    }

  private:
    void work() {
        std::unique_lock lock(mutex_);
        while (true) {
            wake_.wait(lock, [this] { return stopped_ || closing_ || task_; });
            if (stopped_) return;
            const bool closing = std::exchange(closing_, false);
            const std::optional<Task> task = std::exchange(task_, std::nullopt);
            lock.unlock();
            if (closing) connection_.close();
            std::optional<Outcome> outcome;
            if (task) outcome = connection_.read(task->first, task->count);
            lock.lock();
            if (stopped_) return;
            if (task)
                asio::post(loop_, [done = task->done, outcome = *std::move(outcome)] { done(outcome); });
        }
    }

    asio::io_context& loop_;
    Connection connection_;  // of the thread alone
    std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<Task> task_;
    bool closing_ = false;
    bool stopped_ = false;
};

class ModbusTcp::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& loop, const ModbusTcpSettings& settings)
        : settings_(settings), deadline_(loop), worker_(std::make_shared<Worker>(loop, settings)) {
        worker_->start();
    }
    ~Impl() { worker_->stop(); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void read(std::uint16_t first, std::uint16_t count, Done done) {
        ensure(!done_, "one question at a time");
        done_ = std::move(done);
        const auto finish = [weak = weak_from_this(), generation = generation_](const Outcome& outcome) {
            const auto self = weak.lock();
            if (self && self->generation_ == generation) self->finish(outcome);
        };
        worker_->ask({first, count, finish});
        // The timer also keeps the loop from ending while the answer is under way.
        deadline_.expires_after(2 * settings_.timeout + grace);
        deadline_.async_wait([finish, late = too_late()](const boost::system::error_code& cancelled) {
            if (!cancelled) finish(late);
        });
    }

    void close() {
        forget();
        worker_->close();
    }

  private:
    // The worker tells more, so it comes first if it can.
    static constexpr Duration grace = std::chrono::milliseconds(250);

    // Its own timeouts are over, so it hangs before the connection, or was not through with the last
    // question.
    [[nodiscard]] Outcome too_late() const {
        return failure(ModbusFault{
            ModbusError::unreachable,
            "no Modbus TCP connection to " + settings_.host + ':' + std::to_string(settings_.port) +
                " in time: the name server may not answer; write the address as numbers"});
    }

    Done forget() {
        ++generation_;
        deadline_.cancel();
        return std::exchange(done_, nullptr);
    }
    void finish(const Outcome& outcome) {
        const Done done = forget();
        done(outcome);
    }

    const ModbusTcpSettings settings_;
    asio::steady_timer deadline_;
    Done done_;
    std::uint64_t generation_ = 0;
    std::shared_ptr<Worker> worker_;
};

ModbusTcp::ModbusTcp(asio::io_context& loop, const ModbusTcpSettings& settings)
    : impl_(std::make_shared<Impl>(loop, settings)) {}
ModbusTcp::~ModbusTcp() = default;
void ModbusTcp::read(std::uint16_t first, std::uint16_t count, Done done) {
    impl_->read(first, count, std::move(done));
}
void ModbusTcp::close() {
    impl_->close();
}

}  // namespace jkp::io
