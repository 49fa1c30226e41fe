// SPDX-License-Identifier: MIT
#include "app/web_files.hpp"

#include <zlib.h>

#include <algorithm>
#include <string>
#include <vector>

namespace jkp::app {
namespace {

using io::web_error;
using io::WebReply;
using io::WebRequest;

constexpr std::size_t longest_file = 4U << 20U;

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
    return text;
}

// "gzip;q=0" is a refusal.
bool accepts_gzip(std::string_view field) {
    while (!field.empty()) {
        const std::size_t comma = std::min(field.find(','), field.size());
        const std::string_view item = field.substr(0, comma);
        field.remove_prefix(std::min(comma + 1, field.size()));
        const std::size_t semicolon = std::min(item.find(';'), item.size());
        const std::string_view coding = trimmed(item.substr(0, semicolon));
        if (coding != "gzip" && coding != "*") continue;
        const std::string_view weight = trimmed(item.substr(std::min(semicolon + 1, item.size())));
        return weight.find_first_not_of("q=0.") != std::string_view::npos || weight.empty();
    }
    return false;
}

bool has_it(std::string_view field, std::string_view etag) {
    while (!field.empty()) {
        const std::size_t comma = std::min(field.find(','), field.size());
        std::string_view item = trimmed(field.substr(0, comma));
        field.remove_prefix(std::min(comma + 1, field.size()));
        if (item.starts_with("W/")) item.remove_prefix(2);
        if (item == etag || item == "*") return true;
    }
    return false;
}

std::optional<std::string> inflated(std::span<const std::byte> gzip) {
    constexpr int gzip_only = 16 + MAX_WBITS;
    z_stream stream{};
    if (inflateInit2(&stream, gzip_only) != Z_OK) return std::nullopt;
    std::vector<Bytef> in(gzip.size());
    std::ranges::transform(gzip, in.begin(), [](std::byte b) { return std::to_integer<Bytef>(b); });
    std::vector<Bytef> out;
    stream.next_in = in.data();
    stream.avail_in = static_cast<uInt>(in.size());
    int result = Z_OK;
    while (result == Z_OK && out.size() < longest_file) {
        const std::size_t before = out.size();
        out.resize(before + 65536);
        stream.next_out = out.data() + before;
        stream.avail_out = 65536;
        result = ::inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    ::inflateEnd(&stream);
    if (result != Z_STREAM_END) return std::nullopt;
    return std::string(out.begin(), out.end());
}

// Names below assets/ hold a digest of the content.
std::string caching(std::string_view path) {
    return path.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

}  // namespace

std::optional<WebReply> file_reply(const WebRequest& request, std::span<const web::Asset> files) {
    const std::string_view path = request.path.empty() ? std::string_view("index.html") : request.path;
    const auto file = std::ranges::find(files, path, &web::Asset::path);
    if (file == files.end()) return std::nullopt;
    WebReply reply;
    reply.content_type = file->content_type;
    reply.headers = {{"Cache-Control", caching(path)}, {"Vary", "Accept-Encoding"}};
    if (!accepts_gzip(request.header("Accept-Encoding"))) {
        auto text = inflated(file->gzip);
        if (!text) return web_error(406, "this file is only there compressed with gzip");
        reply.text = std::move(*text);
        return reply;
    }
    reply.headers.emplace_back("ETag", std::string(file->etag));
    if (has_it(request.header("If-None-Match"), file->etag)) {
        reply.status = 304;
        return reply;
    }
    reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.raw = file->gzip;
    return reply;
}

}  // namespace jkp::app
