// SPDX-License-Identifier: MIT
#include "measurements.hpp"

#include <cstdio>
#include <memory>
#include <random>
#include <stdexcept>

#include "io/clock.hpp"
#include "sim/jk_device.hpp"
#include "site.hpp"

namespace jkp::bench {
namespace {

using boost::asio::io_context;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t answer_bytes = 291;
constexpr Milliamps recovered{5'000};  // a limit that a reaction takes away
constexpr Millivolts hard_stop{3'560};

double in_ms(Duration d) {
    return std::chrono::duration<double, std::milli>(d).count();
}
double in_s(Duration d) {
    return std::chrono::duration<double>(d).count();
}
std::string of(std::size_t n, const char* what) {
    return std::to_string(n) + ' ' + what;
}

// Runs the loop until the condition holds; it is looked at after each event and at least each 5 ms.
template <class Condition>
void run_until(io_context& loop, Condition holds, Duration patience, const std::string& what) {
    const TimePoint deadline = io::now() + patience;
    while (!holds()) {
        if (io::now() >= deadline) throw std::runtime_error("waited in vain for " + what);
        loop.run_one_for(milliseconds(5));
    }
}

void stop(io_context& loop, Site& site) {
    site.stop_daemon();
    run_until(loop, [&] { return site.daemon_ended(); }, seconds(20), "the daemon to stop");
}

// Moments within one poll period of 1 s, `count` in all: the period is cut into as many equal parts and each
// gives one random moment, so that few trials show the same spread as many. Every run draws the same.
class Phases {
  public:
    explicit Phases(unsigned count) : count_(count) {}
    Duration next() {
        const Duration part = Duration(seconds(1)) / count_;
        const auto within = static_cast<Duration::rep>(random_() % static_cast<std::uint64_t>(part.count()));
        return part * drawn_++ + Duration(within);
    }

  private:
    unsigned count_;
    unsigned drawn_ = 0;
    std::mt19937_64 random_{1};
};

// One cell of one site: up some time after a poll, down again after the reaction, and so on.
class Trial {
  public:
    Trial(Site& site, Phases& phases) : site_(site), phases_(phases) {}

    void turn(TimePoint now, unsigned wanted) {
        if (raised_at_) return watch();
        if (done(wanted) || site_.charge_limit().value_or(Milliamps(0)) < recovered) return;
        if (!raise_at_) raise_at_ = now + phases_.next();
        if (now >= *raise_at_) raise();
    }
    [[nodiscard]] bool done(unsigned wanted) const { return reactions_.size() >= wanted; }
    [[nodiscard]] const std::vector<double>& reactions_ms() const { return reactions_; }

  private:
    void raise() {
        raise_at_.reset();
        raised_at_ = io::now();
        site_.scene().pack.force_cell(5, hard_stop);
    }
    void watch() {
        if (!site_.zero_since()) return;
        reactions_.push_back(in_ms(*site_.zero_since() - *raised_at_));
        raised_at_.reset();
        site_.scene().pack.force_cell(5, std::nullopt);
    }

    Site& site_;
    Phases& phases_;
    std::optional<TimePoint> raise_at_;
    std::optional<TimePoint> raised_at_;
    std::vector<double> reactions_;
};

void add_memory(Table& table, std::vector<std::unique_ptr<Site>>& sites) {
    double most = 0;
    for (auto& site : sites) most = std::max(most, site->daemon().resident_mb());
    const Duration age = io::now() - sites.front()->daemon().started();
    table.add(
        {.name = "memory of the daemon (RSS)",
         .measured = most,
         .unit = "MB",
         .bound = 12,
         .note = "most of " + of(sites.size(), "daemons after ") + std::to_string(int(in_s(age))) + " s"});
}

}  // namespace

void measure_start(Table& table, const Plan& plan) {
    io_context loop;
    Site site(loop, {.program = plan.program});
    std::vector<double> times;
    for (unsigned i = 0; i < plan.starts; ++i) {
        site.start_daemon();
        run_until(loop, [&] { return site.first_frame().has_value(); }, seconds(10), "the first frame");
        times.push_back(in_ms(*site.first_frame() - site.daemon().started()));
        stop(loop, site);
    }
    table.add({.name = "process start -> first real CAN burst, worst",
               .measured = quantile(times, 1.0),
               .unit = "ms",
               .bound = 300,
               .note = of(plan.starts, "starts")});
}

void measure_latency(Table& table, const Plan& plan) {
    constexpr unsigned warm_up = 8;
    io_context loop;
    Site site(loop, {.program = plan.program, .poll_s = 0.25});
    std::vector<double> latencies;
    site.start_daemon();
    const auto answers = [&](std::uint64_t n) {
        run_until(loop, [&] { return site.answers() >= n; }, seconds(10 + n), "answers of the BMS");
    };
    answers(warm_up);
    run_until(loop, [&] { return !site.daemon_ended(); }, seconds(1), "the daemon");
    site.on_latency = [&](Duration d) { latencies.push_back(in_ms(d)); };
    const Duration cpu_before = site.daemon().cpu_time();
    const std::uint64_t answers_before = site.answers();
    run_until(
        loop, [&] { return latencies.size() >= plan.polls; }, seconds(10 + plan.polls),
        "frames after answers");
    const double polls = static_cast<double>(site.answers() - answers_before);
    const Duration cpu = site.daemon().cpu_time() - cpu_before;
    stop(loop, site);

    const double wire_ms = in_ms(sim::line_time(answer_bytes));
    const double p50 = quantile(latencies, 0.5);
    const double p99 = quantile(latencies, 0.99);
    const std::string note = of(plan.polls, "polls");
    table.add(
        {.name = "answer complete on UART -> CAN frame, p50", .measured = p50, .unit = "ms", .note = note});
    table.add(
        {.name = "answer complete on UART -> CAN frame, p99", .measured = p99, .unit = "ms", .note = note});
    table.add({.name = "  p50 as a share of the answer's time on the wire",
               .measured = 100 * p50 / wire_ms,
               .unit = "%"});
    table.add({.name = "  p99 as a share of the answer's time on the wire",
               .measured = 100 * p99 / wire_ms,
               .unit = "%",
               .bound = 10});
    table.add({.name = "processor time of one poll and its burst",
               .measured = in_ms(cpu) / polls,
               .unit = "ms",
               .note = of(plan.polls, "polls, user and system, all threads")});
}

void measure_reaction(Table& table, const Plan& plan) {
    io_context loop;
    std::vector<std::unique_ptr<Site>> sites;
    std::vector<Trial> trials;
    Phases phases(plan.sites * plan.trials_per_site);
    for (unsigned i = 0; i < plan.sites; ++i) {
        sites.push_back(std::make_unique<Site>(loop, SiteOptions{.program = plan.program, .seed = i + 1}));
        sites.back()->start_daemon();
        trials.emplace_back(*sites.back(), phases);
    }
    const auto finished = [&] {
        bool all = true;
        for (Trial& trial : trials) {
            trial.turn(io::now(), plan.trials_per_site);
            all = all && trial.done(plan.trials_per_site);
        }
        return all;
    };
    run_until(loop, finished, seconds(60 + 90 * plan.trials_per_site), "reactions");
    const auto old_enough = [&] {
        return in_s(io::now() - sites.back()->daemon().started()) >= plan.memory_after_s;
    };
    run_until(loop, old_enough, seconds(1200), "the daemons to grow old");

    std::vector<double> all;
    for (const Trial& trial : trials)
        all.insert(all.end(), trial.reactions_ms().begin(), trial.reactions_ms().end());
    const std::string note = of(all.size(), "trials at 1 s polling");
    table.add({.name = "cell to 3.56 V -> 0 A on the wire, median",
               .measured = quantile(all, 0.5),
               .unit = "ms",
               .bound = 600,
               .note = note});
    table.add({.name = "cell to 3.56 V -> 0 A on the wire, p95",
               .measured = quantile(all, 0.95),
               .unit = "ms",
               .bound = 1100,
               .note = note});
    add_memory(table, sites);
    for (auto& site : sites) site->stop_daemon();
    for (auto& site : sites) stop(loop, *site);
}

}  // namespace jkp::bench
