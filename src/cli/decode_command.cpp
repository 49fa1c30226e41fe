// SPDX-License-Identifier: MIT
#include "cli/decode_command.hpp"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "report/decode_json.hpp"
#include "report/decode_text.hpp"
#include "report/goodwe_json.hpp"
#include "report/goodwe_text.hpp"
#include "report/meter_json.hpp"
#include "report/meter_text.hpp"
#include "report/sems_json.hpp"

namespace jkp::cli {
namespace {

using report::Json;

// Writes objects and remembers what the exit code must say.
class Printer {
  public:
    Printer(DecodeKind kind, std::ostream& out, DecodeFormat format)
        : kind_(kind), out_(out), format_(format) {}

    void print(const Json& object) {
        any_ = true;
        all_ok_ = all_ok_ && object.at("ok").get<bool>();
        if (format_ == DecodeFormat::json) {
            out_ << object.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
        } else {
            out_ << words(object);
        }
        out_.flush();
    }

    int finish() {
        if (!any_) {
            print(report::error_json(nothing()));
        }
        return all_ok_ ? 0 : 1;
    }

  private:
    [[nodiscard]] const char* nothing() const {
        if (kind_ == DecodeKind::can) return "empty input: no line of candump";
        if (kind_ == DecodeKind::sems) return "empty input: no answer of the SEMS portal";
        return "empty input: no hexadecimal text";
    }

    [[nodiscard]] std::string words(const Json& object) const {
        switch (kind_) {
            case DecodeKind::jk: return report::reading_text(object);
            case DecodeKind::can: return report::can_frame_text(object);
            case DecodeKind::sma: return report::meter_text(object);
            case DecodeKind::goodwe: return report::goodwe_text(object);
            case DecodeKind::sems: return report::sems_text(object);
        }
        return {};
    }

    DecodeKind kind_;
    std::ostream& out_;
    DecodeFormat format_;
    bool any_ = false;
    bool all_ok_ = true;
};

// Text that is read to its end before anything is decoded: what belongs together is known only then.
void decode_whole(std::vector<Json> (*decode)(std::string_view), std::istream& in, Printer& printer) {
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (const Json& object : decode(text)) printer.print(object);
}

void decode_can(std::istream& in, Printer& printer) {
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        if (const auto object = report::decode_can_line(line, number)) printer.print(*object);
    }
}

}  // namespace

std::optional<DecodeKind> decode_kind(std::string_view word) {
    if (word == "jk") return DecodeKind::jk;
    if (word == "can") return DecodeKind::can;
    if (word == "sma") return DecodeKind::sma;
    if (word == "goodwe") return DecodeKind::goodwe;
    if (word == "sems") return DecodeKind::sems;
    return std::nullopt;
}

int decode_command(DecodeKind kind, std::istream& in, std::ostream& out, DecodeFormat format) {
    Printer printer(kind, out, format);
    switch (kind) {
        case DecodeKind::jk: decode_whole(report::decode_jk_text, in, printer); break;
        case DecodeKind::can: decode_can(in, printer); break;
        case DecodeKind::sma: decode_whole(report::decode_sma_text, in, printer); break;
        case DecodeKind::goodwe: decode_whole(report::decode_goodwe_text, in, printer); break;
        case DecodeKind::sems: decode_whole(report::decode_sems_text, in, printer); break;
    }
    if (in.bad()) return 2;
    return printer.finish();
}

int decode_file(DecodeKind kind, const std::string& path, std::ostream& out, std::ostream& err,
                DecodeFormat format) {
    if (path == "-") return decode_command(kind, std::cin, out, format);
    std::ifstream file(path);
    // A directory opens, and only reading it fails.
    if (!file || (file.peek() == std::ifstream::traits_type::eof() && file.bad())) {
        err << "cannot read " << path << ": " << std::generic_category().message(errno) << '\n';
        return 2;
    }
    file.clear();
    return decode_command(kind, file, out, format);
}

}  // namespace jkp::cli
