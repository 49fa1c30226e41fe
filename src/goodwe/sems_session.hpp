// SPDX-License-Identifier: MIT
// A session with the SEMS portal: what to ask next, when, and how long to wait after which answer. Pure: time
// is an argument, requests and answers go through the caller, one at a time. Both interfaces behave alike:
//
//   no token --login--> token --data--> reading, again after poll
//      ^                  |
//      +-- expired, once -+        every other fault: wait (sems_fault.hpp), then the same request again
//
// Bounds that hold whatever the portal says: at most two logins in any minute; no request after a fault that
// stops; none before a pause is over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "goodwe/sems_answer.hpp"
#include "goodwe/sems_request.hpp"

namespace jkp::goodwe {

// An answer over HTTP, whatever its status.
struct SemsHttpAnswer {
    int status = 200;
    std::string_view body;
    std::optional<Duration> retry_after;
};

enum class SemsQuestion : std::uint8_t { login, data };

class SemsSession {
  public:
    SemsSession(SemsStation station, Duration poll);

    // When `question` is due; nullopt = never again (stopped). May be in the past.
    [[nodiscard]] std::optional<TimePoint> due() const;
    [[nodiscard]] SemsQuestion question() const;
    // Only for question data; secret.
    [[nodiscard]] const SemsToken& token() const { return *token_; }
    [[nodiscard]] const SemsStation& station() const { return station_; }

    // The result of what was asked: a reading, or nothing after a good login, or the fault.
    Result<std::optional<SemsReading>, SemsFault> answered(const SemsHttpAnswer& answer, TimePoint now);
    // No answer came.
    void unanswered(TimePoint now);

  private:
    Result<std::optional<SemsReading>, SemsFault> read(const SemsHttpAnswer& answer);
    void react(SemsFault fault, const std::optional<Duration>& retry_after, TimePoint now);
    Duration next_pause();

    SemsStation station_;
    Duration poll_;
    std::optional<SemsToken> token_;
    std::optional<TimePoint> due_ = TimePoint{};
    Duration pause_ = Duration::zero();  // the last one since a reading
    bool logged_in_again_ = false;       // since the last reading
};

// What an answer that is no good means by its HTTP status alone; nullopt = look into its body.
std::optional<SemsFault> fault_of_status(int status);

}  // namespace jkp::goodwe
