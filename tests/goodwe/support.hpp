// SPDX-License-Identifier: MIT
// A plausible inverter, and a datagram taken apart into what was accepted and what was refused.
#pragma once

#include <initializer_list>
#include <vector>

#include "core/ensure.hpp"
#include "goodwe/decode.hpp"
#include "goodwe/encode_answer.hpp"

namespace jkp::goodwe {

using Buffer = std::vector<std::uint8_t>;

// Discharging into the house, a little export, both strings producing.
inline Readings sample() {
    Readings r;
    r.model = "GW3648-EM";
    r.serial = "93648EMU19CX0004";
    r.battery_voltage = Millivolts(52'900);
    r.battery_current = Milliamps(-18'500);
    r.soc = Permille(970);
    r.mode = BatteryMode::discharge;
    r.pv = Watts(1234);
    r.grid = Watts(56);
    r.load = Watts(-278);
    r.backup = Watts(847);
    r.inverter = Watts(1032);
    r.meter_ok = true;
    return r;
}

// What an answer to one question holds of the sample: neither the other block's values nor the other
// family's.
inline Readings only(const Readings& r, Question question) {
    Readings part;
    switch (question) {
        case Question::es_device_info:
        case Question::et_device_info:
            part.model = r.model;
            part.serial = r.serial;
            return part;
        case Question::et_meter:
            part.grid = r.grid;
            part.meter_ok = r.meter_ok;
            return part;
        case Question::et_battery: part.soc = r.soc; return part;
        case Question::es_running:
        case Question::et_running: break;
    }
    part = r;
    part.model = {};
    part.serial = {};
    if (question == Question::es_running) {
        part.battery_power.reset();
    } else {
        part.soc.reset();
        part.meter_ok.reset();
    }
    return part;
}

inline Buffer answer(Question question, const Readings& r = sample()) {
    const Family family = question <= Question::es_running ? Family::es : Family::et;
    return answer_to(request(question), family, r).value();
}

struct Seen {
    std::vector<Buffer> frames;
    std::vector<FrameFault> faults;
};

inline Seen take_apart(Bytes datagram) {
    Seen seen;
    while (const auto item = next_answer(datagram)) {
        if (item->has_value()) {
            seen.frames.emplace_back((*item)->bytes.begin(), (*item)->bytes.end());
        } else {
            seen.faults.push_back(item->error());
        }
    }
    return seen;
}

// The bytes must be one good frame.
inline Result<Decoded, DecodeFailure> decode_bytes(Bytes bytes) {
    const auto item = next_answer(bytes);
    ensure(item && item->has_value(), "a good frame");
    return decode(**item);
}

inline Readings readings_of(Bytes bytes) {
    return decode_bytes(bytes).value().readings;
}

inline Buffer joined(std::initializer_list<Buffer> parts) {
    Buffer all;
    for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

inline constexpr Question every_question[] = {Question::es_device_info, Question::es_running,
                                              Question::et_device_info, Question::et_running,
                                              Question::et_meter,       Question::et_battery};

}  // namespace jkp::goodwe
