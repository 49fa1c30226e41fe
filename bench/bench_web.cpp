// SPDX-License-Identifier: MIT
// What the web server costs the loop that control runs in.
//   bench_web [--smoke] [--no-header]
// Exit code: 0, 1 a bound is broken.
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "app/web_routes.hpp"
#include "core/ensure.hpp"
#include "figures.hpp"
#include "http/client.hpp"
#include "http/fake_site.hpp"
#include "io/http_server.hpp"
#include "report/history_line.hpp"
#include "report/status_json.hpp"

#include <boost/asio/io_context.hpp>

namespace jkp::bench {
namespace {

using testing::Client;
using testing::FakeSite;

// Of this thread, in microseconds.
double cpu_now() {
    std::timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

template <class Work>
double microseconds(int count, Work work) {
    work();
    const double begin = cpu_now();
    for (int i = 0; i < count; ++i) work();
    return (cpu_now() - begin) / count;
}

io::WebRequest request(const std::string& path, io::WebFields query = {}) {
    io::WebRequest r;
    r.path = path;
    r.query = std::move(query);
    return r;
}

// One cycle with so many watchers behind real sockets, from the cycle to the last byte in the kernel.
double cycle_with(std::size_t watchers, int count) {
    FakeSite site;
    app::WebRoutes routes(site.sources(), app::WebAccess({}, {}));
    boost::asio::io_context loop;
    auto server = io::HttpServer::listen(loop, {}, [&](const io::WebRequest& r, io::WebResponder respond) {
        routes.handle(r, std::move(respond));
    });
    ensure(server.has_value(), "the server listens");
    std::vector<std::thread> readers;
    for (std::size_t i = 0; i < watchers; ++i) {
        readers.emplace_back([port = (*server)->port()] {
            Client client(port);
            client.send(Client::get("/api/v1/live"));
            client.ends();
        });
    }
    while ((*server)->open_streams() < watchers) loop.run_one_for(std::chrono::milliseconds(100));
    TimePoint now = site.now;
    double spent = 0;
    for (int i = 0; i < count; ++i) {
        site.step(3400 + i % 2);
        now += std::chrono::seconds(6);
        const double begin = cpu_now();
        routes.on_cycle();
        routes.show(now);
        loop.poll();
        spent += cpu_now() - begin;
    }
    server->reset();
    loop.poll();
    for (std::thread& reader : readers) reader.join();
    return spent / count;
}

void measure(Table& table, int count) {
    FakeSite site;
    app::WebRoutes routes(site.sources(), app::WebAccess({}, {}));
    const report::Snapshot snapshot = site.snapshot();
    const control::Config& config = site.settings.control;
    table.add({.name = "snapshot of two packs as JSON",
               .measured = microseconds(
                   count, [&] { ensure(!report::status_json(snapshot, config).empty(), "text"); }),
               .unit = "us",
               .note = std::to_string(report::status_json(snapshot, config).size()) + " bytes"});
    table.add({.name = "metrics of two packs",
               .measured = microseconds(
                   count, [&] { ensure(!report::metrics_text(snapshot, config, {}).empty(), "text"); }),
               .unit = "us",
               .note = std::to_string(report::metrics_text(snapshot, config, {}).size()) + " bytes"});
    const auto ask = [&](const io::WebRequest& r) {
        return microseconds(count, [&] { routes.handle(r, [](const io::WebReply&) {}); });
    };
    table.add({.name = "the snapshot once more in the same cycle",
               .measured = ask(request("api/v1/snapshot")),
               .unit = "us"});
    table.add({.name = "all settings", .measured = ask(request("api/v1/settings")), .unit = "us"});
    report::HistoryTable history{
        WallTime{0}, WallTime{2000}, 1, std::vector<std::int64_t>(2000, 1'800'000'000), {}};
    for (int i = 0; i < 12; ++i)
        history.columns.push_back(
            {"series" + std::to_string(i), 3, std::vector<std::optional<std::int32_t>>(2000, 53'123)});
    table.add(
        {.name = "the largest history, 24000 values",
         .measured = microseconds(count, [&] { ensure(!report::history_line(history).empty(), "text"); }),
         .unit = "us",
         .note = std::to_string(report::history_line(history).size()) + " bytes"});
    table.add(
        {.name = "the same as CSV",
         .measured = microseconds(count, [&] { ensure(!report::history_csv(history).empty(), "text"); }),
         .unit = "us"});
    const double nobody = cycle_with(0, count);
    const double one = cycle_with(1, count);
    const double ten = cycle_with(10, count);
    table.add({.name = "a cycle that nobody watches", .measured = nobody, .unit = "us"});
    table.add({.name = "a cycle with one watcher", .measured = one, .unit = "us"});
    table.add({.name = "a cycle with ten watchers", .measured = ten, .unit = "us"});
    table.add({.name = "each further watcher", .measured = (ten - one) / 9, .unit = "us"});
    table.add({.name = "ten watchers against one", .measured = ten / one, .unit = "x", .bound = 5});
}

}  // namespace
}  // namespace jkp::bench

int main(int argc, char** argv) {
    using namespace jkp::bench;
    bool smoke = false;
    bool header = true;
    for (int i = 1; i < argc; ++i) {
        smoke = smoke || argv[i] == std::string("--smoke");
        header = header && argv[i] != std::string("--no-header");
    }
    if (header) Table::print_header();
    Table table(!smoke);
    measure(table, smoke ? 3 : 500);
    return table.exit_code();
}
