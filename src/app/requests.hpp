// SPDX-License-Identifier: MIT
// The local socket's requests: {"command":"status"}, {"command":"ack","pack":"NAME"},
// {"command":"recover","pack":"NAME","confirm":"NAME"}. Every answer has `ok`, and `error` when false.
#pragma once

#include <functional>
#include <string>
#include <string_view>

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
};

std::string answer_request(std::string_view request, RequestContext& context);

}  // namespace jkp::app
