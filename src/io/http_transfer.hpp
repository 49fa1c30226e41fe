// SPDX-License-Identifier: MIT
// One request while libcurl works on it. Thread: the one of the HttpClient.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "io/curl_library.hpp"
#include "io/http_client.hpp"

namespace jkp::io {

struct EasyDeleter {
    void operator()(CURL* handle) const { curl().easy_cleanup(handle); }
};
struct ListDeleter {
    void operator()(curl_slist* list) const { curl().slist_free_all(list); }
};

// Why a request cannot be sent like this.
std::optional<HttpFailure> request_fault(const HttpRequest& request);

class HttpTransfer {
  public:
    explicit HttpTransfer(HttpRequest request);
    HttpTransfer(const HttpTransfer&) = delete;
    HttpTransfer& operator=(const HttpTransfer&) = delete;

    [[nodiscard]] CURL* handle() const { return handle_.get(); }
    // When libcurl has ended it, with its verdict.
    [[nodiscard]] HttpResult result(CURLcode code);

  private:
    static std::size_t take(char* data, std::size_t size, std::size_t count, void* self);
    void set_up();
    void set_up_security();

    HttpRequest request_;
    std::string origin_;
    std::string body_;
    bool too_large_ = false;
    std::array<char, CURL_ERROR_SIZE> detail_{};
    std::unique_ptr<curl_slist, ListDeleter> headers_;
    std::unique_ptr<CURL, EasyDeleter> handle_;  // last: it points at the others
};

}  // namespace jkp::io
