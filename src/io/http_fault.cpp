// SPDX-License-Identifier: MIT
#include "io/http_fault.hpp"

#include <memory>

#include "core/ensure.hpp"
#include "io/curl_library.hpp"

namespace jkp::io {
namespace {

struct UrlDeleter {
    void operator()(CURLU* url) const { curl().url_cleanup(url); }
};

std::string part_of(CURLU* url, CURLUPart part) {
    char* text = nullptr;
    if (curl().url_get(url, part, &text, 0) != CURLUE_OK) return {};
    std::string copy(text);
    curl().free(text);
    return copy;
}

HttpError kind_of(CURLcode code) {
    // A list of libcurl that grows: everything else is a broken conversation.
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) return HttpError::bad_request;
    if (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) return HttpError::dns;
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_INTERFACE_FAILED) return HttpError::connect;
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR ||
        code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CIPHER ||
        code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_INVALIDCERTSTATUS) {
        return HttpError::tls;
    }
    if (code == CURLE_OPERATION_TIMEDOUT) return HttpError::timeout;
    if (code == CURLE_FILESIZE_EXCEEDED) return HttpError::too_large;
    return HttpError::protocol;
}

std::string sentence_of(HttpError error, const std::string& origin, const std::string& why) {
    switch (error) {
        case HttpError::bad_request: return "The address of " + origin + " cannot be used" + why + ".";
        case HttpError::busy: return "Too many requests at once; " + origin + " was not asked.";
        case HttpError::dns:
            return "The name of " + origin + " has no address" + why +
                   ". Look at the spelling and at the network's name server.";
        case HttpError::connect:
            return "Cannot reach " + origin + why + ". Is it switched on, and is the port right?";
        case HttpError::tls:
            return "The encrypted connection to " + origin + " was refused by this side" + why +
                   ". Look at the clock of this machine; a server with its own certificate needs ca_file.";
        case HttpError::timeout: return origin + " did not answer in time" + why + ".";
        case HttpError::too_large: return origin + " sends a far longer answer than expected; not read.";
        case HttpError::redirect: return origin + " answers that the data are elsewhere.";
        case HttpError::protocol: return "The conversation with " + origin + " broke off" + why + ".";
    }
    broken("an HttpError of the list", std::source_location::current());
}

}  // namespace

std::string_view name(HttpError error) {
    switch (error) {
        case HttpError::bad_request: return "bad_request";
        case HttpError::busy: return "busy";
        case HttpError::dns: return "dns";
        case HttpError::connect: return "connect";
        case HttpError::tls: return "tls";
        case HttpError::timeout: return "timeout";
        case HttpError::too_large: return "too_large";
        case HttpError::redirect: return "redirect";
        case HttpError::protocol: return "protocol";
    }
    broken("an HttpError of the list", std::source_location::current());
}

std::string origin_of(const std::string& url) {
    const std::unique_ptr<CURLU, UrlDeleter> parsed(curl().url());
    if (curl().url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return "the address";
    const std::string port = part_of(parsed.get(), CURLUPART_PORT);
    return part_of(parsed.get(), CURLUPART_SCHEME) + "://" + part_of(parsed.get(), CURLUPART_HOST) +
           (port.empty() ? "" : ":" + port);
}

HttpFailure http_failure(int code, const std::string& origin, const std::string& detail) {
    const auto verdict = static_cast<CURLcode>(code);
    const HttpError error = kind_of(verdict);
    // libcurl's own text may quote what was sent; only texts about the connection cannot.
    const bool harmless = error == HttpError::connect || error == HttpError::tls;
    const std::string why = harmless && !detail.empty() ? detail : curl().easy_strerror(verdict);
    return {error, sentence_of(error, origin, " (" + why + ")")};
}

}  // namespace jkp::io
