// SPDX-License-Identifier: MIT
#include "report/decode_json.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <variant>

#include "core/bytes.hpp"
#include "core/candump_text.hpp"
#include "jk/decode_4e57.hpp"
#include "jk/frame_4e57.hpp"
#include "pylontech/codec.hpp"
#include "report/hex_blocks.hpp"

namespace jkp::report {
namespace {

double thousandth(std::int64_t count) {
    return static_cast<double>(count) / 1000;
}
double tenth(std::int64_t count) {
    return static_cast<double>(count) / 10;
}

// 60 rather than 60.0: whole numbers stay whole numbers.
Json percent(Permille value) {
    return value.count() % 10 == 0 ? Json(value.count() / 10) : Json(tenth(value.count()));
}

Json celsius(const std::optional<Decicelsius>& value) {
    return value ? Json(tenth(value->count())) : Json(nullptr);
}

// ---- JK

Json frame_json(const jk::Frame& frame, jk::LinkMemory& memory) {
    const auto decoded = jk::decode(frame, memory);
    return decoded ? reading_json(decoded->reading, "4E57") : error_json(jk::describe(decoded.error()));
}

std::size_t pb_frames(Bytes bytes) {
    constexpr std::array<std::uint8_t, 4> start{0x55, 0xAA, 0xEB, 0x90};
    std::size_t count = 0;
    for (auto at = bytes.begin();; at += start.size()) {
        at = std::search(at, bytes.end(), start.begin(), start.end());
        if (at == bytes.end()) return count;
        ++count;
    }
}

std::vector<Json> decode_jk_bytes(Bytes bytes) {
    std::vector<Json> objects;
    jk::Deframer deframer;
    jk::LinkMemory memory;
    std::size_t pb_count = pb_frames(bytes);
    const auto drain = [&] {
        while (const auto item = deframer.next()) {
            if (item->has_value()) pb_count -= std::min(pb_count, pb_frames((*item)->bytes));
            objects.push_back(item->has_value() ? frame_json(**item, memory)
                                                : error_json(jk::describe(item->error())));
        }
    };
    for (Bytes rest = bytes; !rest.empty();) {
        rest = rest.subspan(deframer.feed(rest));
        drain();
    }
    deframer.gap();
    drain();
    for (; pb_count > 0; --pb_count) {
        objects.push_back(error_json("55AAEB90 frame of the PB series: not supported yet"));
    }
    if (objects.empty()) {
        objects.push_back(error_json("no frame found in " + std::to_string(bytes.size()) + " bytes"));
    }
    return objects;
}

// ---- CAN

Json flag_names(const pylontech::Flags& flags) {
    Json names = Json::array();
    for (std::size_t i = 0; i < pylontech::flag_count; ++i) {
        const auto flag = static_cast<pylontech::Flag>(i);
        if (flags.has(flag)) names.push_back(pylontech::name(flag));
    }
    return names;
}

Json fields(const pylontech::Limits& m) {
    Json json{{"charge_voltage_v", thousandth(m.charge_voltage.count())},
              {"charge_current_limit_a", thousandth(m.charge_current_limit.count())},
              {"discharge_current_limit_a", thousandth(m.discharge_current_limit.count())}};
    if (m.discharge_voltage) json["discharge_voltage_v"] = thousandth(m.discharge_voltage->count());
    return json;
}
Json fields(const pylontech::StateOfCharge& m) {
    return {{"soc_pct", percent(m.soc)}, {"soh_pct", percent(m.soh)}};
}
Json fields(const pylontech::Measurements& m) {
    return {{"voltage_v", thousandth(m.voltage.count())},
            {"current_a", thousandth(m.current.count())},
            {"temperature_c", tenth(m.temperature.count())}};
}
Json fields(const pylontech::Alarms& m) {
    return {{"protections", flag_names(m.protections)},
            {"alarms", flag_names(m.alarms)},
            {"modules", m.modules},
            {"manufacturer", m.manufacturer.view()}};
}
Json fields(const pylontech::Requests& m) {
    return {{"charge_enable", m.charge_enable},
            {"discharge_enable", m.discharge_enable},
            {"force_charge_1", m.force_charge_1},
            {"force_charge_2", m.force_charge_2},
            {"full_charge", m.full_charge}};
}
Json fields(const pylontech::Name& m) {
    return Json::object({{"name", m.name.view()}});
}
Json fields(const pylontech::InverterAlive&) {
    return Json::object();
}
Json fields(const pylontech::Unknown&) {
    return Json::object();
}

std::string id_text(const CanFrame& frame) {
    const std::array<std::uint8_t, 4> bytes{
        static_cast<std::uint8_t>(frame.id >> 24), static_cast<std::uint8_t>(frame.id >> 16),
        static_cast<std::uint8_t>(frame.id >> 8), static_cast<std::uint8_t>(frame.id)};
    return hex_from_bytes(bytes).substr(frame.extended ? 0 : 5);
}

}  // namespace

Json error_json(std::string_view error) {
    return {{"ok", false}, {"error", error}};
}

Json reading_json(const PackReading& r, std::string_view protocol) {
    Json cells = Json::array();
    for (const Millivolts cell : r.cells) cells.push_back(cell.count());
    Json alarms = Json::array();
    for (std::size_t i = 0; i < pack_alarm_count; ++i) {
        const auto alarm = static_cast<PackAlarm>(i);
        if (r.alarms.has(alarm)) alarms.push_back(name(alarm));
    }
    return {{"ok", true},
            {"protocol", protocol},
            {"cells_mv", cells},
            {"voltage_v", thousandth(r.voltage.count())},
            {"current_a", thousandth(r.current.count())},
            {"soc_pct", percent(r.soc)},
            {"temperatures_c",
             {{"mos", celsius(r.temperatures[Probe::mosfet])},
              {"t1", celsius(r.temperatures[Probe::t1])},
              {"t2", celsius(r.temperatures[Probe::t2])}}},
            {"cycles", r.cycles ? Json(*r.cycles) : Json(nullptr)},
            {"capacity_ah", r.capacity ? Json(thousandth(r.capacity->count())) : Json(nullptr)},
            {"alarms", alarms},
            {"charge_mos", r.charge_mos},
            {"discharge_mos", r.discharge_mos},
            {"balancing", r.balancing},
            {"firmware", r.firmware.view()}};
}

Json can_frame_json(const CanFrame& frame) {
    const auto message = pylontech::decode(frame);
    if (!message) {
        Json json = error_json("frame " + id_text(frame) + " is too short: " + std::to_string(frame.size) +
                               " data bytes");
        json["id"] = id_text(frame);
        return json;
    }
    return {{"ok", true},
            {"id", id_text(frame)},
            {"name", pylontech::message_name(*message)},
            {"fields", std::visit([](const auto& m) { return fields(m); }, *message)}};
}

std::vector<Json> decode_jk_text(std::string_view text) {
    std::vector<Json> objects;
    for (const HexBlock& block : hex_blocks(text)) {
        auto found = block ? decode_jk_bytes(*block) : std::vector{error_json(block.error())};
        std::ranges::move(found, std::back_inserter(objects));
    }
    return objects;
}

std::optional<Json> decode_can_line(std::string_view line, std::size_t number) {
    const std::string_view text = trimmed(line);
    if (text.empty() || is_comment(text)) return std::nullopt;
    const auto parsed = parse_candump_line(text);
    Json json = parsed ? can_frame_json(parsed->frame) : error_json(words(parsed.error()));
    if (!json.at("ok").get<bool>()) {
        json["error"] = "line " + std::to_string(number) + ": " + json.at("error").get<std::string>();
    }
    return json;
}

}  // namespace jkp::report
