// SPDX-License-Identifier: MIT
#include "pylontech/dbc.hpp"

#include <algorithm>

#include "pylontech/signals.hpp"

namespace jkp::pylontech {
namespace {

// raw * step / per_unit as decimal text without trailing zeros; per_unit is a power of ten.
std::string decimal(std::int64_t raw, const Signal& s) {
    const std::int64_t scaled = raw * s.step;
    const std::int64_t positive = scaled < 0 ? -scaled : scaled;
    std::string text = (scaled < 0 ? "-" : "") + std::to_string(positive / s.per_unit);
    std::int64_t rest = positive % s.per_unit;
    if (rest != 0) text += '.';
    for (std::int64_t digit = s.per_unit / 10; rest != 0; digit /= 10) {
        text += std::to_string(rest / digit);
        rest %= digit;
    }
    return text;
}

std::string_view node(Sender sender) {
    return sender == Sender::battery ? "Battery" : "Inverter";
}
std::string_view other(Sender sender) {
    return sender == Sender::battery ? "Inverter" : "Battery";
}

std::string signal_line(const Signal& s, Sender sender) {
    std::string line = " SG_ " + std::string(s.name) + " : ";
    line += std::to_string(s.start) + "|" + std::to_string(s.length) + "@1" + (s.is_signed ? "-" : "+");
    line += " (" + decimal(1, s) + ",0) [" + decimal(s.low, s) + "|" + decimal(s.high, s) + "] \"";
    line += std::string(s.unit) + "\" " + std::string(other(sender)) + "\n";
    return line;
}

std::string message_lines(const MessageInfo& m) {
    std::string text = "BO_ " + std::to_string(m.id) + " " + std::string(m.name) + ": " +
                       std::to_string(m.size) + " " + std::string(node(m.sender)) + "\n";
    for (const Signal& s : signal::all) {
        if (s.id == m.id) text += signal_line(s, m.sender);
    }
    return text + "\n";
}

std::string comment_lines(const MessageInfo& m) {
    const std::string id = std::to_string(m.id);
    std::string text = "CM_ BO_ " + id + " \"" + std::string(m.comment) + "\";\n";
    for (const Signal& s : signal::all) {
        if (s.id != m.id || s.comment.empty()) continue;
        text += "CM_ SG_ " + id + " " + std::string(s.name) + " \"" + std::string(s.comment) + "\";\n";
    }
    return text;
}

}  // namespace

std::string dbc_text() {
    std::string text = "VERSION \"\"\n\nNS_ :\n\nBS_:\n\nBU_: Battery Inverter\n\n";
    for (const MessageInfo& m : messages) text += message_lines(m);
    text +=
        "CM_ \"Pylontech low-voltage batteries, 500 kbit/s. Generated from the signal table of "
        "jk-pylon.\";\n";
    for (const MessageInfo& m : messages) text += comment_lines(m);
    return text;
}

}  // namespace jkp::pylontech
