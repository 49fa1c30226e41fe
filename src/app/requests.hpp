// SPDX-License-Identifier: MIT
// The local socket's requests: {"command":"status"}, {"command":"ack","pack":"NAME"},
// {"command":"recover","pack":"NAME","confirm":"NAME"},
// {"command":"order","order":{"command","value","expires_s"}}. Every answer has `ok`, and `error` when false.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "app/commands.hpp"
#include "app/controller.hpp"
#include "report/snapshot.hpp"

namespace jkp::app {

struct RequestContext {
    Controller& controller;
    const control::Config& config;
    TimePoint now;
    std::function<report::Snapshot()> snapshot;
    std::function<void(const std::string&)> attribute;  // tells who did what
    bool changed = false;                               // a control cycle is due
    bool stopping = false;                              // what is stored has been written: only status
    std::string from{};                                 // who asks: "user 0"
    AnswerCommand command{};                            // without it nothing can be ordered
};

std::string answer_request(std::string_view request, RequestContext& context);

}  // namespace jkp::app
