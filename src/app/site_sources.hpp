// SPDX-License-Identifier: MIT
// What the site outside of the battery is read with, as far as the configuration names it: the grid meter,
// and the ways to the second inverter's battery. Each works for itself; one that fails, hangs or lies takes
// nothing along but its own readings. Thread: that of the io_context.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "control/site.hpp"
#include "core/site.hpp"
#include "core/stamped.hpp"
#include "report/snapshot.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

struct SiteHandlers {
    std::function<void(const Stamped<GridReading>&)> on_grid;
    std::function<void(control::PeerSource, const Stamped<PeerReading>&)> on_peer;
    // Each change of one source: whether it can be used, and a sentence with cause and next step.
    std::function<void(const std::string& source, bool good, const std::string& sentence)> on_state;
};

class SiteSources {
  public:
    // Opens nothing. A configuration that names no source makes nothing: no socket, no thread.
    SiteSources(boost::asio::io_context& loop, const config::Settings& settings, SiteHandlers handlers);
    ~SiteSources();  // as stop()
    SiteSources(const SiteSources&) = delete;
    SiteSources& operator=(const SiteSources&) = delete;

    // Handlers are called from the loop, never from inside these functions.
    void start();
    void stop();
    // Makes anew what another configuration changes, what has a secret file that may be another by now, and
    // the portal that was given up. Everything else goes on undisturbed. Throws before anything has changed.
    void adopt(const config::Settings& settings);

    [[nodiscard]] std::vector<report::LinkView> views() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jkp::app
