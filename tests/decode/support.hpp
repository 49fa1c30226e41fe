// SPDX-License-Identifier: MIT
#pragma once

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/decode_command.hpp"
#include "core/bytes.hpp"
#include "jk/encode_4e57.hpp"
#include "report/decode_json.hpp"

namespace jkp::report {

struct Output {
    int code = 0;
    std::string text;
    std::vector<Json> objects;  // of --json
};

inline Output run(cli::DecodeKind kind, const std::string& input, cli::DecodeFormat format) {
    std::istringstream in(input);
    std::ostringstream out;
    Output output;
    output.code = cli::decode_command(kind, in, out, format);
    output.text = out.str();
    if (format != cli::DecodeFormat::json) return output;
    std::istringstream lines(output.text);
    for (std::string line; std::getline(lines, line);) output.objects.push_back(Json::parse(line));
    return output;
}

inline Output jk_json(const std::string& input) {
    return run(cli::DecodeKind::jk, input, cli::DecodeFormat::json);
}
inline Output can_json(const std::string& input) {
    return run(cli::DecodeKind::can, input, cli::DecodeFormat::json);
}

inline PackReading small_pack() {
    PackReading r;
    for (const int mv : {3201, 3185, 3203, 3202}) r.cells.push_back(Millivolts(mv));
    r.voltage = Millivolts(12790);
    r.current = Milliamps(-690);
    r.soc = Permille(150);
    r.temperatures[Probe::mosfet] = Decicelsius(180);
    r.temperatures[Probe::t1] = Decicelsius(-10);
    r.alarms = {PackAlarm::low_soc, PackAlarm::afe_fault_b};
    r.charge_mos = true;
    r.cycles = 17;
    r.settings.capacity = MilliampHours(81000);
    r.firmware = "H7.X__S7.1.0H";
    return r;
}

inline std::string small_hex() {
    return hex_from_bytes(jk::encode_reply(small_pack()));
}

}  // namespace jkp::report
