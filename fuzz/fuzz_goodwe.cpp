// SPDX-License-Identifier: MIT
// Any bytes are taken apart into answers and faults; a reading keeps what decode promises; what can be read
// survives our own encoder. As text they are an answer to discovery.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/ensure.hpp"
#include "goodwe/decode.hpp"
#include "goodwe/discovery.hpp"
#include "goodwe/encode_answer.hpp"

namespace {

using namespace jkp;
using namespace jkp::goodwe;

void check_text(std::string_view text) {
    for (const char c : text) ensure(c > 0x20 && c < 0x7F, "a printable name");
}

void check(const Readings& r) {
    check_text(r.model.view());
    check_text(r.serial.view());
    if (r.soc) ensure(*r.soc >= Permille(0) && *r.soc <= Permille(1000), "SOC is a percentage");
    if (r.battery_current) ensure(magnitude(*r.battery_current) <= Milliamps(6'553'500), "within the wire");
    if (r.pv) ensure(*r.pv >= Watts(0), "panels never draw power");
    ensure(peer_reading(r).current == r.battery_current, "coordination sees the same current");
}

void check(const Answer& answer) {
    const auto decoded = decode(answer);
    if (!decoded) {
        ensure(!describe(decoded.error()).empty(), "a refusal has words");
        return;
    }
    check(decoded->readings);
    const Family family = decoded->question <= Question::es_running ? Family::es : Family::et;
    const auto again = answer_to(request(decoded->question), family, decoded->readings);
    ensure(again.has_value(), "our own question has an answer");
    Bytes rest = *again;
    const auto item = next_answer(rest);
    ensure(item && item->has_value(), "our own answer is whole");
    ensure(decode(**item).has_value(), "our own answer decodes");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Bytes rest(data, size);
    while (const auto item = next_answer(rest)) {
        if (item->has_value()) {
            check(**item);
        } else {
            ensure(!describe(item->error()).empty(), "a fault has words");
        }
    }
    const std::string text(data, data + size);
    const Found found = read_discovery(text);
    ensure(!advice(found, "192.168.1.20").empty(), "advice for any answer");
    for (const char c : found.serial + found.name + found.mac) ensure(c >= 0x20 && c < 0x7F, "printable");
    return 0;
}
