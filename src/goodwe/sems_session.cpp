// SPDX-License-Identifier: MIT
#include "goodwe/sems_session.hpp"

#include <algorithm>
#include <utility>

namespace jkp::goodwe {

std::optional<SemsFault> fault_of_status(int status) {
    if (status == 200) return std::nullopt;
    if (status == 429) return SemsFault::rate_limited;
    if (status == 401 || status == 403) return SemsFault::session_expired;
    if (status == 404 || status == 410) return SemsFault::request_refused;
    return SemsFault::server_error;
}

namespace {

// What the body of a refusal says is more precise than the status.
SemsFault fault_of_refusal(int status, std::optional<SemsFault> told) {
    const bool precise = told && *told != SemsFault::garbage && *told != SemsFault::unknown_code;
    return precise ? *told : *fault_of_status(status);
}

}  // namespace

SemsSession::SemsSession(SemsStation station, Duration poll) : station_(std::move(station)), poll_(poll) {}

std::optional<TimePoint> SemsSession::due() const {
    return due_;
}

SemsQuestion SemsSession::question() const {
    return token_ ? SemsQuestion::data : SemsQuestion::login;
}

Result<std::optional<SemsReading>, SemsFault> SemsSession::read(const SemsHttpAnswer& answer) {
    if (!token_) {
        auto token = parse_sems_login(station_.api, answer.body, station_.base);
        if (!token) return failure(token.error());
        token_ = *std::move(token);
        return std::nullopt;
    }
    auto reading = station_.api == SemsApi::legacy ? parse_sems_monitor(answer.body, station_.inverter)
                                                   : parse_sems_flow_battery(answer.body);
    if (!reading) return failure(reading.error());
    return *std::move(reading);
}

Result<std::optional<SemsReading>, SemsFault> SemsSession::answered(const SemsHttpAnswer& answer,
                                                                    TimePoint now) {
    if (!due_) return failure(SemsFault::unknown_code);
    Result<std::optional<SemsReading>, SemsFault> result;
    if (fault_of_status(answer.status)) {
        result = failure(fault_of_refusal(answer.status, refusal_in(answer.body)));
    } else {
        result = read(answer);
    }
    if (!result) {
        react(result.error(), answer.retry_after, now);
    } else if (!*result) {
        due_ = now;
    } else {
        due_ = now + poll_;
        pause_ = Duration::zero();
        logged_in_again_ = false;
    }
    return result;
}

void SemsSession::unanswered(TimePoint now) {
    if (due_) react(SemsFault::unreachable, std::nullopt, now);
}

Duration SemsSession::next_pause() {
    pause_ = std::clamp(2 * pause_, sems_first_pause, sems_longest_pause);
    return pause_;
}

void SemsSession::react(SemsFault fault, const std::optional<Duration>& retry_after, TimePoint now) {
    switch (reaction_to(fault)) {
        case SemsReaction::stop:
            due_.reset();
            token_.reset();
            return;
        case SemsReaction::log_in:
            // At login there is no session that could have expired: that is a refusal like any other.
            if (std::exchange(token_, std::nullopt) && !std::exchange(logged_in_again_, true)) {
                due_ = now;
                return;
            }
            break;
        case SemsReaction::retry_slowly: due_ = now + sems_slow_pause; return;
        case SemsReaction::back_off: break;
    }
    Duration pause = token_ ? std::max(next_pause(), poll_) : next_pause();
    if (fault == SemsFault::rate_limited_hard) pause = std::max(pause, sems_hard_pause);
    if (retry_after) pause = std::max(pause, std::min(*retry_after, sems_longest_retry_after));
    due_ = now + pause;
}

}  // namespace jkp::goodwe
