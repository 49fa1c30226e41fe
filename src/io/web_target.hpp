// SPDX-License-Identifier: MIT
// The target of a request line and the name in Host, judged before anything else looks at them. Thread: any.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "io/web_message.hpp"

namespace jkp::io {

inline constexpr std::size_t max_target = 2048;
inline constexpr std::size_t max_parameters = 32;

struct WebTarget {
    std::string path;  // as WebRequest::path
    WebFields query;
    bool is_bare_base = false;  // "/battery" without the / that relative links need
};

enum class TargetError : std::uint8_t {
    too_long,
    no_path,        // not in the form "/path"
    bad_escape,     // % without two hexadecimal digits
    bad_character,  // NUL, a control character, a backslash
    not_canonical,  // an empty part, "." or "..", however written
    too_many_parameters,
};
std::string_view describe(TargetError error);

// `base` is "/" or "/battery"; a target that does not begin with it is taken as it is, for proxies that cut
// it off.
Result<WebTarget, TargetError> read_target(std::string_view target, std::string_view base);

// The host in "name:port", "[::1]:port"; empty when it is none.
std::string_view host_of(std::string_view host_and_port);
// An address, localhost, or one of `names`. A page that was loaded under another name came here by DNS
// rebinding; under an address it cannot.
bool is_known_host(std::string_view host_and_port, std::span<const std::string> names);
// "pi.lan, battery.example" as names.
std::vector<std::string> host_names(std::string_view list);

}  // namespace jkp::io
