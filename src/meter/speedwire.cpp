// SPDX-License-Identifier: MIT
#include "meter/speedwire.hpp"

#include <algorithm>
#include <limits>

#include "core/ensure.hpp"
#include "meter/obis.hpp"

namespace jkp::meter {
namespace {

constexpr std::size_t tag_head = 4;
constexpr std::size_t record_head = 4;
constexpr Deciwatts most_power{
    100'000'000};  // 10 MW: far above any site, far below the patterns of "no value"

constexpr std::uint64_t be64(Bytes b, std::size_t at) {
    return (std::uint64_t{be32(b, at)} << 32) | be32(b, at + 4);
}

Refusal refused(Ignored reason, std::uint16_t protocol = 0) {
    return {reason, protocol};
}

// ---- tags

struct Tags {
    Bytes data;  // of tag data2; empty when there is none
    bool discovery = false;
};

// Walks to the end tag. A tag 0 of another length is no end: discovery answers have one in the middle.
Result<Tags, Refusal> walk_tags(Bytes datagram) {
    constexpr std::array<std::uint8_t, 4> start{'S', 'M', 'A', 0};
    if (datagram.size() < start.size() || !std::ranges::equal(datagram.first(start.size()), start)) {
        return failure(refused(Ignored::not_sma));
    }
    Tags found;
    Bytes rest = datagram.subspan(start.size());
    while (rest.size() >= tag_head) {
        const std::size_t length = be16(rest, 0);
        const std::uint16_t tag = be16(rest, 2);
        if (length == 0 && tag == 0) return found;
        rest = rest.subspan(tag_head);
        if (rest.size() < length) break;
        if (tag == obis::tag_data && found.data.empty()) found.data = rest.first(length);
        found.discovery = found.discovery || tag == obis::tag_discovery;
        rest = rest.subspan(length);
    }
    // A question for devices of 18 bytes has no end tag.
    return failure(refused(found.discovery ? Ignored::discovery : Ignored::cut_tag));
}

// ---- records

struct Record {
    std::uint8_t channel = 0;
    std::uint8_t index = 0;
    std::uint8_t type = 0;
    Bytes value;
};

Result<Record, Refusal> next_record(Bytes& rest) {
    if (rest.size() < record_head) return failure(refused(Ignored::cut_record));
    Record record{rest[0], rest[1], rest[2], {}};
    const bool version = record.channel == obis::version_channel;
    if (!version && record.type != obis::mean && record.type != obis::counter) {
        return failure(refused(Ignored::unknown_record));
    }
    const std::size_t size = version ? 4 : record.type;
    rest = rest.subspan(record_head);
    if (rest.size() < size) return failure(refused(Ignored::cut_record));
    record.value = rest.first(size);
    rest = rest.subspan(size);
    return record;
}

using Outcome = std::optional<Ignored>;  // what is wrong, if anything

template <class T>
Outcome put(std::optional<T>& place, T value) {
    if (place) return Ignored::duplicate_record;
    place = value;
    return {};
}

template <class Unit>
Outcome put_small(std::optional<Unit>& place, std::uint32_t raw) {
    if (raw > static_cast<std::uint32_t>(std::numeric_limits<std::int32_t>::max())) {
        return Ignored::implausible_value;
    }
    return put(place, Unit(static_cast<std::int32_t>(raw)));
}

Outcome put_flow(Flow& flow, const Record& record) {
    if (record.type == obis::counter) return put(flow.energy, WattSeconds(be64(record.value, 0)));
    const Deciwatts power(be32(record.value, 0));
    if (power > most_power) return Ignored::implausible_value;
    return put(flow.power, power);
}

// A quantity that nobody knows is passed over.
Outcome put_value(MeterReading& reading, const Record& record) {
    const unsigned number = record.index / obis::line_step;
    const unsigned quantity = record.index % obis::line_step;
    if (record.channel != 0 || number > reading.phases.size()) return {};
    Line& line = number == 0 ? reading.total : reading.phases[number - 1];
    for (const obis::FlowOf& flow : obis::flows) {
        if (flow.quantity == quantity) return put_flow(line.*flow.kind.*flow.direction, record);
    }
    if (record.type != obis::mean) return {};
    const std::uint32_t raw = be32(record.value, 0);
    if (quantity == obis::power_factor) return put_small(line.power_factor, raw);
    if (number == 0) return quantity == obis::frequency ? put_small(reading.frequency, raw) : Outcome{};
    if (quantity == obis::current) return put_small(line.current, raw);
    return quantity == obis::voltage ? put_small(line.voltage, raw) : Outcome{};
}

Outcome put_record(MeterReading& reading, const Record& record) {
    if (record.channel != obis::version_channel) return put_value(reading, record);
    if (record.index != 0 || record.type != 0) return {};
    const Bytes v = record.value;
    return put(reading.firmware, Version{v[0], v[1], v[2], static_cast<char>(v[3])});
}

Result<MeterReading, Refusal> read_records(MeterReading reading, Bytes rest) {
    while (!rest.empty()) {
        const auto record = next_record(rest);
        if (!record) return failure(record.error());
        if (const Outcome wrong = put_record(reading, *record)) return failure(refused(*wrong));
    }
    if (!net(reading.total.active)) return failure(refused(Ignored::no_total));
    return reading;
}

std::string hex(std::uint16_t value) {
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(value >> 8),
                                            static_cast<std::uint8_t>(value)};
    return hex_from_bytes(bytes);
}

std::string_view protocol_words(std::uint16_t protocol) {
    switch (protocol) {
        case 0x6065: return "an inverter is asked or answers";
        case 0x6075: return "a handshake for encryption";
        case 0x4041:
        case 0x4043:
        case 0x4051: return "device management";
        default: return "not a meter's";
    }
}

}  // namespace

std::optional<Deciwatts> net(const Flows& flows) {
    if (!flows.imported.power || !flows.exported.power) return std::nullopt;
    return *flows.exported.power - *flows.imported.power;
}

std::string text(const Version& version) {
    const bool printable = version.revision > ' ' && version.revision < 0x7F;
    return std::to_string(version.major) + '.' + std::to_string(version.minor) + '.' +
           std::to_string(version.build) + '.' + (printable ? version.revision : '?');
}

GridReading grid_reading(const MeterReading& reading) {
    const auto power = net(reading.total.active);
    ensure(power.has_value(), "a reading has its total");
    const std::int64_t count = power->count();
    return {Watts(static_cast<std::int32_t>((count < 0 ? count - 5 : count + 5) / 10))};
}

std::string device_name(std::uint16_t susy) {
    switch (susy) {
        case 270: return "Energy Meter 1.0";
        case 349:
        case 502: return "Energy Meter 2.0";
        case 372:
        case 501: return "Sunny Home Manager 2";
        default: return "meter of kind " + std::to_string(susy);
    }
}

std::string_view name(Ignored reason) {
    switch (reason) {
        case Ignored::discovery: return "discovery";
        case Ignored::other_protocol: return "other_protocol";
        case Ignored::beacon: return "beacon";
        case Ignored::not_sma: return "not_sma";
        case Ignored::cut_tag: return "cut_tag";
        case Ignored::cut_record: return "cut_record";
        case Ignored::unknown_record: return "unknown_record";
        case Ignored::duplicate_record: return "duplicate_record";
        case Ignored::no_total: return "no_total";
        case Ignored::implausible_value: return "implausible_value";
    }
    broken("an Ignored of the list", std::source_location::current());
}

bool is_fault(Ignored reason) {
    return reason >= Ignored::not_sma;
}

std::string describe(const Refusal& refusal) {
    switch (refusal.reason) {
        case Ignored::discovery: return "a search for devices, or an answer to one";
        case Ignored::other_protocol:
            return "protocol " + hex(refusal.protocol) + ": " + std::string(protocol_words(refusal.protocol));
        case Ignored::beacon: return "protocol " + hex(refusal.protocol) + " without values";
        case Ignored::not_sma: return "not a datagram of SMA";
        case Ignored::cut_tag: return "cut off: a tag runs past the end, or the end tag is missing";
        case Ignored::cut_record: return "an OBIS record runs past the end of its tag";
        case Ignored::unknown_record: return "an OBIS record of unknown length";
        case Ignored::duplicate_record: return "the same OBIS record twice";
        case Ignored::no_total: return "total import or total export is missing";
        case Ignored::implausible_value: return "a value no meter can measure";
    }
    broken("an Ignored of the list", std::source_location::current());
}

Result<MeterReading, Refusal> decode_speedwire(Bytes datagram) {
    const auto tags = walk_tags(datagram);
    if (!tags) return failure(tags.error());
    const Bytes data = tags->data;
    if (data.size() < 2) return failure(refused(Ignored::discovery));
    const std::uint16_t protocol = be16(data, 0);
    if (protocol == obis::protocol_discovery) return failure(refused(Ignored::discovery));
    const bool extended = protocol == obis::protocol_extended_meter;
    if (protocol != obis::protocol_meter && !extended) {
        return failure(refused(Ignored::other_protocol, protocol));
    }
    constexpr std::size_t device_size = 10;  // SUSy id, serial, ticker
    const std::size_t device_at = extended ? 4 : 2;
    if (data.size() <= device_at + device_size) return failure(refused(Ignored::beacon, protocol));
    MeterReading reading;
    reading.susy = be16(data, device_at);
    reading.serial = be32(data, device_at + 2);
    reading.ticker_ms = be32(data, device_at + 6);
    return read_records(reading, data.subspan(device_at + device_size));
}

}  // namespace jkp::meter
