// SPDX-License-Identifier: MIT
// The addresses of the web server and what each answers (docs/web.md). No socket and no clock of its own.
// Thread: that of the loop.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "app/web_access.hpp"
#include "app/web_live.hpp"
#include "app/web_sources.hpp"
#include "io/web_message.hpp"

namespace jkp::app {

struct WebRoute {
    std::string_view path;    // without a / in front
    std::string_view method;  // GET (with HEAD), POST
};

class WebRoutes {
  public:
    WebRoutes(WebSources sources, WebAccess access);
    ~WebRoutes();
    WebRoutes(const WebRoutes&) = delete;
    WebRoutes& operator=(const WebRoutes&) = delete;

    // Never throws and never blocks; may answer later. One that answers later may outlive this object.
    void handle(const io::WebRequest& request, io::WebResponder respond);
    // After each control cycle: what was made of the one before is old.
    void on_cycle();
    // Sends the snapshot to whoever watches, when it is due.
    void show(TimePoint now);
    [[nodiscard]] bool is_due(TimePoint now) const;
    void on_event(const report::EventRecord& event);

    // All but the files of the dashboard.
    static std::span<const WebRoute> list();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jkp::app
