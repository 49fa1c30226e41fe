// SPDX-License-Identifier: MIT
#include "io/i2c_fault.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <vector>

namespace jkp::io {
namespace {

namespace fs = std::filesystem;

std::string reason(int errno_value) {
    return std::generic_category().message(errno_value);
}

std::string buses(const fs::path& root) {
    std::vector<std::string> names;
    std::error_code none;
    for (fs::directory_iterator it(root / "dev", none), end; !none && it != end; it.increment(none)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with("i2c-")) names.push_back("/dev/" + name);
    }
    std::ranges::sort(names);
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "this machine has no I2C bus at all" : "buses on this machine: " + text;
}

}  // namespace

std::string_view name(I2cError error) {
    switch (error) {
        case I2cError::missing: return "missing";
        case I2cError::permission: return "permission";
        case I2cError::not_a_bus: return "not_a_bus";
        case I2cError::busy: return "busy";
        case I2cError::no_acknowledge: return "no_acknowledge";
        case I2cError::stuck: return "stuck";
        case I2cError::other: return "other";
    }
    return "other";
}

std::string i2c_path(int bus) {
    return "/dev/i2c-" + std::to_string(bus);
}

std::string i2c_address_text(std::uint8_t address) {
    constexpr std::array digits{'0', '1', '2', '3', '4', '5', '6', '7',
                                '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};
    return std::string("0x") + digits[address >> 4] + digits[address & 0x0F];
}

I2cFault i2c_open_fault(const std::string& path, int errno_value, const fs::path& root) {
    switch (errno_value) {
        case ENOENT:
        case ENODEV:
        case ENXIO:
            return {I2cError::missing,
                    path + " does not exist; " + buses(root) +
                        ". On a Raspberry Pi switch I2C on with raspi-config (Interface Options, I2C) and "
                        "restart; elsewhere load the module i2c-dev."};
        case EACCES:
        case EPERM:
            return {
                I2cError::permission,
                path +
                    " may not be opened by this user. Add the user to the group i2c (usermod -aG i2c USER) "
                    "and log in again; the service needs the drop-in of docs/sensor.md."};
        case ENOTTY:
        case EISDIR: return {I2cError::not_a_bus, path + " is no I2C bus; " + buses(root) + "."};
        case EOPNOTSUPP:
            return {I2cError::not_a_bus,
                    path +
                        " cannot read several registers in one transfer (SMBus I2C block read), which the "
                        "sensor needs. Use another bus of the machine."};
        default: return {I2cError::other, path + " cannot be opened: " + reason(errno_value) + "."};
    }
}

I2cFault i2c_transfer_fault(const std::string& path, std::uint8_t address, int errno_value) {
    const std::string where = i2c_address_text(address) + " on " + path;
    switch (errno_value) {
        case ENXIO:
        case ENODEV:  // so says i2c-stub
        case EREMOTEIO:
        case EIO:
            return {I2cError::no_acknowledge,
                    "Nobody answers at " + where +
                        ". Look at the wiring: SDA to SDA, SCL to SCL, 3.3 V and GND."};
        case EBUSY:
            return {I2cError::busy, "A driver of the kernel has claimed " + where +
                                        ". Unload it (for this chip hmc5843_i2c), or take its overlay out of "
                                        "config.txt."};
        case ETIMEDOUT:
        case EAGAIN:
            return {
                I2cError::stuck,
                "The I2C bus " + path + " hangs (" + reason(errno_value) +
                    "): SDA or SCL is held low. Look for a short circuit, and take the supply of the sensor "
                    "away for a moment."};
        default: return {I2cError::other, "Transfer with " + where + " failed: " + reason(errno_value) + "."};
    }
}

}  // namespace jkp::io
