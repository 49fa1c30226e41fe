// SPDX-License-Identifier: MIT
// Any text given to `decode` becomes objects that can be printed in both forms.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "core/ensure.hpp"
#include "report/decode_json.hpp"
#include "report/decode_text.hpp"
#include "report/goodwe_json.hpp"
#include "report/goodwe_text.hpp"
#include "report/meter_json.hpp"
#include "report/meter_text.hpp"

namespace {

using namespace jkp;
using report::Json;

void check(const Json& object) {
    const bool ok = object.at("ok").get<bool>();
    ensure(ok != object.contains("error"), "an error exactly where ok is false");
    ensure(!object.dump().empty(), "JSON can be printed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    for (const Json& object : report::decode_jk_text(text)) {
        check(object);
        ensure(!report::reading_text(object).empty(), "a table for people");
    }
    for (const Json& object : report::decode_sma_text(text)) {
        check(object);
        ensure(!report::meter_text(object).empty(), "a table for people");
        ensure(!report::meter_line(object).empty(), "a line for people");
    }
    for (const Json& object : report::decode_goodwe_text(text)) {
        check(object);
        ensure(!report::goodwe_text(object).empty(), "a table for people");
    }
    std::size_t begin = 0;
    for (std::size_t number = 1; begin <= text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        if (const auto object =
                report::decode_can_line(std::string_view(text).substr(begin, end - begin), number)) {
            check(*object);
            ensure(!report::can_frame_text(*object).empty(), "a line for people");
        }
        begin = end + 1;
    }
    return 0;
}
