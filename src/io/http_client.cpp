// SPDX-License-Identifier: MIT
#include "io/http_client.hpp"

#include <signal.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "core/ensure.hpp"
#include "io/http_transfer.hpp"

namespace jkp::io {
namespace {

// Orders wake the worker at once; these are only how long it sleeps without one.
constexpr int busy_ms = 1000;
constexpr int idle_ms = 60000;

using Executor = boost::asio::io_context::executor_type;

struct MultiDeleter {
    void operator()(CURLM* multi) const { curl().multi_cleanup(multi); }
};

// Signals belong to the loop; and a server that hangs up must not end the program (SIGPIPE).
void block_signals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

CURLM* new_multi() {
    CURLM* multi = curl().multi_init();
    ensure(multi != nullptr, "libcurl gives a multi handle");
    return multi;
}

// Shared by the loop and the worker under one lock.
struct Orders {
    std::map<HttpTicket, HttpRequest> fresh;
    std::vector<HttpTicket> cancelled;
    bool stop = false;
};

}  // namespace

class HttpClient::Core : public std::enable_shared_from_this<Core> {
  public:
    explicit Core(boost::asio::io_context& loop) : executor_(loop.get_executor()), multi_(new_multi()) {}

    void start() {
        worker_ = std::thread([this] { work(); });
    }

    void stop() {
        pending_.clear();
        order([](Orders& orders) { orders.stop = true; });
        worker_.join();
    }

    HttpTicket send(HttpRequest request, HttpHandler handler) {
        const HttpTicket ticket = ++last_ticket_;
        auto fault = request_fault(request);
        if (!fault && pending_.size() >= max_http_requests) fault = busy(request.url);
        pending_.emplace(ticket, Pending{std::move(handler), Guard(executor_)});
        if (fault) {
            deliver(ticket, failure(*fault));
        } else {
            order([&](Orders& orders) { orders.fresh.emplace(ticket, std::move(request)); });
        }
        return ticket;
    }

    void cancel(HttpTicket ticket) {
        if (pending_.erase(ticket) == 0) return;
        order([&](Orders& orders) { orders.cancelled.push_back(ticket); });
    }

  private:
    using Guard = boost::asio::executor_work_guard<Executor>;
    struct Pending {
        HttpHandler handler;
        Guard guard;
    };

    static HttpFailure busy(const std::string& url) {
        return {HttpError::busy, "Too many requests at once; " + origin_of(url) + " was not asked."};
    }

    template <class Change>
    void order(Change change) {
        {
            const std::lock_guard lock(mutex_);
            change(orders_);
        }
        curl().multi_wakeup(multi_.get());
    }

    // From any thread. The handler is looked up on the loop, where it may be gone meanwhile.
    void deliver(HttpTicket ticket, HttpResult result) {
        boost::asio::post(executor_, [weak = weak_from_this(), ticket, result = std::move(result)] {
            if (const auto self = weak.lock()) self->finish(ticket, result);
        });
    }

    void finish(HttpTicket ticket, const HttpResult& result) {
        const auto found = pending_.find(ticket);
        if (found == pending_.end()) return;
        const Pending ended = std::move(found->second);
        pending_.erase(found);
        ended.handler(result);
    }

    // ---- the worker's thread

    void work() {
        block_signals();
        while (follow_orders()) {
            int running = 0;
            curl().multi_perform(multi_.get(), &running);
            collect();
            curl().multi_poll(multi_.get(), nullptr, 0, transfers_.empty() ? idle_ms : busy_ms, nullptr);
        }
        for (auto& [ticket, transfer] : transfers_)
            curl().multi_remove_handle(multi_.get(), transfer->handle());
        transfers_.clear();
    }

    // False: the end.
    bool follow_orders() {
        Orders orders;
        {
            const std::lock_guard lock(mutex_);
            orders = std::exchange(orders_, {});
        }
        if (orders.stop) return false;
        for (auto& [ticket, request] : orders.fresh) {
            auto transfer = std::make_unique<HttpTransfer>(std::move(request));
            curl().multi_add_handle(multi_.get(), transfer->handle());
            transfers_.emplace(ticket, std::move(transfer));
        }
        for (const HttpTicket ticket : orders.cancelled) remove(ticket);
        return true;
    }

    void remove(HttpTicket ticket) {
        const auto found = transfers_.find(ticket);
        if (found == transfers_.end()) return;
        curl().multi_remove_handle(multi_.get(), found->second->handle());
        transfers_.erase(found);
    }

    void collect() {
        int left = 0;
        while (const CURLMsg* message = curl().multi_info_read(multi_.get(), &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const CURLcode code = message->data.result;
            const auto found = std::ranges::find_if(transfers_, [&](const auto& entry) {
                return entry.second->handle() == message->easy_handle;
            });
            ensure(found != transfers_.end(), "libcurl ends a transfer that was begun");
            const HttpTicket ticket = found->first;
            deliver(ticket, found->second->result(code));
            remove(ticket);
        }
    }

    Executor executor_;
    std::map<HttpTicket, Pending> pending_;  // the loop's thread only
    HttpTicket last_ticket_ = 0;
    std::mutex mutex_;
    Orders orders_;
    std::unique_ptr<CURLM, MultiDeleter> multi_;
    std::map<HttpTicket, std::unique_ptr<HttpTransfer>> transfers_;  // the worker's thread only
    std::thread worker_;
};

HttpClient::HttpClient(boost::asio::io_context& loop) : core_(std::make_shared<Core>(loop)) {
    core_->start();
}
HttpClient::~HttpClient() {
    core_->stop();
}
HttpTicket HttpClient::send(HttpRequest request, HttpHandler handler) {
    return core_->send(std::move(request), std::move(handler));
}
void HttpClient::cancel(HttpTicket ticket) {
    core_->cancel(ticket);
}

}  // namespace jkp::io
