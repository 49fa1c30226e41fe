// SPDX-License-Identifier: MIT
#include "goodwe/decode_parts.hpp"
#include "goodwe/wire.hpp"

namespace jkp::goodwe {
namespace {

// Absent where the payload ends before, and where the inverter says "no value".
std::optional<std::uint16_t> word(Bytes payload, std::size_t at) {
    if (at + 2 > payload.size() || be16(payload, at) == no_value) return std::nullopt;
    return be16(payload, at);
}
std::optional<std::uint8_t> byte(Bytes payload, std::size_t at) {
    if (at >= payload.size()) return std::nullopt;
    return payload[at];
}

std::optional<Watts> signed_watts(Bytes payload, std::size_t at) {
    const auto raw = word(payload, at);
    return raw ? std::optional(Watts(as_signed(*raw))) : std::nullopt;
}

// An AC-coupled unit fills voltage and current although it has no panels; only the mode tells.
std::optional<std::int64_t> string_centiwatts(Bytes payload, std::size_t voltage, std::size_t current,
                                              std::size_t mode) {
    const auto state = byte(payload, mode);
    if (!state || *state > pv_producing) return std::nullopt;
    if (*state != pv_producing) return 0;
    const auto decivolts = word(payload, voltage);
    const auto deciamps = word(payload, current);
    if (!decivolts || !deciamps) return std::nullopt;
    return std::int64_t{*decivolts} * *deciamps;
}

std::optional<Watts> pv_power(Bytes payload) {
    const auto one = string_centiwatts(payload, es::pv1_voltage, es::pv1_current, es::pv1_mode);
    const auto two = string_centiwatts(payload, es::pv2_voltage, es::pv2_current, es::pv2_mode);
    if (!one || !two) return std::nullopt;
    return Watts(static_cast<std::int32_t>((*one + *two + 50) / 100));
}

// The current has no sign of its own.
std::optional<Milliamps> current(Bytes payload, const std::optional<BatteryMode>& mode) {
    const auto deciamps = word(payload, es::battery_current);
    if (!deciamps || !mode) return std::nullopt;
    const Milliamps magnitude(*deciamps * 100);
    return *mode == BatteryMode::charge ? magnitude : -magnitude;
}

std::optional<Watts> grid_power(Bytes payload) {
    const auto raw = word(payload, es::grid_power);
    const auto direction = byte(payload, es::grid_direction);
    if (!raw || !direction || *direction > grid_imports) return std::nullopt;
    const Watts signed_value(as_signed(*raw));
    const Watts magnitude = signed_value < Watts(0) ? -signed_value : signed_value;
    return *direction == grid_imports ? -magnitude : magnitude;
}

}  // namespace

std::optional<BatteryMode> battery_mode(unsigned code) {
    if (code >= battery_mode_count) return std::nullopt;
    return static_cast<BatteryMode>(code);
}

std::optional<Permille> percentage(unsigned value) {
    if (value > 100) return std::nullopt;
    return Permille(static_cast<std::int32_t>(value * 10));
}

Readings es_device_info(Bytes payload) {
    Readings r;
    r.model = printable<10>(payload.subspan(es_info::model, es_info::model_length));
    if (payload.size() >= es_info::serial + es_info::serial_length) {
        r.serial = printable<16>(payload.subspan(es_info::serial, es_info::serial_length));
    }
    return r;
}

Readings es_running(Bytes payload) {
    Readings r;
    if (const auto decivolts = word(payload, es::battery_voltage)) {
        r.battery_voltage = Millivolts(*decivolts * 100);
    }
    r.mode = battery_mode(payload[es::battery_mode]);
    r.battery_current = current(payload, r.mode);
    r.soc = percentage(payload[es::soc]);
    r.pv = pv_power(payload);
    r.grid = grid_power(payload);
    r.load = signed_watts(payload, es::load_power);
    r.inverter = signed_watts(payload, es::total_power);
    if (const auto watts = word(payload, es::backup_power)) r.backup = Watts(*watts);
    if (const auto status = byte(payload, es::meter_status)) r.meter_ok = *status == 1;
    return r;
}

}  // namespace jkp::goodwe
