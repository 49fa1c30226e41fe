// SPDX-License-Identifier: MIT
#include "io/http_transfer.hpp"

#include <algorithm>
#include <utility>

#include "core/ensure.hpp"
#include "io/clock.hpp"

namespace jkp::io {
namespace {

// An option libcurl of the release knows cannot fail but for want of memory.
template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
    ensure(curl().easy_setopt(handle, option, value) == CURLE_OK, "libcurl takes the option");
}

bool has_break(const std::string& text) {
    return text.find_first_of(std::string("\r\n\0", 3)) != std::string::npos;
}

// The part between "://" and the next "/", where a user would stand.
std::string authority(const std::string& url) {
    const std::size_t begin = url.find("://");
    if (begin == std::string::npos) return {};
    return url.substr(begin + 3, url.find_first_of("/?#", begin + 3) - begin - 3);
}

HttpFailure refused(const std::string& why) {
    return {HttpError::bad_request, "The request was not sent: " + why + "."};
}

std::optional<std::chrono::seconds> retry_after(CURL* handle) {
    curl_off_t seconds = 0;
    curl().easy_getinfo(handle, CURLINFO_RETRY_AFTER, &seconds);
    if (seconds <= 0) return std::nullopt;
    return std::chrono::seconds(seconds);
}

// Foreign text that goes into a log: printable ASCII, one line, not endless.
std::string shown(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string result(text.substr(0, longest));
    std::ranges::replace_if(result, [](char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return text.size() > longest ? result + "..." : result;
}

// The host alone: the rest of the new address may carry what the old one carried.
HttpFailure redirect(CURL* handle, const std::string& origin) {
    const char* target = nullptr;
    curl().easy_getinfo(handle, CURLINFO_REDIRECT_URL, &target);
    return {HttpError::redirect,
            origin + " answers that the data are elsewhere" +
                (target == nullptr ? std::string() : " (at " + shown(origin_of(target)) + ")") +
                ". Redirects are not followed: write the final address into the configuration."};
}

}  // namespace

std::optional<HttpFailure> request_fault(const HttpRequest& request) {
    const bool https = request.url.starts_with("https://");
    const bool http = request.url.starts_with("http://");
    if (!https && !http) return refused("an address begins with https:// or http://");
    if (!https && !request.plain_allowed) return refused("only https:// is allowed here");
    if (has_break(request.url)) return refused("the address holds a line break");
    if (authority(request.url).find('@') != std::string::npos) {
        return refused("user and password do not belong into the address");
    }
    const bool broken_header = std::ranges::any_of(request.headers, [](const HttpHeader& header) {
        return header.name.empty() || has_break(header.name) || has_break(header.value);
    });
    if (broken_header) return refused("a header holds a line break or has no name");
    return std::nullopt;
}

HttpTransfer::HttpTransfer(HttpRequest request)
    : request_(std::move(request)), origin_(origin_of(request_.url)), handle_(curl().easy_init()) {
    ensure(handle_ != nullptr, "libcurl gives a handle");
    set_up();
    set_up_security();
}

void HttpTransfer::set_up() {
    CURL* handle = handle_.get();
    for (const HttpHeader& header : request_.headers) {
        const std::string line = header.name + (header.value.empty() ? ";" : ": " + header.value);
        curl_slist* list = curl().slist_append(headers_.get(), line.c_str());
        ensure(list != nullptr, "memory for a header");
        (void)headers_.release();
        headers_.reset(list);
    }
    set(handle, CURLOPT_URL, request_.url.c_str());
    set(handle, CURLOPT_HTTPHEADER, headers_.get());
    set(handle, CURLOPT_NOSIGNAL, 1L);
    set(handle, CURLOPT_QUICK_EXIT, 1L);  // a name server that hangs does not delay the end
    set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request_.connect_timeout.count()));
    set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.total_timeout.count()));
    set(handle, CURLOPT_WRITEFUNCTION, &HttpTransfer::take);
    set(handle, CURLOPT_WRITEDATA, this);
    set(handle, CURLOPT_ERRORBUFFER, detail_.data());
    set(handle, CURLOPT_PRIVATE, this);
    if (request_.method == HttpMethod::post) {
        set(handle, CURLOPT_POST, 1L);
        set(handle, CURLOPT_POSTFIELDS, request_.body.c_str());
        set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    }
}

void HttpTransfer::set_up_security() {
    CURL* handle = handle_.get();
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    set(handle, CURLOPT_PROTOCOLS_STR, request_.plain_allowed ? "http,https" : "https");
    set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    if (!request_.ca_file.empty()) {
        set(handle, CURLOPT_CAINFO, request_.ca_file.c_str());
        set(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
    if (request_.login) {
        set(handle, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC | CURLAUTH_DIGEST));
        set(handle, CURLOPT_USERNAME, request_.login->user.c_str());
        set(handle, CURLOPT_PASSWORD, request_.login->password.c_str());
    }
}

std::size_t HttpTransfer::take(char* data, std::size_t size, std::size_t count, void* self) {
    auto& transfer = *static_cast<HttpTransfer*>(self);
    const std::size_t bytes = size * count;
    if (bytes > transfer.request_.max_body - transfer.body_.size()) {
        transfer.too_large_ = true;
        return 0;  // ends the transfer
    }
    transfer.body_.append(data, bytes);
    return bytes;
}

HttpResult HttpTransfer::result(CURLcode code) {
    if (too_large_) code = CURLE_FILESIZE_EXCEEDED;
    if (code != CURLE_OK) return failure(http_failure(code, origin_, detail_.data()));
    long status = 0;
    curl().easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status >= 300 && status < 400) return failure(redirect(handle_.get(), origin_));
    return HttpAnswer{static_cast<int>(status), std::move(body_), retry_after(handle_.get()), now()};
}

}  // namespace jkp::io
