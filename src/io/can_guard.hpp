// SPDX-License-Identifier: MIT
// Keeps late completions away from an owner that has moved on or is gone. Boost.Asio may already have
// queued a successful completion when its object is closed; a guarded callback then does nothing.
#pragma once

#include <memory>
#include <utility>

namespace jkp::io {

class CanGuard {
  public:
    template <class Callback>
    auto operator()(Callback callback) const {
        return [token = std::weak_ptr<const char>(token_),
                callback = std::move(callback)](auto&&... args) mutable {
            if (!token.expired()) callback(std::forward<decltype(args)>(args)...);
        };
    }
    // Everything guarded before does nothing from now on.
    void renew() { token_ = std::make_shared<const char>(); }

  private:
    std::shared_ptr<const char> token_ = std::make_shared<const char>();
};

}  // namespace jkp::io
