// SPDX-License-Identifier: MIT
// Chips on a pretend I2C bus: registers that the test sets and the program reads from its own thread.
#pragma once

#include <array>
#include <cerrno>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "app/magnetometer_port.hpp"

namespace jkp::app {

// Shared with the program's thread, which may be the last to let go.
class PretendChips : public std::enable_shared_from_this<PretendChips> {
  public:
    static std::shared_ptr<PretendChips> make() { return std::make_shared<PretendChips>(); }

    void add_hmc(std::uint8_t address = 0x1E) {
        set(address, 0x0A, {'H', '4', '3'});
        set(address, 0x09, {0x01});
    }
    void add_qmc(std::uint8_t address = 0x0D) {
        set(address, 0x0D, {0xFF});
        set(address, 0x06, {0x01});
    }
    void set(std::uint8_t address, std::uint8_t first, const std::vector<std::uint8_t>& values) {
        const std::lock_guard lock(mutex_);
        std::copy(values.begin(), values.end(), chips_[address].begin() + first);
    }
    void set_hmc_field(int x, int y, int z, std::uint8_t address = 0x1E) {
        const auto high = [](int v) { return static_cast<std::uint8_t>((v >> 8) & 0xFF); };
        const auto low = [](int v) { return static_cast<std::uint8_t>(v & 0xFF); };
        set(address, 0x03, {high(x), low(x), high(z), low(z), high(y), low(y)});
    }
    // A living HMC: its x differs by some counts from read to read.
    void set_noise(bool on) {
        const std::lock_guard lock(mutex_);
        noise_ = on;
    }
    void take_away(std::uint8_t address) {
        const std::lock_guard lock(mutex_);
        chips_.erase(address);
    }
    // Every transfer fails with this errno; 0: they work.
    void fail(int errno_value) {
        const std::lock_guard lock(mutex_);
        errno_ = errno_value;
    }
    // Transfers wait until it is let go.
    void hang(bool on) {
        const std::lock_guard lock(mutex_);
        hangs_ = on;
        moved_.notify_all();
    }
    // Waits until a transfer hangs.
    void wait_for_a_hanging_one() {
        std::unique_lock lock(mutex_);
        moved_.wait(lock, [this] { return waiting_ > 0; });
    }
    [[nodiscard]] int opened() const {
        const std::lock_guard lock(mutex_);
        return opened_;
    }
    [[nodiscard]] std::uint8_t at(std::uint8_t address, std::uint8_t number) const {
        const std::lock_guard lock(mutex_);
        return chips_.at(address)[number];
    }

    I2cOpener opener() {
        return [self = shared_from_this()](
                   const std::string& path) -> Result<std::unique_ptr<io::I2cBus>, io::I2cFault> {
            const std::lock_guard lock(self->mutex_);
            ++self->opened_;
            return std::make_unique<Bus>(self, path);
        };
    }

  private:
    class Bus final : public io::I2cBus {
      public:
        Bus(std::shared_ptr<PretendChips> chips, std::string path)
            : chips_(std::move(chips)), path_(std::move(path)) {}
        Result<void, io::I2cFault> read(std::uint8_t address, std::uint8_t first,
                                        std::span<std::uint8_t> to) override {
            return chips_->transfer(path_, address, [&](std::array<std::uint8_t, 256>& registers) {
                if (chips_->noise_ && first == 0x03) {
                    const int next = (registers[0x04] & 0xF8) | ((registers[0x04] + 1) & 0x07);
                    registers[0x04] = static_cast<std::uint8_t>(next);
                }
                std::copy_n(registers.begin() + first, to.size(), to.begin());
            });
        }
        Result<void, io::I2cFault> write(std::uint8_t address, std::uint8_t at, std::uint8_t value) override {
            return chips_->transfer(path_, address, [&](auto& registers) { registers[at] = value; });
        }

      private:
        std::shared_ptr<PretendChips> chips_;
        std::string path_;
    };

    template <class Act>
    Result<void, io::I2cFault> transfer(const std::string& path, std::uint8_t address, Act act) {
        std::unique_lock lock(mutex_);
        ++waiting_;
        moved_.notify_all();
        moved_.wait(lock, [this] { return !hangs_; });
        --waiting_;
        if (errno_ != 0) return failure(io::i2c_transfer_fault(path, address, errno_));
        const auto chip = chips_.find(address);
        if (chip == chips_.end()) return failure(io::i2c_transfer_fault(path, address, ENXIO));
        act(chip->second);
        return {};
    }

    mutable std::mutex mutex_;
    std::condition_variable moved_;
    std::map<std::uint8_t, std::array<std::uint8_t, 256>> chips_;
    bool noise_ = true;
    bool hangs_ = false;
    int waiting_ = 0;
    int errno_ = 0;
    int opened_ = 0;
};

}  // namespace jkp::app
