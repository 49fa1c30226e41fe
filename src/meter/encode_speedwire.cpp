// SPDX-License-Identifier: MIT
#include "meter/encode_speedwire.hpp"

#include <cmath>

#include "core/ensure.hpp"
#include "meter/obis.hpp"

namespace jkp::meter {
namespace {

using Buffer = std::vector<std::uint8_t>;

void append(Buffer& out, std::uint64_t value, std::size_t width) {
    for (std::size_t i = width; i-- > 0;) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

void append_tag(Buffer& out, std::uint16_t tag, Bytes payload) {
    ensure(payload.size() <= 0xFFFF, "a tag that fits its length field");
    append(out, payload.size(), 2);
    append(out, tag, 2);
    out.insert(out.end(), payload.begin(), payload.end());
}

template <class Unit>
void append_record(Buffer& out, unsigned index, std::uint8_t type, const std::optional<Unit>& value) {
    if (!value) return;
    out.insert(out.end(), {0, static_cast<std::uint8_t>(index), type, 0});
    append(out, static_cast<std::uint64_t>(value->count()), type);
}

void append_line(Buffer& out, unsigned number, const Line& line) {
    const unsigned first = number * obis::line_step;
    for (const obis::FlowOf& place : obis::flows) {
        const Flow& flow = line.*place.kind.*place.direction;
        append_record(out, first + place.quantity, obis::mean, flow.power);
        append_record(out, first + place.quantity, obis::counter, flow.energy);
    }
    append_record(out, first + obis::current, obis::mean, line.current);
    append_record(out, first + obis::voltage, obis::mean, line.voltage);
    append_record(out, first + obis::power_factor, obis::mean, line.power_factor);
}

void append_version(Buffer& out, const std::optional<Version>& version) {
    if (!version) return;
    out.insert(out.end(), {obis::version_channel, 0, 0, 0});
    out.insert(out.end(), {version->major, version->minor, version->build,
                           static_cast<std::uint8_t>(version->revision)});
}

Buffer packet(std::uint32_t group, std::uint16_t tag, Bytes payload) {
    Buffer out{'S', 'M', 'A', 0};
    Buffer group_bytes;
    append(group_bytes, group, 4);
    append_tag(out, obis::tag_group, group_bytes);
    append_tag(out, tag, payload);
    append(out, 0, 4);
    return out;
}

// ---- a simulated meter

Flow flow(double watts, double watt_hours) {
    return {Deciwatts(std::llround(watts * 10)), WattSeconds(static_cast<std::uint64_t>(watt_hours * 3600))};
}

// One phase, or all of them with `share` 1. No reactive power: apparent is active.
Line line(const MeterState& state, double share) {
    const double watts = state.grid.count() * share;
    const auto hours = [&](WattHours all) { return static_cast<double>(all.count()) * share; };
    const Flow imported = flow(std::max(-watts, 0.0), hours(state.imported));
    const Flow exported = flow(std::max(watts, 0.0), hours(state.exported));
    return {.active = {imported, exported},
            .reactive = {flow(0, 0), flow(0, 0)},
            .apparent = {imported, exported},
            .power_factor = Permille(1000),
            .current = {},
            .voltage = {}};
}

}  // namespace

std::vector<std::uint8_t> encode_speedwire(const MeterReading& reading, MeterProtocol protocol) {
    Buffer body;
    // The extended head counts the longwords that follow; its control byte is 0 here, and nobody reads it.
    if (protocol == MeterProtocol::extended) append(body, 0, 2);
    append(body, reading.susy, 2);
    append(body, reading.serial, 4);
    append(body, reading.ticker_ms, 4);
    append_line(body, 0, reading.total);
    append_record(body, obis::frequency, obis::mean, reading.frequency);
    for (unsigned i = 0; i < reading.phases.size(); ++i) append_line(body, i + 1, reading.phases[i]);
    append_version(body, reading.firmware);
    return wrap_speedwire(
        protocol == MeterProtocol::extended ? obis::protocol_extended_meter : obis::protocol_meter, body);
}

MeterReading simulated_reading(const MeterState& state) {
    constexpr std::int32_t nominal_mv = 230'000;
    MeterReading reading{.susy = 372, .serial = state.serial, .ticker_ms = state.ticker_ms};
    reading.total = line(state, 1);
    for (Line& phase : reading.phases) {
        phase = line(state, 1.0 / 3);
        const double amps = std::abs(state.grid.count()) / 3.0 / (nominal_mv / 1000.0);
        phase.current = Milliamps(static_cast<std::int32_t>(std::lround(amps * 1000)));
        phase.voltage = Millivolts(nominal_mv);
    }
    reading.frequency = Millihertz(50'000);
    reading.firmware = Version{2, 18, 14, 'R'};
    return reading;
}

std::vector<std::uint8_t> wrap_speedwire(std::uint16_t protocol, Bytes payload) {
    Buffer data;
    append(data, protocol, 2);
    data.insert(data.end(), payload.begin(), payload.end());
    return packet(1, obis::tag_data, data);
}

std::vector<std::uint8_t> speedwire_discovery_request() {
    return packet(0xFFFFFFFF, obis::tag_discovery, {});
}

}  // namespace jkp::meter
