// SPDX-License-Identifier: MIT
// The web server as an outlet: listens, answers, shows each control cycle to whoever watches. It takes
// nothing from control but a look at the snapshot, and nothing that happens here can stop or delay a cycle
// for longer than making one text takes. Thread: that of the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/web_sources.hpp"
#include "config/web_settings.hpp"
#include "core/time.hpp"
#include "report/snapshot.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

class WebApi {
  public:
    // Each change: whether it listens, and a sentence with the address, or with cause and next step.
    using OnState = std::function<void(bool good, const std::string& sentence)>;

    // Opens nothing.
    WebApi(boost::asio::io_context& loop, config::WebSettings settings, WebSources sources, OnState on_state);
    ~WebApi();  // as stop()
    WebApi(const WebApi&) = delete;
    WebApi& operator=(const WebApi&) = delete;

    // Listens, or tries again every 5 s until it can. With enabled = false it does nothing.
    void start();
    // Ends every connection.
    void stop();
    // Other settings, or other tokens in the files: begins anew. Otherwise nobody is disturbed.
    void adopt(const config::WebSettings& settings);

    void on_cycle(TimePoint now);
    void on_event(const report::EventRecord& event);
    [[nodiscard]] report::LinkView view() const;
    // "http://127.0.0.1:8330/"; empty while it does not listen.
    [[nodiscard]] std::string url() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
