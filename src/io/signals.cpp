// SPDX-License-Identifier: MIT
#include "io/signals.hpp"

#include <signal.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace jkp::io {

struct Signals::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& loop, SignalHandlers wanted)
        : set(loop, SIGTERM, SIGINT, SIGHUP), handlers(std::move(wanted)) {}

    void wait() {
        set.async_wait([self = shared_from_this()](const boost::system::error_code& error, int number) {
            if (!error) self->arrived(number);
        });
    }

    void arrived(int number) {
        wait();
        if (number == SIGHUP) return handlers.on_reload();
        // Whoever asks twice is not to wait for an orderly end.
        boost::system::error_code ignored;
        static_cast<void>(set.remove(SIGTERM, ignored));
        static_cast<void>(set.remove(SIGINT, ignored));
        handlers.on_stop();
    }

    boost::asio::signal_set set;
    SignalHandlers handlers;
};

Signals::Signals(boost::asio::io_context& loop, SignalHandlers handlers)
    : state_(std::make_shared<State>(loop, std::move(handlers))) {
    ::signal(SIGPIPE, SIG_IGN);
    // A file that may not grow is a failed write, not the end of the program.
    ::signal(SIGXFSZ, SIG_IGN);
    state_->wait();
}

Signals::~Signals() {
    boost::system::error_code ignored;
    static_cast<void>(state_->set.cancel(ignored));
}

}  // namespace jkp::io
