// SPDX-License-Identifier: MIT
#include "io/digest.hpp"

#include <openssl/evp.h>

#include <array>
#include <cstdint>

#include "core/ensure.hpp"
#include "io/shared_library.hpp"

namespace jkp::io {
namespace {

struct CryptoLibrary {
    decltype(&EVP_Digest) digest;
    decltype(&EVP_md5) md5;
    decltype(&EVP_sha256) sha256;
};

const CryptoLibrary& crypto() {
    static const CryptoLibrary library = [] {
        const SharedLibrary loaded("libcrypto.so.3", "libssl3");
        CryptoLibrary c{};
        loaded.find(c.digest, "EVP_Digest");
        loaded.find(c.md5, "EVP_md5");
        loaded.find(c.sha256, "EVP_sha256");
        return c;
    }();
    return library;
}

std::string digest_hex(std::string_view text, const EVP_MD* algorithm) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> bytes;
    unsigned size = 0;
    const int done = crypto().digest(text.data(), text.size(), bytes.data(), &size, algorithm, nullptr);
    ensure(done == 1, "OpenSSL knows the digest");
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (std::size_t i = 0; i < size; ++i) hex.append({digits[bytes[i] >> 4U], digits[bytes[i] & 15U]});
    return hex;
}

}  // namespace

std::string md5_hex(std::string_view text) {
    return digest_hex(text, crypto().md5());
}
std::string sha256_hex(std::string_view text) {
    return digest_hex(text, crypto().sha256());
}

}  // namespace jkp::io
