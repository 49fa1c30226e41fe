// SPDX-License-Identifier: MIT
#include "goodwe/encode_es.hpp"

#include <array>
#include <cstdlib>

#include "core/ensure.hpp"
#include "goodwe/answer.hpp"
#include "goodwe/encode_parts.hpp"

namespace jkp::goodwe {
namespace {

constexpr std::size_t full_length = 140;
using Payload = std::array<std::uint8_t, full_length>;

struct PvString {
    std::size_t voltage;
    std::size_t current;
    std::size_t mode;
};
constexpr PvString string_1{es::pv1_voltage, es::pv1_current, es::pv1_mode};
constexpr PvString string_2{es::pv2_voltage, es::pv2_current, es::pv2_mode};

// About 350 V, and of voltage and current the one with the finer step is adjusted. Returns what the product
// is, at most half a watt off.
std::int64_t put_string(Payload& p, const PvString& at, std::int64_t centiwatts) {
    if (centiwatts <= 0) return 0;
    constexpr std::int64_t usual_decivolts = 3500;
    const std::int64_t deciamps = std::clamp<std::int64_t>(nearest(centiwatts, usual_decivolts), 1, 99);
    const std::int64_t decivolts = std::min<std::int64_t>(nearest(centiwatts, deciamps), 0xFFFE);
    put16(p, at.voltage, static_cast<std::uint16_t>(decivolts));
    put16(p, at.current, static_cast<std::uint16_t>(deciamps));
    p[at.mode] = pv_producing;
    return decivolts * deciamps;
}

// The second string makes up for the first: the sum is exact to the watt.
void put_pv(Payload& p, const std::optional<Watts>& power) {
    if (!power) {
        p[es::pv1_mode] = p[es::pv2_mode] = 0xFF;
        return;
    }
    const std::int64_t centiwatts = std::int64_t{power->count()} * 100;
    put_string(p, string_2, centiwatts - put_string(p, string_1, centiwatts / 2));
}

void put_battery(Payload& p, const Readings& r) {
    constexpr std::uint8_t unknown = 0xFF;
    const auto mode = mode_for(r);
    put16(p, es::battery_voltage, unsigned_raw(r.battery_voltage, 100));
    put16(p, es::battery_current,
          r.battery_current ? unsigned_raw(std::optional(magnitude(*r.battery_current)), 100) : no_value);
    p[es::battery_mode] = mode ? static_cast<std::uint8_t>(*mode) : unknown;
    p[es::soc] = r.soc ? static_cast<std::uint8_t>(
                             std::clamp(nearest(r.soc->count(), 10), std::int64_t{0}, std::int64_t{100}))
                       : unknown;
}

void put_grid(Payload& p, const std::optional<Watts>& power) {
    put16(p, es::grid_power, no_value);
    if (!power) return;
    const std::int32_t count = power->count();
    put16(p, es::grid_power, static_cast<std::uint16_t>(std::min(std::abs(count), 0x7FFF)));
    p[es::grid_direction] = count == 0 ? grid_idle : count > 0 ? grid_exports : grid_imports;
}

Payload full_payload(const Readings& r) {
    constexpr std::uint8_t on_grid = 2;
    Payload p{};
    put_pv(p, r.pv);
    put_battery(p, r);
    put_grid(p, r.grid);
    put16(p, es::load_power, signed_raw(r.load));
    put16(p, es::total_power, signed_raw(r.inverter));
    put16(p, es::backup_power, unsigned_raw(r.backup));
    p[es::meter_status] = r.meter_ok.value_or(true) ? 1 : 0;
    p[es::inverter_state] = on_grid;
    return p;
}

}  // namespace

std::vector<std::uint8_t> aa55_answer(std::uint16_t type, Bytes payload) {
    ensure(payload.size() <= 0xFF, "a payload that fits into an AA55 frame");
    std::vector<std::uint8_t> bytes{0xAA, 0x55, 0x7F, 0xC0};
    append16(bytes, type);
    bytes.push_back(static_cast<std::uint8_t>(payload.size()));
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    append16(bytes, aa55_checksum(bytes));
    return bytes;
}

std::vector<std::uint8_t> encode_es_device_info(std::string_view model, std::string_view serial) {
    std::array<std::uint8_t, es_info::length> payload{};
    payload.fill(' ');
    put_text(payload, es_info::firmware, 5, "1111J");
    put_text(payload, es_info::model, es_info::model_length, model);
    put_text(payload, es_info::serial, es_info::serial_length, serial);
    put_text(payload, es_info::software, 12, "410-04000-11");
    return aa55_answer(es_device_info_type, payload);
}

std::vector<std::uint8_t> encode_es_running(const Readings& readings, const EsRunningOptions& options) {
    ensure(options.length >= es::least && options.length <= full_length, "a length of running data");
    const Payload payload = full_payload(readings);
    return aa55_answer(es_running_type, Bytes(payload).first(options.length));
}

}  // namespace jkp::goodwe
