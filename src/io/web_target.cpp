// SPDX-License-Identifier: MIT
#include "io/web_target.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <optional>

namespace jkp::io {
namespace {

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10U;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10U;
    return std::nullopt;
}

enum class Plus : std::uint8_t { is_plus, is_space };

Result<std::string, TargetError> unescaped(std::string_view text, Plus plus) {
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '+' && plus == Plus::is_space) c = ' ';
        if (text[i] == '%') {
            const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
            const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
            if (!low) return failure(TargetError::bad_escape);
            c = static_cast<char>(*high << 4U | *low);
            i += 2;
        }
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return failure(TargetError::bad_character);
        result += c;
    }
    return result;
}

bool is_canonical(std::string_view path) {
    while (!path.empty()) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        const std::string_view part = path.substr(0, slash);
        if (part.empty() || part == "." || part == "..") return false;
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return true;
}

Result<WebFields, TargetError> read_query(std::string_view text) {
    WebFields fields;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        if (fields.size() == max_parameters) return failure(TargetError::too_many_parameters);
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = unescaped(pair.substr(0, equals), Plus::is_space);
        auto value = unescaped(pair.substr(std::min(equals + 1, pair.size())), Plus::is_space);
        if (!name) return failure(name.error());
        if (!value) return failure(value.error());
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    return fields;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_address(std::string_view host) {
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    boost::system::error_code error;
    static_cast<void>(boost::asio::ip::make_address(std::string(host), error));
    return !error;
}

}  // namespace

std::string_view describe(TargetError error) {
    switch (error) {
        case TargetError::too_long: return "the address is longer than 2048 characters";
        case TargetError::no_path: return "the address must begin with /";
        case TargetError::bad_escape: return "a % in the address needs two hexadecimal digits";
        case TargetError::bad_character: return "the address holds a character that no address has";
        case TargetError::not_canonical: return "the address must not hold //, . or ..";
        case TargetError::too_many_parameters: return "the address has more than 32 parameters";
    }
    return "";
}

Result<WebTarget, TargetError> read_target(std::string_view target, std::string_view base) {
    if (target.size() > max_target) return failure(TargetError::too_long);
    if (!target.starts_with('/')) return failure(TargetError::no_path);
    const std::size_t end = std::min(target.find_first_of("?#"), target.size());
    auto path = unescaped(target.substr(0, end), Plus::is_plus);
    if (!path) return failure(path.error());
    if (path->find('\\') != std::string::npos) return failure(TargetError::bad_character);
    WebTarget result;
    std::string_view rest = *path;
    if (base != "/" && rest.starts_with(base)) {
        const std::string_view below = rest.substr(base.size());
        result.is_bare_base = below.empty();
        if (below.empty() || below.starts_with('/')) rest = below.empty() ? "/" : below;
    }
    rest.remove_prefix(1);
    if (!is_canonical(rest)) return failure(TargetError::not_canonical);
    result.path = rest;
    std::string_view query = target.substr(std::min(end + 1, target.size()));
    query = query.substr(0, query.find('#'));
    if (end < target.size() && target[end] == '#') query = {};
    auto fields = read_query(query);
    if (!fields) return failure(fields.error());
    result.query = std::move(*fields);
    return result;
}

std::string_view host_of(std::string_view host_and_port) {
    std::size_t end = host_and_port.find(':');
    if (host_and_port.starts_with('[')) {
        const std::size_t bracket = host_and_port.find(']');
        if (bracket == std::string_view::npos) return {};
        end = bracket + 1;
    }
    const std::string_view host = host_and_port.substr(0, end);
    std::string_view port = host_and_port.substr(std::min(host.size(), host_and_port.size()));
    if (port.empty()) return host;
    if (!port.starts_with(':')) return {};
    port.remove_prefix(1);
    const bool digits = std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    return digits && port.size() <= 5 ? host : std::string_view{};
}

bool is_known_host(std::string_view host_and_port, std::span<const std::string> names) {
    std::string_view host = host_of(host_and_port);
    if (host.empty()) return false;
    if (is_address(host)) return true;
    if (host.ends_with('.')) host.remove_suffix(1);
    return same_name(host, "localhost") ||
           std::ranges::any_of(names, [&](const std::string& name) { return same_name(host, name); });
}

std::vector<std::string> host_names(std::string_view list) {
    std::vector<std::string> names;
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        std::string_view name = list.substr(0, comma);
        while (name.starts_with(' ')) name.remove_prefix(1);
        while (name.ends_with(' ')) name.remove_suffix(1);
        if (!name.empty()) names.emplace_back(name);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return names;
}

}  // namespace jkp::io
