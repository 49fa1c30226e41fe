// SPDX-License-Identifier: MIT
// Which request does an answer belong to? The protocol carries no number that a BMS is known to repeat, so
// an answer to a request that timed out looks exactly like the answer to the next one. While such an answer
// may still come, the next one is in doubt: it is discarded and the question is asked again.
#pragma once

#include "core/time.hpp"

namespace jkp::app {

class AnswerMatch {
  public:
    // After this long a request counts as lost. A BMS begins to answer within 1 ms, adapters add up to 20 ms.
    static constexpr Duration forget_after = std::chrono::seconds(3);

    // A request sent at that instant timed out without a byte of an answer.
    void unanswered(TimePoint sent) {
        open_ = in_doubt(sent) ? open_ + 1 : 1;
        last_ = sent;
    }
    // An answer was seen and discarded: the oldest open request has had its answer.
    void discarded() {
        if (open_ > 0) --open_;
    }
    // Requests and answers are known to be in step.
    void settled() { open_ = 0; }

    [[nodiscard]] bool in_doubt(TimePoint now) const { return open_ > 0 && now < doubt_ends(); }
    [[nodiscard]] TimePoint doubt_ends() const { return last_ + forget_after; }

  private:
    unsigned open_ = 0;
    TimePoint last_{};
};

}  // namespace jkp::app
