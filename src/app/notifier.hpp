// SPDX-License-Identifier: MIT
// Posts events to a web address as JSON. One message at a time; what cannot be delivered is tried again for
// an hour, more than so many in an hour become one summary, and what was posted as wrong is posted as over.
// Nothing waits for it. Thread: that of the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "report/event_record.hpp"
#include "report/snapshot.hpp"

namespace boost::asio {
class io_context;
}
namespace jkp::io {
class HttpClient;
}

namespace jkp::app {

struct NotifierSettings {
    std::string url_file;               // empty: what systemd hands over as `credential`
    std::string credential = "notify";  // see io/credentials.hpp
    report::Severity severity = report::Severity::warning;
    report::Language language = report::Language::english;
    std::size_t per_hour = 10;
    std::string ca_file;  // empty: the system's certificates
    std::chrono::milliseconds timeout{15'000};
    std::chrono::milliseconds first_retry{10'000};  // doubles up to the longest
    std::chrono::milliseconds longest_retry{600'000};
    std::function<TimePoint()> now = {};  // empty: the clock of this machine
};

struct NotifierHandlers {
    // Whether messages get through: each change once, with the next step. Such events are not posted.
    std::function<void(bool good, const std::string& sentence)> on_state;
};

class Notifier {
  public:
    static constexpr std::size_t max_waiting = 20;

    // The client must live longer than this.
    Notifier(boost::asio::io_context& loop, io::HttpClient& client, NotifierSettings settings,
             NotifierHandlers handlers);
    ~Notifier();  // as stop()
    Notifier(const Notifier&) = delete;
    Notifier& operator=(const Notifier&) = delete;

    // Reads the address. Handlers are called from the loop, never from inside these.
    void start();
    void stop();
    void on_event(const report::EventRecord& event);
    // After each control cycle: posts the summary when its time has come.
    void on_cycle(TimePoint now);
    // Whether its file holds another address now than at the start. Reads the file.
    [[nodiscard]] bool address_changed() const;
    [[nodiscard]] report::LinkView view() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
