// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "core/ensure.hpp"
#include "goodwe/sems_answer.hpp"
#include "goodwe/sems_json.hpp"

namespace jkp::goodwe {
namespace {

constexpr std::size_t longest_header = 8192;

// "eu.semsportal.com" of an address, or "" when it is not https.
std::string_view host_of(std::string_view url) {
    constexpr std::string_view scheme = "https://";
    if (!url.starts_with(scheme)) return {};
    url.remove_prefix(scheme.size());
    return url.substr(0, url.find_first_of("/?#"));
}

bool of_the_portal(std::string_view host) {
    constexpr std::array<std::string_view, 2> owners{".semsportal.com", ".goodwe.com"};
    const bool plain = std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
    return plain &&
           std::ranges::any_of(owners, [&](std::string_view owner) { return host.ends_with(owner); });
}

bool may_follow(std::string_view target, std::string_view base) {
    const std::string_view host = host_of(target);
    return !host.empty() && (host == host_of(base) || of_the_portal(host));
}

std::string without_slash(std::string text) {
    while (text.ends_with('/')) text.pop_back();
    return text;
}

}  // namespace

std::string_view name(SemsApi api) {
    switch (api) {
        case SemsApi::legacy: return "legacy";
        case SemsApi::semsplus: return "semsplus";
    }
    broken("a SemsApi of the list", std::source_location::current());
}

std::optional<SemsFault> refusal_in(std::string_view body) {
    const auto answer = sems::successful(body);
    if (answer) return std::nullopt;
    return answer.error();
}

SemsContent content_of(std::string_view body) {
    const auto answer = sems::successful(body);
    if (!answer) return SemsContent::none;
    const sems::Json& data = sems::member(*answer, "data");
    if (!sems::member(data, "token").is_null()) return SemsContent::login;
    if (!sems::member(data, "inverter").is_null()) return SemsContent::monitor;
    for (const char* key : {"pBat", "pGrid", "pSystem", "pConsum"}) {
        if (!sems::member(data, key).is_null()) return SemsContent::flow;
    }
    return SemsContent::none;
}

Result<SemsToken, SemsFault> parse_sems_login(SemsApi api, std::string_view body, std::string_view base) {
    const auto answer = sems::successful(body);
    if (!answer) return failure(answer.error());
    const sems::Json& data = sems::member(*answer, "data");
    if (const sems::Json& factor = sems::member(data, "mfaRequired");
        factor.is_boolean() && factor.get<bool>()) {
        return failure(SemsFault::second_factor);
    }
    SemsToken token;
    token.token = sems::text_of(sems::member(data, "token"));
    if (token.token.empty()) return failure(SemsFault::no_token);
    token.uid = sems::text_of(sems::member(data, "uid"));
    token.header = data.dump(-1, ' ', true);
    const sems::Json& holder = api == SemsApi::legacy ? *answer : data;
    const std::string named = sems::text_of(sems::member(holder, "api"));
    const std::string usual = std::string(base) + (api == SemsApi::legacy ? "/api" : "/web/sems");
    token.base = without_slash(named.empty() ? usual : named);
    if (token.header.size() > longest_header || !may_follow(token.base, base)) {
        return failure(SemsFault::garbage);
    }
    return token;
}

}  // namespace jkp::goodwe
