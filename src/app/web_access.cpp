// SPDX-License-Identifier: MIT
#include "app/web_access.hpp"

#include <algorithm>
#include <filesystem>

#include "io/credentials.hpp"
#include "io/digest.hpp"
#include "io/web_target.hpp"

namespace jkp::app {
namespace {

using io::web_error;
using io::WebReply;
using io::WebRequest;

constexpr std::size_t most_guesses = 10;
constexpr std::size_t most_remembered = 500;
constexpr Duration guesses_window = std::chrono::seconds(10);

constexpr std::string_view how_to_write =
    "writing is off; set web.write_token_file to a file with a token of at least 20 characters (docs/web.md)";

std::string_view bearer(const WebRequest& request) {
    constexpr std::string_view scheme = "bearer ";
    std::string_view field = request.header("Authorization");
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (field.size() <= scheme.size() ||
        !std::ranges::equal(field.substr(0, scheme.size()), scheme, {}, lower))
        return {};
    field.remove_prefix(scheme.size());
    while (field.starts_with(' ')) field.remove_prefix(1);
    return field;
}

WebReply unauthorized(std::string_view sentence) {
    WebReply reply = web_error(401, sentence);
    reply.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"jk-pylon\"");
    return reply;
}

// The path of one token's file; absent when none is configured or handed over.
std::optional<std::string> token_path(const std::string& file, const std::string& credential) {
    if (!file.empty()) return file;
    auto path = io::credential_path(credential);
    std::error_code ignored;
    if (!path || !std::filesystem::exists(*path, ignored)) return std::nullopt;
    return path;
}

Result<std::string, std::string> usable_token(const std::string& path) {
    auto token = io::read_token(path);
    if (token && token->size() < shortest_token) {
        return failure(path + " holds a token of " + std::to_string(token->size()) +
                       " characters; it needs at least 20. Make one with: openssl rand -hex 24");
    }
    return token;
}

}  // namespace

Result<WebTokens, std::string> read_tokens(const config::WebSettings& settings) {
    WebTokens tokens;
    if (const auto path = token_path(settings.read_token_file, settings.read_token)) {
        auto token = usable_token(*path);
        if (!token) return failure(token.error());
        tokens.read = std::move(*token);
    }
    if (const auto path = token_path(settings.write_token_file, settings.write_token)) {
        auto token = usable_token(*path);
        if (token) {
            tokens.write = std::move(*token);
        } else {
            tokens.fault = token.error() + " Nothing can be written until then.";
        }
    }
    return tokens;
}

bool same_secret(std::string_view a, std::string_view b) {
    // Digests have one length, and what their bytes tell says nothing about the secrets.
    const std::string x = io::sha256_hex(a);
    const std::string y = io::sha256_hex(b);
    unsigned differ = 0;
    for (std::size_t i = 0; i < x.size(); ++i) differ |= static_cast<unsigned>(x[i] ^ y[i]);
    return differ == 0;
}

WebAccess::WebAccess(WebTokens tokens, std::vector<std::string> hosts)
    : tokens_(std::move(tokens)), hosts_(std::move(hosts)) {}

std::optional<WebReply> WebAccess::refuse_read(const WebRequest& request) const {
    if (!tokens_.read) return std::nullopt;
    const std::string_view token = bearer(request);
    if (token.empty()) return unauthorized("reading needs the header Authorization: Bearer TOKEN");
    if (same_secret(token, *tokens_.read)) return std::nullopt;
    if (tokens_.write && same_secret(token, *tokens_.write)) return std::nullopt;
    return unauthorized("the token is wrong");
}

std::optional<WebReply> WebAccess::refuse_write(const WebRequest& request) {
    if (!tokens_.write) return web_error(403, how_to_write);
    if (comes_from_elsewhere(request))
        return web_error(403, "the request comes from the page of another site");
    const std::string_view token = bearer(request);
    if (token.empty()) return unauthorized("writing needs the header Authorization: Bearer TOKEN");
    // The right token first: behind a proxy all clients have one address, and whoever guesses there must not
    // keep the owner from a pause.
    if (!same_secret(token, *tokens_.write)) return refuse_guess(request);
    std::string_view type = request.header("Content-Type");
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    if (type != "application/json") return web_error(415, "the body must be of type application/json");
    return std::nullopt;
}

// A browser tells from which page a request comes; other programs say nothing.
bool WebAccess::comes_from_elsewhere(const WebRequest& request) const {
    const std::string_view site = request.header("Sec-Fetch-Site");
    if (site == "cross-site" || site == "same-site") return true;
    std::string_view origin = request.header("Origin");
    if (origin.empty()) return false;
    const std::size_t scheme = origin.find("://");
    if (scheme == std::string_view::npos) return true;  // "null" and the like
    origin.remove_prefix(scheme + 3);
    if (origin == request.header("Host")) return false;
    // A proxy may have put its own name into Host.
    const std::string_view host = io::host_of(origin);
    return std::ranges::find(hosts_, host) == hosts_.end();
}

WebReply WebAccess::refuse_guess(const WebRequest& request) {
    while (!guesses_.empty() && request.at - guesses_.front().at > guesses_window) guesses_.pop_front();
    const auto of_client = std::ranges::count(guesses_, request.client, &Guess::client);
    if (static_cast<std::size_t>(of_client) >= most_guesses) {
        WebReply reply = web_error(429, "too many wrong tokens; wait some seconds");
        reply.headers.emplace_back("Retry-After", "10");
        return reply;
    }
    if (guesses_.size() == most_remembered) guesses_.pop_front();
    guesses_.push_back({request.at, request.client});
    return unauthorized("the token is wrong, or one for reading only");
}

}  // namespace jkp::app
