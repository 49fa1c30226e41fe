// SPDX-License-Identifier: MIT
#include "io/i2c_bus.hpp"

#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>

#include "core/ensure.hpp"
#include "io/file_descriptor.hpp"

namespace jkp::io {
namespace {

constexpr unsigned long needed = I2C_FUNC_SMBUS_READ_I2C_BLOCK | I2C_FUNC_SMBUS_WRITE_BYTE_DATA;

class KernelI2cBus final : public I2cBus {
  public:
    KernelI2cBus(std::string path, FileDescriptor file) : path_(std::move(path)), file_(std::move(file)) {}

    Result<void, I2cFault> read(std::uint8_t address, std::uint8_t first,
                                std::span<std::uint8_t> to) override {
        ensure(!to.empty() && to.size() <= I2C_SMBUS_BLOCK_MAX, "an I2C block of 1 to 32 bytes");
        i2c_smbus_data data{};
        data.block[0] = static_cast<std::uint8_t>(to.size());
        if (auto done = transfer(address, {I2C_SMBUS_READ, first, I2C_SMBUS_I2C_BLOCK_DATA, &data}); !done)
            return done;
        if (data.block[0] != to.size()) return failure(i2c_transfer_fault(path_, address, EIO));
        std::copy_n(data.block + 1, to.size(), to.begin());
        return {};
    }

    Result<void, I2cFault> write(std::uint8_t address, std::uint8_t at, std::uint8_t value) override {
        i2c_smbus_data data{};
        data.byte = value;
        return transfer(address, {I2C_SMBUS_WRITE, at, I2C_SMBUS_BYTE_DATA, &data});
    }

  private:
    Result<void, I2cFault> transfer(std::uint8_t address, i2c_smbus_ioctl_data call) {
        const bool done = ioctl(file_.fd(), I2C_SLAVE, static_cast<unsigned long>(address)) == 0 &&
                          ioctl(file_.fd(), I2C_SMBUS, &call) == 0;
        if (!done) return failure(i2c_transfer_fault(path_, address, errno));
        return {};
    }

    std::string path_;
    FileDescriptor file_;
};

}  // namespace

Result<std::unique_ptr<I2cBus>, I2cFault> open_i2c_bus(const std::string& path) {
    // O_NONBLOCK: a FIFO in its place must not stop the caller.
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) return failure(i2c_open_fault(path, errno));
    unsigned long functions = 0;
    if (ioctl(file.fd(), I2C_FUNCS, &functions) != 0) return failure(i2c_open_fault(path, ENOTTY));
    if ((functions & needed) != needed) return failure(i2c_open_fault(path, EOPNOTSUPP));
    return std::make_unique<KernelI2cBus>(path, std::move(file));
}

}  // namespace jkp::io
