// SPDX-License-Identifier: MIT
#include "config/text_form.hpp"

#include <algorithm>
#include <charconv>

#include "config/duration_text.hpp"
#include "core/json_path.hpp"

namespace jkp::config {
namespace {

bool is_visible_ascii(char c) {
    return c >= 0x20 && c < 0x7F;
}

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

bool is_host_and_port(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const std::string_view port = text.substr(colon + 1);
    int number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    return error == std::errc{} && end == port.data() + port.size() && number >= 1 && number <= 65535 &&
           std::ranges::all_of(text, [](char c) { return is_visible_ascii(c) && c != ' '; });
}

bool is_url(std::string_view text) {
    constexpr std::string_view begins[] = {"http://", "https://"};
    for (const std::string_view begin : begins) {
        if (!text.starts_with(begin)) continue;
        const std::string_view host = text.substr(begin.size(), text.find('/', begin.size()) - begin.size());
        return !host.empty() && host.find('@') == std::string_view::npos &&
               std::ranges::all_of(text, [](char c) { return is_visible_ascii(c) && c != ' '; });
    }
    return false;
}

bool is_group(std::string_view text) {
    for (int place = 0; place < 4; ++place) {
        int part = -1;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
        if (error != std::errc{} || part < 0 || part > 255 || (place == 0 && (part < 224 || part > 239))) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (place < 3 && !text.starts_with('.')) return false;
        if (place < 3) text.remove_prefix(1);
    }
    return text.empty();
}

// A host, perhaps a port and a path; without user, query or fragment, which would carry secrets.
bool is_https_url(std::string_view text) {
    constexpr std::string_view scheme = "https://";
    if (!text.starts_with(scheme) || text.size() == scheme.size() || text[scheme.size()] == '/') return false;
    return std::ranges::all_of(text.substr(scheme.size()), [](char c) {
        return is_word_character(c) || c == ':' || c == '/' || c == '[' || c == ']';
    });
}

bool is_ipv4(std::string_view text) {
    for (int place = 0; place < 4; ++place) {
        int part = -1;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), part);
        if (error != std::errc{} || part < 0 || part > 255) return false;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (place < 3 && !text.starts_with('.')) return false;
        if (place < 3) text.remove_prefix(1);
    }
    return text.empty();
}

// Only its characters; the system judges the rest when it listens.
bool is_ipv6(std::string_view text) {
    return std::ranges::count(text, ':') >= 2 && std::ranges::all_of(text, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
                      c == ':' || c == '.';
           });
}

// No part is empty, "." or "..".
bool is_url_path(std::string_view text) {
    if (text == "/") return true;
    while (!text.empty()) {
        if (!text.starts_with('/')) return false;
        text.remove_prefix(1);
        const std::string_view part = text.substr(0, text.find('/'));
        if (part.empty() || part == "." || part == ".." || !std::ranges::all_of(part, is_word_character))
            return false;
        text.remove_prefix(part.size());
    }
    return true;
}

bool is_host_list(std::string_view text) {
    while (true) {
        const std::size_t comma = std::min(text.find(','), text.size());
        std::string_view host = text.substr(0, comma);
        while (host.starts_with(' ')) host.remove_prefix(1);
        while (host.ends_with(' ')) host.remove_suffix(1);
        if (host.empty() || !std::ranges::all_of(host, is_word_character)) return false;
        if (comma == text.size()) return true;
        text.remove_prefix(comma + 1);
    }
}

bool is_topic(std::string_view text) {
    return text.front() != '/' && text.back() != '/' && std::ranges::all_of(text, [](char c) {
               return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '+' && c != '#';
           });
}

bool has_form(std::string_view text, TextForm form) {
    switch (form) {
        case TextForm::path:
            return text.front() == '/' &&
                   std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
        case TextForm::word: return std::ranges::all_of(text, is_word_character);
        case TextForm::ascii: return std::ranges::all_of(text, is_visible_ascii);
        case TextForm::host_and_port: return is_host_and_port(text);
        case TextForm::duration: return read_duration(text).has_value();
        case TextForm::url: return is_url(text);
        case TextForm::group: return is_group(text);
        case TextForm::json_path: return read_json_path(text).has_value();
        case TextForm::json_sum: return read_json_sum(text).has_value();
        case TextForm::https_url: return is_https_url(text);
        case TextForm::ip_address: return is_ipv4(text) || is_ipv6(text);
        case TextForm::url_path: return is_url_path(text);
        case TextForm::host_list: return is_host_list(text);
        case TextForm::topic: return is_topic(text);
    }
    return false;
}

std::string_view words(TextForm form) {
    switch (form) {
        case TextForm::path: return "an absolute path (it begins with /)";
        case TextForm::word: return "a name of letters, digits, '_', '-' and '.'";
        case TextForm::ascii: return "a text of ASCII characters";
        case TextForm::host_and_port: return "host:port with a port between 1 and 65535";
        case TextForm::url:
            return "an address that begins with http:// or https://, without user and password,";
        case TextForm::group: return "a multicast address, 224.0.0.0 to 239.255.255.255,";
        case TextForm::json_path: return "a JSON pointer such as \"/time\"";
        case TextForm::json_sum:
            return "JSON pointers such as \"/power\", \"/l1 + /l2\" or \"/emeters/*/power\", or \"plain\",";
        case TextForm::duration: return "a duration such as \"90s\", \"10min\" or \"1h30min\" (d, h, min, s)";
        case TextForm::topic: return "a topic without +, # and a slash at its ends,";
        case TextForm::https_url: return "an address that begins with https://, without user and password,";
        case TextForm::ip_address: return "an IPv4 or IPv6 address";
        case TextForm::url_path: return "\"/\" or a path such as \"/battery\", without a / at its end,";
        case TextForm::host_list: return "names such as \"pi.lan, battery.example\", separated by commas,";
    }
    return "";
}

}  // namespace

std::optional<std::string> text_fault(std::string_view text, TextForm form, std::size_t longest) {
    if (!text.empty() && text.size() <= longest && has_form(text, form)) return {};
    return "must be " + text_words(form, longest);
}

std::string text_words(TextForm form, std::size_t longest) {
    if (form == TextForm::duration) return std::string(words(form));
    return std::string(words(form)) + " of 1 to " + std::to_string(longest) + " characters";
}

}  // namespace jkp::config
