// SPDX-License-Identifier: MIT
#include "goodwe/sems_fault.hpp"

#include <algorithm>
#include <array>

#include "core/ensure.hpp"

namespace jkp::goodwe {
namespace {

struct CodeRow {
    std::string_view code;
    SemsFault fault;
};
constexpr std::array<CodeRow, 10> codes{{
    {"100001", SemsFault::session_expired},
    {"100002", SemsFault::session_expired},
    {"C0602", SemsFault::session_expired},
    {"C0607", SemsFault::session_expired},
    {"Z0100", SemsFault::session_expired},
    {"A0301", SemsFault::session_expired},
    {"100000", SemsFault::version_refused},
    {"100004", SemsFault::request_refused},
    {"100005", SemsFault::wrong_password},
    {"100025", SemsFault::no_permission},
}};

}  // namespace

std::string_view name(SemsFault fault) {
    switch (fault) {
        case SemsFault::unreachable: return "unreachable";
        case SemsFault::server_error: return "server_error";
        case SemsFault::garbage: return "garbage";
        case SemsFault::session_expired: return "session_expired";
        case SemsFault::rate_limited: return "rate_limited";
        case SemsFault::rate_limited_hard: return "rate_limited_hard";
        case SemsFault::wrong_password: return "wrong_password";
        case SemsFault::no_permission: return "no_permission";
        case SemsFault::request_refused: return "request_refused";
        case SemsFault::version_refused: return "version_refused";
        case SemsFault::no_token: return "no_token";
        case SemsFault::second_factor: return "second_factor";
        case SemsFault::no_station: return "no_station";
        case SemsFault::no_inverter: return "no_inverter";
        case SemsFault::offline: return "offline";
        case SemsFault::no_battery: return "no_battery";
        case SemsFault::unknown_code: return "unknown_code";
    }
    broken("a SemsFault of the list", std::source_location::current());
}

std::string_view describe(SemsFault fault) {
    switch (fault) {
        case SemsFault::unreachable: return "The SEMS portal cannot be reached.";
        case SemsFault::server_error:
            return "The SEMS portal is out of order. Nothing to do here but to wait; asked again later.";
        case SemsFault::garbage:
            return "The SEMS portal answers with something that is not what was asked for. It may have been "
                   "changed, or base_url is not the portal's; asked again later.";
        case SemsFault::session_expired:
            return "The SEMS portal ended the session. Another login of the same account does this: close "
                   "the web page and the app, or give this program an account of its own.";
        case SemsFault::rate_limited:
        case SemsFault::rate_limited_hard:
            return "The SEMS portal says that it is asked too often. Raise poll_s, and look for other "
                   "programs that use the same account; asked again later.";
        case SemsFault::wrong_password:
            return "The SEMS portal refuses user or password. Not tried again, because the account could be "
                   "locked: correct the credentials, then reload; with LoadCredential of systemd only a "
                   "restart hands the new ones over.";
        case SemsFault::no_permission:
            return "The account may not see this station. Look at station in [peer.sems] and at the "
                   "account's rights; not tried again before the next reload.";
        case SemsFault::request_refused:
            return "The SEMS portal does not accept this kind of request (parameter error). Its interface "
                   "was changed or closed: try the other value of api in [peer.sems], or better read the "
                   "inverter in the local network. Tried again every hour.";
        case SemsFault::version_refused:
            return "The SEMS portal does not know this client version. Its interface was changed: try the "
                   "other value of api in [peer.sems], or better read the inverter in the local network. "
                   "Tried again every hour.";
        case SemsFault::no_token:
            return "The SEMS portal accepts the login but gives no token: this interface is closed. Try the "
                   "other value of api in [peer.sems], or better read the inverter in the local network. "
                   "Tried again every hour.";
        case SemsFault::second_factor:
            return "The account asks for a second factor, which a program cannot give. Use an account "
                   "without it, then reload; with LoadCredential of systemd restart.";
        case SemsFault::no_station:
            return "The SEMS portal has no data for this station. Look at station in [peer.sems]: it is the "
                   "last part of the address of the station's web page; asked again later.";
        case SemsFault::no_inverter:
            return "The station has no such inverter, or several: write the serial number into inverter in "
                   "[peer.sems]; asked again later.";
        case SemsFault::offline:
            return "The inverter does not reach the SEMS portal. Look at its Wi-Fi; asked again later.";
        case SemsFault::no_battery:
            return "The answer of the SEMS portal does not say what the battery does: no battery, no value, "
                   "or a value without direction; asked again later.";
        case SemsFault::unknown_code:
            return "The SEMS portal refuses with a code that is not known here; asked again later.";
    }
    broken("a SemsFault of the list", std::source_location::current());
}

SemsReaction reaction_to(SemsFault fault) {
    switch (fault) {
        case SemsFault::session_expired: return SemsReaction::log_in;
        case SemsFault::wrong_password:
        case SemsFault::no_permission:
        case SemsFault::second_factor: return SemsReaction::stop;
        case SemsFault::request_refused:
        case SemsFault::version_refused:
        case SemsFault::no_token: return SemsReaction::retry_slowly;
        case SemsFault::unreachable:
        case SemsFault::server_error:
        case SemsFault::garbage:
        case SemsFault::rate_limited:
        case SemsFault::rate_limited_hard:
        case SemsFault::no_station:
        case SemsFault::no_inverter:
        case SemsFault::offline:
        case SemsFault::no_battery:
        case SemsFault::unknown_code: return SemsReaction::back_off;
    }
    broken("a SemsFault of the list", std::source_location::current());
}

std::optional<SemsFault> fault_of_code(std::string_view code) {
    if (code == "0" || code == "00000") return std::nullopt;
    if (code == "GY0429") return SemsFault::rate_limited_hard;
    const auto row = std::ranges::find(codes, code, &CodeRow::code);
    return row == codes.end() ? SemsFault::unknown_code : row->fault;
}

}  // namespace jkp::goodwe
