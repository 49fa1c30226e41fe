// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

namespace jkp::config {
namespace {

constexpr std::size_t longest_path = 255;
constexpr std::size_t longest_address = 45;
constexpr std::size_t longest_base = 100;
constexpr std::size_t longest_hosts = 1000;
constexpr std::size_t longest_name = 64;

using W = WebSettings;

template <auto Member>
constexpr auto web_text(TextForm form, std::size_t longest) {
    return text<&Settings::web, Member>(form, longest);
}

const Key<Settings> rows[] = {
    {"web", "enabled", flag<&Settings::web, &W::enabled>(),
     "Whether dashboard, HTTP API and metrics are served at all."},
    {"web", "listen", web_text<&W::listen>(TextForm::ip_address, longest_address),
     "The address of this machine that is listened on; 0.0.0.0 or :: for all. Whoever reaches it may read, "
     "unless there is a read token."},
    {"web", "port", number<&Settings::web, &W::port>(plain, 0, 65535),
     "The TCP port; 0 takes a free one and tells which."},
    {"web", "base_path", web_text<&W::base_path>(TextForm::url_path, longest_base),
     "Where a reverse proxy shows it, for example /battery. A proxy may cut this off or leave it."},
    {"web", "hosts", web_text<&W::hosts>(TextForm::host_list, longest_hosts),
     "Names besides localhost and addresses under which a browser may ask, separated by commas; every other "
     "name is refused, which defeats DNS rebinding."},
    {"web", "write_token_file", web_text<&W::write_token_file>(TextForm::path, longest_path),
     "A file with one line, the token for commands, at least 20 characters, that others cannot read (mode "
     "0600). Without a token nothing can be written."},
    {"web", "write_token", web_text<&W::write_token>(TextForm::word, longest_name),
     "The name of this file in LoadCredential of the unit."},
    {"web", "read_token_file", web_text<&W::read_token_file>(TextForm::path, longest_path),
     "The same for reading. Without a token everybody who reaches the address may read."},
    {"web", "read_token", web_text<&W::read_token>(TextForm::word, longest_name),
     "The name of this file in LoadCredential of the unit."},
    {"web", "max_connections", number<&Settings::web, &W::max_connections>(plain, 4, 256),
     "How many connections may be open at once; three quarters of them may watch live values."},
};

}  // namespace

std::span<const Key<Settings>> web_keys() {
    return rows;
}

}  // namespace jkp::config
