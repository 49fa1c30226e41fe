// SPDX-License-Identifier: MIT
// A certificate made for one test, signed by itself.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace jkp::testing {

struct KeyDeleter {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct X509Deleter {
    void operator()(X509* certificate) const { X509_free(certificate); }
};

struct Certificate {
    std::unique_ptr<EVP_PKEY, KeyDeleter> key;
    std::unique_ptr<X509, X509Deleter> certificate;
};

// Valid for an hour. `names`: "IP:127.0.0.1" or "DNS:other.example".
Certificate make_certificate(const std::string& names);
void write_pem(const Certificate& certificate, const std::string& path);

}  // namespace jkp::testing
