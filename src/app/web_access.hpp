// SPDX-License-Identifier: MIT
// Who may read and who may write. Thread: that of the loop.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/web_settings.hpp"
#include "core/result.hpp"
#include "io/web_message.hpp"

namespace jkp::app {

inline constexpr std::size_t shortest_token = 20;

struct WebTokens {
    std::optional<std::string> read;   // absent: everybody may read
    std::optional<std::string> write;  // absent: nobody may write
    std::string fault;                 // a sentence: why nothing can be written although a file is named
    bool operator==(const WebTokens&) const = default;
};

// From their files, or as systemd hands them over. A token for reading that is configured and cannot be used
// is an error: without it everybody could read. One for writing is a fault.
Result<WebTokens, std::string> read_tokens(const config::WebSettings& settings);

// In a time that does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);

class WebAccess {
  public:
    WebAccess(WebTokens tokens, std::vector<std::string> hosts);

    // What is said instead of an answer; absent: go on. The token for writing reads too.
    [[nodiscard]] std::optional<io::WebReply> refuse_read(const io::WebRequest& request) const;
    // Also counts wrong tokens: after 10 of one address within 10 s further wrong ones are 429. The right one
    // is always taken.
    std::optional<io::WebReply> refuse_write(const io::WebRequest& request);
    [[nodiscard]] bool can_write() const { return tokens_.write.has_value(); }

  private:
    [[nodiscard]] bool comes_from_elsewhere(const io::WebRequest& request) const;
    io::WebReply refuse_guess(const io::WebRequest& request);

    WebTokens tokens_;
    std::vector<std::string> hosts_;
    struct Guess {
        TimePoint at{};
        std::string client;
    };
    std::deque<Guess> guesses_;
};

}  // namespace jkp::app
