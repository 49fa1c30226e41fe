// SPDX-License-Identifier: MIT
#include "io/curl_library.hpp"

#include <stdexcept>

#include "io/shared_library.hpp"

namespace jkp::io {
namespace {

CurlLibrary load() {
    const SharedLibrary library("libcurl.so.4", "libcurl4");
    CurlLibrary c{};
    library.find(c.global_init, "curl_global_init");
    library.find(c.easy_init, "curl_easy_init");
    library.find(c.easy_cleanup, "curl_easy_cleanup");
    library.find(c.easy_setopt, "curl_easy_setopt");
    library.find(c.easy_getinfo, "curl_easy_getinfo");
    library.find(c.easy_strerror, "curl_easy_strerror");
    library.find(c.slist_append, "curl_slist_append");
    library.find(c.slist_free_all, "curl_slist_free_all");
    library.find(c.multi_init, "curl_multi_init");
    library.find(c.multi_cleanup, "curl_multi_cleanup");
    library.find(c.multi_add_handle, "curl_multi_add_handle");
    library.find(c.multi_remove_handle, "curl_multi_remove_handle");
    library.find(c.multi_perform, "curl_multi_perform");
    library.find(c.multi_poll, "curl_multi_poll");
    library.find(c.multi_wakeup, "curl_multi_wakeup");
    library.find(c.multi_info_read, "curl_multi_info_read");
    library.find(c.url, "curl_url");
    library.find(c.url_cleanup, "curl_url_cleanup");
    library.find(c.url_get, "curl_url_get");
    library.find(c.url_set, "curl_url_set");
    library.find(c.free, "curl_free");
    if (c.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl does not start");
    return c;
}

}  // namespace

const CurlLibrary& curl() {
    static const CurlLibrary library = load();
    return library;
}

}  // namespace jkp::io
