// SPDX-License-Identifier: MIT
#include "web_server/certificate.hpp"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>

namespace jkp::testing {
namespace {

void require(bool good, const char* what) {
    if (!good) throw std::runtime_error(std::string("certificate: ") + what);
}

void add_extension(X509* certificate, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    require(extension != nullptr, "extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

}  // namespace

Certificate make_certificate(const std::string& names) {
    Certificate made{std::unique_ptr<EVP_PKEY, KeyDeleter>(EVP_EC_gen("P-256")),
                     std::unique_ptr<X509, X509Deleter>(X509_new())};
    X509* x509 = made.certificate.get();
    require(made.key != nullptr && x509 != nullptr, "key");
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, made.key.get());
    X509_NAME* name = X509_get_subject_name(x509);
    const unsigned char text[] = "test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(x509, name);
    add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(x509, NID_subject_alt_name, names);
    require(X509_sign(x509, made.key.get(), EVP_sha256()) > 0, "signature");
    return made;
}

void write_pem(const Certificate& certificate, const std::string& path) {
    std::FILE* file = std::fopen(path.c_str(), "w");
    require(file != nullptr, "file");
    PEM_write_X509(file, certificate.certificate.get());
    std::fclose(file);
}

}  // namespace jkp::testing
